"""The lives of an application, a document, an assessment step and an interview (architecture §4)."""

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
from applicants.workflow.document import DOCUMENT, DocumentStatus, RefusalReason
from applicants.workflow.interview import INTERVIEW, InterviewCancelReason, InterviewStatus

__all__ = [
    "APPLICATION",
    "ASSESSMENT_STEP",
    "DOCUMENT",
    "INTERVIEW",
    "LIVE_APPLICATION_STATES",
    "REPLACEABLE_STATES",
    "WITHDRAWABLE_STATES",
    "ApplicationStatus",
    "DocumentStatus",
    "ExcuseReason",
    "InformationReason",
    "InterviewCancelReason",
    "InterviewStatus",
    "NotQualifiedReason",
    "RefusalReason",
    "ReopenReason",
    "StepStatus",
]
