"""The public numbers: counted on the first business day of a week, read by each agency for five business days, and then
published. Groups of fewer than ten are never stored, and what everybody reads is rounded (ADR 0012)."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.permissions import Members
from placements.models import NumbersEdition, NumbersFigure
from placements.permissions.numbers import CORRECTS_NUMBERS
from placements.services.agency_notices import tell
from placements.services.figures import figures_of
from placements.small_groups import tells_of_few
from techforce.core.audit import record_event
from techforce.core.calendar import add_business_days, is_business_day, today
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.core.workflow import guard, transition_many

READING_DAYS = 5
"""Business days during which agencies read their figures before everybody does."""

CORRECTED_COLUMNS = ["amount", "cases", "corrected_to", "correction_note", "corrected_at", "corrected_by"]


@guard("placements.edition_is_due")
def edition_is_due(rows: Any, change: Any) -> dict[int, str]:
    """Not before its day: until then the agencies read."""
    sentence = _("The agencies may still correct their figures.")
    return {row.pk: sentence for row in rows if row.publish_on > today()}


@service
def draw_up_numbers(*, by: Any, on: datetime.date | None = None) -> NumbersEdition | None:
    """Count once a week, on its first business day or as soon after it as somebody asks; None when it is done."""
    day = on or today()
    monday = day - datetime.timedelta(days=day.weekday())
    if not is_business_day(day, closures()) or NumbersEdition.objects.filter(as_of__gte=monday).exists():
        return None
    publish_on = add_business_days(day, READING_DAYS, closures())
    try:
        with transaction.atomic():
            edition = NumbersEdition.objects.create(as_of=day, publish_on=publish_on)
    except IntegrityError:  # another worker counts in this moment
        return None
    NumbersFigure.objects.bulk_create(figures_of(edition))
    record_event("placements.numbersedition:draw_up", subject=edition, by=by)
    _tell_agencies(edition)
    return edition


@service
def publish_numbers(*, by: Any) -> int:
    """Publish what the agencies have had their five business days for; returns how many editions."""
    due = NumbersEdition.objects.filter(status="preview", publish_on__lte=today())
    return len(transition_many(due, "publish", by=by).rows)


@service
def correct_figure(
    *, figure: NumbersFigure, corrected_to: int, note: str, version: int, by: Any
) -> NumbersFigure:
    """An agency puts a figure of its own right while it is not yet public; both values are kept, and the public reads
    that it was corrected. A share that is right but tells of a few is hidden instead."""
    figure.edition = NumbersEdition.objects.select_for_update().get(pk=figure.edition_id)
    if not by.has_perm("placements.correct_numbersfigure", figure):
        raise NotPermitted(_("Your role does not allow correcting this figure."))
    if figure.amount is None:
        raise Refused(_("This figure is hidden because it would tell of fewer than ten people."))
    if figure.cases is not None and corrected_to > figure.cases:
        raise Refused(_("Not more can be kept than were cleared: %(cases)s.") % {"cases": figure.cases})
    detail = {"from": figure.amount, "to": corrected_to}
    if figure.cases is not None and tells_of_few(corrected_to, figure.cases):
        _hide(figure)
    else:
        figure.corrected_to, figure.correction_note = corrected_to, note
        figure.corrected_at, figure.corrected_by = timezone.now(), by
    save_version(figure, expected=version, fields=CORRECTED_COLUMNS)
    record_event("placements.numbersfigure:correct", subject=figure, by=by, detail=detail)
    return figure


def _hide(figure: NumbersFigure) -> None:
    """As if it had been counted so; the audit alone keeps both values."""
    figure.amount = figure.cases = figure.corrected_to = None
    figure.correction_note, figure.corrected_at, figure.corrected_by = "", None, None


def _tell_agencies(edition: NumbersEdition) -> None:
    """Those who may put a figure right, in every agency that has one."""
    agencies = set(edition.figures.order_by("pk").values_list("agency", flat=True))
    members = Members(agencies, *CORRECTS_NUMBERS)
    people = {person for agency in agencies for person in members.of_whole(agency, *CORRECTS_NUMBERS)}
    tell("numbers_preview", edition, sorted(people, key=lambda person: person.pk))
