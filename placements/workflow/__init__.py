"""State machines of what puts people and openings together, one file an aggregate."""

from placements.workflow.certificate import CERTIFICATE, REFERRAL, CertificateStatus, ReferralStatus
from placements.workflow.checklist import HANDED_IN, ITEM, OPEN_ITEM_STATES, ItemStatus
from placements.workflow.conflict import DETERMINATION, DeterminationStatus
from placements.workflow.extension import EXTENSION, ExtensionStatus
from placements.workflow.match import MATCH_ROUND, MatchRoundStatus
from placements.workflow.numbers import EDITION, EditionStatus
from placements.workflow.offer import OFFER, OfferStatus
from placements.workflow.placement import (
    AUTHORIZED_STATES,
    ENDED_STATES,
    ENDING_STATES,
    LIVE_STATES,
    PLACEMENT,
    PlacementStatus,
    ReclassificationReason,
)
from placements.workflow.selection import LIVE_SELECTIONS, SELECTION, SelectionStatus
from placements.workflow.template import TEMPLATE, TemplateStatus
from placements.workflow.training import ENROLLMENT, EnrollmentStatus

__all__ = [
    "AUTHORIZED_STATES",
    "CERTIFICATE",
    "DETERMINATION",
    "EDITION",
    "ENDED_STATES",
    "ENDING_STATES",
    "ENROLLMENT",
    "EXTENSION",
    "HANDED_IN",
    "ITEM",
    "LIVE_SELECTIONS",
    "LIVE_STATES",
    "MATCH_ROUND",
    "OFFER",
    "OPEN_ITEM_STATES",
    "PLACEMENT",
    "REFERRAL",
    "SELECTION",
    "TEMPLATE",
    "CertificateStatus",
    "DeterminationStatus",
    "EditionStatus",
    "EnrollmentStatus",
    "ExtensionStatus",
    "ItemStatus",
    "MatchRoundStatus",
    "OfferStatus",
    "PlacementStatus",
    "ReclassificationReason",
    "ReferralStatus",
    "SelectionStatus",
    "TemplateStatus",
]
