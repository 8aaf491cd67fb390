"""What is counted for the public numbers. Small groups lose their amount here, before anything is stored."""

import datetime
from collections.abc import Iterator

from django.db.models import Count, Q

from agencies.models import ClearanceCommitment, Opening
from applicants.models import Application
from placements.forecast import Forecast
from placements.models import Measure, NumbersEdition, NumbersFigure, Placement
from placements.services.commitments import promised_cases, records_of
from placements.services.measured import step_times, time_to_clear
from placements.small_groups import FEWEST, tells_of_few
from techforce.program.models import VettingTier

STEPS = (
    (
        Application,
        {
            Measure.IN_REVIEW: ("submitted", "in_review", "needs_information"),
            Measure.QUALIFIED: ("qualified",),
        },
    ),
    (
        Placement,
        {
            Measure.IN_CHECKS: ("pending_checks", "ready"),
            Measure.SERVING: ("active", "suspended"),
            Measure.FINISHED: ("completed", "curtailed", "closed"),
        },
    ),
)
STRETCHES = {
    "submitted_to_decided": Measure.DAYS_TO_DECISION,
    "decided_to_referred": Measure.DAYS_TO_REFERRAL,
}

Line = tuple[Measure, int | None, int | None, int | None, int | None]
"""Measure, agency, tier, amount, out of how many cases."""


def figures_of(edition: NumbersEdition) -> Iterator[NumbersFigure]:
    """Every figure of one day, the small groups without their amount."""
    for measure, agency, tier, amount, cases in [
        *_openings(),
        *_people(),
        *_days(edition.as_of),
        *_promises(edition.as_of),
        *_records(edition.as_of),
    ]:
        yield NumbersFigure(
            edition=edition, measure=measure, agency_id=agency, tier_id=tier, amount=amount, cases=cases
        )


def _openings() -> Iterator[Line]:
    counts = Opening.objects.published().order_by().values("agency").annotate(number=Count("pk"))
    for row in counts.order_by("agency"):
        yield Measure.OPENINGS, row["agency"], None, row["number"], None


def _people() -> Iterator[Line]:
    for model, steps in STEPS:
        wanted = {
            str(measure.value): Count("pk", filter=Q(status__in=states)) for measure, states in steps.items()
        }
        for measure, number in model._default_manager.aggregate(**wanted).items():
            yield Measure(measure), None, None, number if number >= FEWEST else None, None


def _days(day: datetime.date) -> Iterator[Line]:
    for name, found in step_times(on=day).items():
        yield _median(STRETCHES[name], None, found)
    for tier in VettingTier.objects.order_by("rank", "code"):
        yield _median(Measure.DAYS_TO_CLEAR, tier.pk, time_to_clear(tier, on=day))


def _median(measure: Measure, tier: int | None, found: Forecast | None) -> Line:
    if found is None or found.median is None:
        return measure, None, tier, None, None
    return measure, None, tier, found.median, found.count


def _promises(day: datetime.date) -> Iterator[Line]:
    in_force = ClearanceCommitment.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day
    )
    for row in in_force.order_by("agency", "tier"):
        yield Measure.PROMISED, row.agency_id, row.tier_id, row.days, None


def _records(day: datetime.date) -> Iterator[Line]:
    records = records_of(promised_cases(Placement.objects.order_by("pk"), on=day))
    for (agency, tier), record in sorted(records.items()):
        is_hidden = record.cleared < FEWEST or tells_of_few(record.kept, record.cleared)
        found = (None, None) if is_hidden else (record.kept, record.cleared)
        yield Measure.KEPT, agency, tier, *found
