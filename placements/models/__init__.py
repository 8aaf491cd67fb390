from placements.models.calendar import CalendarFeed
from placements.models.certificate import (
    Certificate,
    CertificateEntry,
    CertificateMethod,
    Disposition,
    DispositionCode,
    Referral,
)
from placements.models.checklist import (
    Area,
    Checklist,
)
from placements.models.conflict import (
    ConflictResult,
    Determination,
    DivestitureCertificate,
    EthicsWaiver,
    RecusalStatement,
    ScreeningArrangement,
)
from placements.models.disclosure_extension import DisclosureExtension, DisclosureForm
from placements.models.ethics_answers import EthicsAnswers
from placements.models.exception import PlacementExtension, StartException
from placements.models.item import ChecklistItem
from placements.models.match import MatchProof, MatchRound
from placements.models.measured import MeasuredTime, Stretch, VettingRecord
from placements.models.numbers import Measure, NumbersEdition, NumbersFigure
from placements.models.offer import Offer, OfferKind, PayException
from placements.models.placement import (
    AppointmentMechanism,
    Outcome,
    Placement,
    PlacementKind,
)
from placements.models.selection import Selection
from placements.models.step_words import ChecklistKind, Gate, StepRole, UndatedReason, Unit
from placements.models.template import ChecklistTemplate, ChecklistTemplateStep
from placements.models.training import TrainingCourse, TrainingEnrollment
from placements.models.waiver import VettingWaiver

__all__ = [
    "AppointmentMechanism",
    "Area",
    "CalendarFeed",
    "Certificate",
    "CertificateEntry",
    "CertificateMethod",
    "Checklist",
    "ChecklistItem",
    "ChecklistKind",
    "ChecklistTemplate",
    "ChecklistTemplateStep",
    "ConflictResult",
    "Determination",
    "DisclosureExtension",
    "DisclosureForm",
    "Disposition",
    "DispositionCode",
    "DivestitureCertificate",
    "EthicsAnswers",
    "EthicsWaiver",
    "Gate",
    "MatchProof",
    "MatchRound",
    "Measure",
    "MeasuredTime",
    "NumbersEdition",
    "NumbersFigure",
    "Offer",
    "OfferKind",
    "Outcome",
    "PayException",
    "Placement",
    "PlacementExtension",
    "PlacementKind",
    "RecusalStatement",
    "Referral",
    "ScreeningArrangement",
    "Selection",
    "StartException",
    "StepRole",
    "Stretch",
    "TrainingCourse",
    "TrainingEnrollment",
    "UndatedReason",
    "Unit",
    "VettingRecord",
    "VettingWaiver",
]
