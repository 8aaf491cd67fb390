"""What of offers and service goes into a person's download; never a rank, a result of vetting in words, or a conflict
determination."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.checklists import QUESTIONS
from placements.models import (
    CalendarFeed,
    CertificateEntry,
    ChecklistItem,
    Determination,
    DisclosureExtension,
    DivestitureCertificate,
    EthicsAnswers,
    EthicsWaiver,
    Offer,
    Placement,
    RecusalStatement,
    ScreeningArrangement,
    Selection,
    TrainingEnrollment,
    VettingWaiver,
)
from placements.workflow.offer import DECLINE_REASONS
from techforce.core.models import AuditEvent
from techforce.core.privacy.readable import read_as
from techforce.core.privacy.shares import Topic, give, withhold

give(
    "offers",
    _("Your offers and answers"),
    Offer,
    owner="applicant__user",
    under=Topic.OFFERS,
    only=~Q(status="draft"),
    columns=("kind", "status", "pay_rate", "starts_on", "sent_at", "response_due_at", "answered_at"),
    opening="opening__title",
    agency="opening__agency__name",
)
give(
    "reasons_given",
    _("Reasons that you gave when you declined an offer"),
    AuditEvent,
    owner="actor",
    under=Topic.OFFERS,
    only=Q(action="placements.offer:decline"),
    columns=("at", "reason_code"),
)
read_as("reasons_given", "reason_code", lambda code: str(DECLINE_REASONS.get(code, "")))
give(
    "placements",
    _("Your service"),
    Placement,
    owner="applicant__user",
    under=Topic.OFFERS,
    columns=("kind", "status", "starts_on", "ends_on", "ended_on", "outcome"),
    opening="opening__title",
    agency="opening__agency__name",
)
withhold(Placement, "listed among the nominations", "nomination")
give(
    "steps",
    _("Steps that are yours"),
    ChecklistItem,
    owner="checklist__placement__applicant__user",
    under=Topic.OFFERS,
    only=Q(owner_role="candidate"),
    columns=("code", "status", "due_on", "requested_at", "submitted_at", "effective_on"),
    title="step__title",
)
withhold(
    ChecklistItem, "how offices keep and settle steps; investigators and adjudicators write to the person"
)
give(
    "ethics_answers",
    _("Your answers to the ethics office"),
    EthicsAnswers,
    owner="placement__applicant__user",
    under=Topic.OFFERS,
    columns=(*QUESTIONS, "created_at", "superseded_at"),
)
withhold(EthicsAnswers, "the person themselves", "answered_by")
give(
    "disclosure_extensions",
    _("More time that you asked for to file a disclosure"),
    DisclosureExtension,
    owner="item__checklist__placement__applicant__user",
    under=Topic.OFFERS,
    columns=(
        "form", "status", "days_asked", "reason", "created_at", "old_due_on", "days_granted", "new_due_on", "answer",
        "decided_at",
    ),
    title="item__step__title",
)  # fmt: skip
withhold(DisclosureExtension, "the person themselves", "asked_by")
withhold(DisclosureExtension, "the official’s name; the answer itself is in it", "decided_by")
give(
    "recusal_statements",
    _("Matters from which you stay away"),
    RecusalStatement,
    owner="placement__applicant__user",
    under=Topic.OFFERS,
    columns=("scope", "signed_on", "ends_on", "confirmed_on", "superseded_at"),
    company="company__name",
)
give(
    "divestitures",
    _("Certificates of divestiture that you asked for"),
    DivestitureCertificate,
    owner="placement__applicant__user",
    under=Topic.OFFERS,
    columns=("number", "requested_on", "issued_on", "sold_on", "reinvested_on"),
    company="company__name",
)
give(
    "training",
    _("Your training"),
    TrainingEnrollment,
    owner="placement__applicant__user",
    under=Topic.OFFERS,
    columns=("status", "due_on", "completed_on"),
    course="course__title",
)
give(
    "calendars",
    _("Your private calendar addresses"),
    CalendarFeed,
    owner="user",
    columns=("created_at", "revoked_at"),
)

withhold(CalendarFeed, "a secret, and only its hash is known", "token_hash")
withhold(CertificateEntry, "how people compare; the person learns the result", "category", "position")
withhold(Selection, "what an agency considers; the person learns of it by the offer")
withhold(Determination, "the ethics official's own work; the person is told the result")
withhold(EthicsWaiver, "the appointing official's act; the person has the signed paper")
withhold(ScreeningArrangement, "names a colleague; the person has the signed paper")
withhold(VettingWaiver, "the agency's own act on vetting")

read_as("offers", "pay_rate", lambda rate: f"${intcomma(int(rate))}")
read_as("steps", "code", lambda code: "")  # the title says which
