"""Who sees which rows of certificates, selections, offers, placements and checklists.

The person sees what was said to them; an agency sees its own office or the whole agency by membership; of vetting and
ethics each role sees only its own part (domain.md §5.5, separation of duties); OPM sees by role, and nobody sees the
case of someone they are recused from. A partner company sees none of these rows.
"""

from placements.querysets.ethics import (
    NOT_HANDED_IN,
    WAITING_EXTENSION,
    ConflictQuerySet,
    DeterminationQuerySet,
    DisclosureExtensionQuerySet,
    EthicsAnswersQuerySet,
    WaiverQuerySet,
)
from placements.querysets.numbers import EditionQuerySet, FigureQuerySet, VettingRecordQuerySet
from placements.querysets.seeing import (
    CERTIFYING_ROLES,
    RESTRICTED_ROLES,
    OfPlacementQuerySet,
    concerns,
    in_office,
)
from placements.querysets.selecting import (
    PREPARES_OFFERS,
    TOLD_TO_THE_PERSON,
    CertificateQuerySet,
    DispositionQuerySet,
    EntryQuerySet,
    MatchProofQuerySet,
    MatchRoundQuerySet,
    OfferQuerySet,
    PayExceptionQuerySet,
    ReferralQuerySet,
    SelectionQuerySet,
    referred_to,
)
from placements.querysets.serving import (
    AUTHORIZES_STARTS,
    CalendarFeedQuerySet,
    EnrollmentQuerySet,
    PlacementQuerySet,
    StartExceptionQuerySet,
)
from placements.querysets.steps import (
    AREA_OF_ROLE,
    LAST_VALID_DAY,
    STEP_OF_ROLE,
    ChecklistQuerySet,
    ItemQuerySet,
    TemplateQuerySet,
    TemplateStepQuerySet,
    VettingWaiverQuerySet,
    waits_for,
)

__all__ = [
    "AREA_OF_ROLE",
    "AUTHORIZES_STARTS",
    "CERTIFYING_ROLES",
    "LAST_VALID_DAY",
    "NOT_HANDED_IN",
    "PREPARES_OFFERS",
    "RESTRICTED_ROLES",
    "STEP_OF_ROLE",
    "TOLD_TO_THE_PERSON",
    "WAITING_EXTENSION",
    "CalendarFeedQuerySet",
    "CertificateQuerySet",
    "ChecklistQuerySet",
    "ConflictQuerySet",
    "DeterminationQuerySet",
    "DisclosureExtensionQuerySet",
    "DispositionQuerySet",
    "EditionQuerySet",
    "EnrollmentQuerySet",
    "EntryQuerySet",
    "EthicsAnswersQuerySet",
    "FigureQuerySet",
    "ItemQuerySet",
    "MatchProofQuerySet",
    "MatchRoundQuerySet",
    "OfPlacementQuerySet",
    "OfferQuerySet",
    "PayExceptionQuerySet",
    "PlacementQuerySet",
    "ReferralQuerySet",
    "SelectionQuerySet",
    "StartExceptionQuerySet",
    "TemplateQuerySet",
    "TemplateStepQuerySet",
    "VettingRecordQuerySet",
    "VettingWaiverQuerySet",
    "WaiverQuerySet",
    "concerns",
    "in_office",
    "referred_to",
    "waits_for",
]
