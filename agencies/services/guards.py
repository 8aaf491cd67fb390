"""What must be true before an opening moves. The database holds the same rules; these say it in words."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import AgencyParticipation, Opening, OpeningRevision
from techforce.core.models import AuditEvent
from techforce.core.workflow import Change, guard
from techforce.program.models import Sensitivity, VettingTier

Refusals = dict[int, str]

REQUIRED = (
    "discipline",
    "series",
    "pay_plan",
    "pay_low",
    "pay_high",
    "opens_at",
    "closes_at",
    "summary",
    "duties",
    "requirements",
    "evaluation",
)
"""What a draft may leave empty and an opening past draft may not, beside the answer about duties."""


@guard("agencies.opening_is_complete")
def opening_is_complete(rows: Sequence[Opening], change: Change) -> Refusals:
    """Pay, place in the classification, dates, words and the answer about duties are all there."""
    return {row.pk: " ".join(problems) for row in rows if (problems := opening_problems(row))}


def opening_problems(opening: Opening) -> list[str]:
    """Why OPM cannot take this opening as it stands, all of it at once."""
    gaps = missing_parts(opening)
    return [
        sentence
        for sentence in (
            _("Still missing: %(parts)s.") % {"parts": ", ".join(gaps)} if gaps else "",
            pay_problem(opening) if is_paid(opening) else "",
            date_problem(opening) or gone_by(opening),
        )
        if sentence
    ]


def missing_parts(opening: Opening) -> list[str]:
    """The labels of what is empty, in the order of the form."""
    gaps = [label_of(name) for name in REQUIRED if getattr(opening, name) in (None, "")]
    if not opening.duty_flags and not opening.has_no_vendor_duties:
        gaps.append(_("what the duties touch"))
    if opening.seats < 1:
        gaps.append(label_of("seats"))
    return gaps


def label_of(name: str) -> str:
    """What people call a column of an opening."""
    return str(Opening._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def is_paid(opening: Opening) -> bool:
    """Whether the pay range is filled."""
    return opening.pay_low is not None and opening.pay_high is not None


def pay_problem(opening: Opening) -> str:
    """Why the pay range cannot stand; empty when it can."""
    low, high = opening.pay_low, opening.pay_high
    if low is None or high is None:
        return _("The pay range is not filled.")
    if low > high:
        return _("The lowest pay is above the highest.")
    overlaps = low <= opening.cohort_pay_max and high >= opening.cohort_pay_min
    if overlaps or opening.band_exception_id:
        return ""
    return _(
        "The pay range lies outside the cohort's band of $%(low)s to $%(high)s and has no exception."
    ) % {
        "low": f"{opening.cohort_pay_min:,}",
        "high": f"{opening.cohort_pay_max:,}",
    }


def date_problem(opening: Opening) -> str:
    if opening.closes_at and opening.opens_at and opening.closes_at <= opening.opens_at:
        return _("The opening closes before it opens.")
    return ""


def gone_by(opening: Opening) -> str:
    if opening.closes_at and opening.closes_at <= timezone.now():
        return _("The closing date has gone by.")
    return ""


@guard("agencies.agency_takes_part")
def agency_takes_part(rows: Sequence[Opening], change: Change) -> Refusals:
    """The agency confirmed its funding and its policy for this cohort."""
    return _unconfirmed(rows)


def _unconfirmed(rows: Sequence[Opening]) -> Refusals:
    ready = set(
        AgencyParticipation.objects.filter(
            agency__in={row.agency_id for row in rows}, is_funding_confirmed=True, has_policy_in_place=True
        ).values_list("agency_id", "cohort_id")
    )
    sentence = _(
        "The agency has not yet confirmed its funding and its policy on the excepted service for this cohort."
    )
    return {row.pk: sentence for row in rows if (row.agency_id, row.cohort_id) not in ready}


def open_points(opening: Opening) -> list[str]:
    """Why `opening` cannot be submitted yet: what each guard of that arrow says, all at once."""
    return [*opening_problems(opening), *_unconfirmed([opening]).values()]


@guard("agencies.position_is_designated")
def position_is_designated(rows: Sequence[Opening], change: Change) -> Refusals:
    """The position designation exists before publication, because vetting follows the position; a national
    security tier goes with a sensitive position, and no other tier does (5 CFR 1400.201)."""
    secure = set(VettingTier.objects.filter(is_national_security=True).values_list("pk", flat=True))
    sensitive = set(Sensitivity.objects.exclude(code="nonsensitive").values_list("pk", flat=True))
    refused = {}
    for row in rows:
        if not is_designated(row):
            refused[row.pk] = _(
                "The position is not designated yet: enter tier, sensitivity, record and who files."
            )
        elif (row.vetting_tier_id in secure) != (row.sensitivity_id in sensitive):
            refused[row.pk] = _not_together()
    return refused


def _not_together() -> str:
    return _("The vetting tier and the sensitivity of the position do not go together.")


def position_problem(opening: Opening) -> str:
    """As above, of one draft as far as it is designated."""
    tier, sensitivity = opening.vetting_tier, opening.sensitivity
    if tier is None or sensitivity is None:
        return ""
    is_sensitive = sensitivity.code != "nonsensitive"
    return _not_together() if tier.is_national_security != is_sensitive else ""


def is_designated(opening: Opening) -> bool:
    return bool(
        opening.vetting_tier_id
        and opening.sensitivity_id
        and opening.designated_on
        and opening.designation_record
        and opening.disclosure_filer
    )


@guard("agencies.comments_are_given")
def comments_are_given(rows: Sequence[Any], change: Change) -> Refusals:
    """Whoever sends something back says what to change."""
    if change.values.get("comments", "").strip():
        return {}
    return {row.pk: _("Write what has to change.") for row in rows}


@guard("agencies.is_decided_by_another")
def is_decided_by_another(rows: Sequence[Opening], change: Change) -> Refusals:
    """Nobody approves an opening that they submitted."""
    events = AuditEvent.objects.filter(
        action="agencies.opening:submit",
        subject_type="agencies.opening",
        subject_id__in=[row.pk for row in rows],
    )
    latest = events.values("subject_id").annotate(latest=Max("id")).values("latest")
    own = set(events.filter(id__in=latest, actor=change.by).values_list("subject_id", flat=True))
    return {
        row.pk: _("You submitted this opening. Someone else approves it.") for row in rows if row.pk in own
    }


@guard("agencies.revision_is_decided_by_another")
def revision_is_decided_by_another(rows: Sequence[OpeningRevision], change: Change) -> Refusals:
    """Nobody approves a change that they proposed."""
    sentence = _("You proposed this change. Someone else approves it.")
    return {row.pk: sentence for row in rows if row.proposed_by_id == change.by.pk}


@guard("agencies.deadline_moves_later")
def deadline_moves_later(rows: Sequence[OpeningRevision], change: Change) -> Refusals:
    """A published deadline moves later only; OPM may correct an error."""
    closes_at = dict(Opening.objects.filter(revisions__in=rows).values_list("revisions", "closes_at"))
    refused = {}
    for row in rows:
        wanted = row.new_values().get("closes_at")
        if wanted and wanted < closes_at[row.pk] and not row.is_correction:
            refused[row.pk] = _("A published deadline can only move later, unless OPM corrects an error.")
    return refused
