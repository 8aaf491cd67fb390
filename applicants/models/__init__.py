from applicants.models.applicant import Applicant
from applicants.models.application import Application, VeteransPreference
from applicants.models.assessment import (
    AssessmentInvitation,
    AssessmentPlan,
    AssessmentStage,
    AssessmentStep,
    StageKind,
)
from applicants.models.case import CaseMessage, CaseThread
from applicants.models.choice import ApplicationDiscipline, OpeningInterest
from applicants.models.document import Document, DocumentKind, DocumentText
from applicants.models.extension import DeadlineExtension
from applicants.models.interview import Interview, InterviewMode
from applicants.models.outcome import DisciplineOutcome, OutcomeResult
from applicants.models.rating import Level, Rating
from applicants.models.recusal import Recusal, RecusalBasis, RecusalSource
from applicants.models.snapshot import Snapshot
from applicants.workflow import (
    ApplicationStatus,
    CaseOutcome,
    CaseStatus,
    CaseTopic,
    DocumentStatus,
    InterviewStatus,
    StepStatus,
)
from techforce.program.workflow import Track

__all__ = [
    "Applicant",
    "Application",
    "ApplicationDiscipline",
    "ApplicationStatus",
    "AssessmentInvitation",
    "AssessmentPlan",
    "AssessmentStage",
    "AssessmentStep",
    "CaseMessage",
    "CaseOutcome",
    "CaseStatus",
    "CaseThread",
    "CaseTopic",
    "DeadlineExtension",
    "DisciplineOutcome",
    "Document",
    "DocumentKind",
    "DocumentStatus",
    "DocumentText",
    "Interview",
    "InterviewMode",
    "InterviewStatus",
    "Level",
    "OpeningInterest",
    "OutcomeResult",
    "Rating",
    "Recusal",
    "RecusalBasis",
    "RecusalSource",
    "Snapshot",
    "StageKind",
    "StepStatus",
    "Track",
    "VeteransPreference",
]
