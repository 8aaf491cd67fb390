from agencies.models.agency import (
    Agency,
    AgencyLevel,
    AgencyParticipation,
    ClearanceCommitment,
    Office,
    VettingDetail,
)
from agencies.models.client import ApiClient, ApiScope
from agencies.models.exception import PayBandException
from agencies.models.membership import AgencyMembership
from agencies.models.opening import Opening
from agencies.models.place import OpeningPlace
from agencies.models.position import DisclosureFiler, PayPlan
from agencies.models.relationship import (
    OfficePartnerRelationship,
    RelationshipKind,
    RelationshipReader,
    RelationshipSource,
    ValueBand,
)
from agencies.models.revision import OpeningRevision
from agencies.workflow import AgencyRole, FillMethod, OpeningStatus, RevisionStatus
from techforce.program.workflow import Track

__all__ = [
    "Agency",
    "AgencyLevel",
    "AgencyMembership",
    "AgencyParticipation",
    "AgencyRole",
    "ApiClient",
    "ApiScope",
    "ClearanceCommitment",
    "DisclosureFiler",
    "FillMethod",
    "Office",
    "OfficePartnerRelationship",
    "Opening",
    "OpeningPlace",
    "OpeningRevision",
    "OpeningStatus",
    "PayBandException",
    "PayPlan",
    "RelationshipKind",
    "RelationshipReader",
    "RelationshipSource",
    "RevisionStatus",
    "Track",
    "ValueBand",
    "VettingDetail",
]
