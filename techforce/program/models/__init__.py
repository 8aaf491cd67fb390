from techforce.program.models.cohort import (
    Cohort,
    CohortDiscipline,
    ExtensionKind,
    PayPeriod,
    WindowExtension,
)
from techforce.program.models.company import ChannelKind, Company, CompanyAlias, RecruitingChannel
from techforce.program.models.reference import (
    Clearance,
    Discipline,
    OccupationalSeries,
    Questionnaire,
    Sensitivity,
    VettingTier,
)
from techforce.program.models.skill import Skill, SkillDiscipline, SkillSynonym
from techforce.program.models.track import TrackDefinition

__all__ = [
    "ChannelKind",
    "Clearance",
    "Cohort",
    "CohortDiscipline",
    "Company",
    "CompanyAlias",
    "Discipline",
    "ExtensionKind",
    "OccupationalSeries",
    "PayPeriod",
    "Questionnaire",
    "RecruitingChannel",
    "Sensitivity",
    "Skill",
    "SkillDiscipline",
    "SkillSynonym",
    "TrackDefinition",
    "VettingTier",
    "WindowExtension",
]
