from agencies.workflow import Track
from applicants.models.applicant import Applicant
from applicants.models.application import Application, VeteransPreference
from applicants.models.assessment import (
    AssessmentInvitation,
    AssessmentPlan,
    AssessmentStage,
    AssessmentStep,
    StageKind,
)
from applicants.models.case import CaseMessage, CaseThread, CaseTopic
from applicants.models.choice import ApplicationDiscipline, OpeningInterest
from applicants.models.document import Document, DocumentKind
from applicants.models.interview import Interview, InterviewMode
from applicants.models.outcome import DisciplineOutcome, OutcomeResult
from applicants.models.rating import Level, Rating
from applicants.models.recusal import Recusal, RecusalBasis, RecusalSource
from applicants.models.snapshot import Snapshot
from applicants.workflow import ApplicationStatus, DocumentStatus, InterviewStatus, StepStatus

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
    "CaseThread",
    "CaseTopic",
    "DisciplineOutcome",
    "Document",
    "DocumentKind",
    "DocumentStatus",
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
