"""The lives of an application, a document, an assessment step, an interview and a case (architecture §4)."""

from applicants.workflow.application import (
    APPLICATION,
    LIVE_APPLICATION_STATES,
    REPLACEABLE_STATES,
    WITHDRAWABLE_STATES,
    ApplicationStatus,
    InformationReason,
    NotQualifiedReason,
    ReopenReason,
)
from applicants.workflow.assessment import ASSESSMENT_STEP, ExcuseReason, StepStatus
from applicants.workflow.case import (
    ACCOMMODATION_OUTCOMES,
    CASE,
    MOVING_CASE_STATES,
    OPEN_CASE_STATES,
    PLAIN_TOPICS,
    REVIEW_REASONS,
    CaseOutcome,
    CaseStatus,
    CaseTopic,
    ReviewReason,
)
from applicants.workflow.document import DOCUMENT, DocumentStatus, RefusalReason
from applicants.workflow.interview import INTERVIEW, InterviewCancelReason, InterviewStatus

__all__ = [
    "ACCOMMODATION_OUTCOMES",
    "APPLICATION",
    "ASSESSMENT_STEP",
    "CASE",
    "DOCUMENT",
    "INTERVIEW",
    "LIVE_APPLICATION_STATES",
    "MOVING_CASE_STATES",
    "OPEN_CASE_STATES",
    "PLAIN_TOPICS",
    "REPLACEABLE_STATES",
    "REVIEW_REASONS",
    "WITHDRAWABLE_STATES",
    "ApplicationStatus",
    "CaseOutcome",
    "CaseStatus",
    "CaseTopic",
    "DocumentStatus",
    "ExcuseReason",
    "InformationReason",
    "InterviewCancelReason",
    "InterviewStatus",
    "NotQualifiedReason",
    "RefusalReason",
    "ReopenReason",
    "ReviewReason",
    "StepStatus",
]
