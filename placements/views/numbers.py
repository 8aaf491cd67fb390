"""About the numbers: what everybody may read of the program, from the last edition that was published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from placements.models import Measure, NumbersEdition, NumbersFigure

PEOPLE = (Measure.IN_REVIEW, Measure.QUALIFIED, Measure.IN_CHECKS, Measure.SERVING, Measure.FINISHED)
STRETCHES = (Measure.DAYS_TO_DECISION, Measure.DAYS_TO_REFERRAL, Measure.DAYS_TO_CLEAR)


@require_safe
@login_not_required
def numbers(request: HttpRequest) -> HttpResponse:
    edition = NumbersEdition.objects.published().first()
    return render(
        request, "numbers/index.html", {"edition": edition, **(_contents(edition) if edition else {})}
    )


def _contents(edition: NumbersEdition) -> dict[str, Any]:
    figures = list(
        edition.figures.select_related("agency", "tier").order_by("agency__name", "tier__rank", "pk")
    )
    return {
        "people": _of(figures, PEOPLE),
        "stretches": _of(figures, STRETCHES),
        "openings": _of(figures, [Measure.OPENINGS]),
        "records": list(records_of_agencies(figures)),
        "notes": [figure for figure in figures if figure.corrected_to is not None],
        "people_columns": [_("Step"), _("People")],
        "stretch_columns": [_("Stretch"), _("Half of the people"), _("Cases")],
        "opening_columns": [_("Agency"), _("Openings")],
        "record_columns": [_("Agency"), _("Tier"), _("Promise"), _("Cleared within the promise")],
    }


def _of(figures: Iterable[NumbersFigure], measures: Iterable[Measure]) -> list[NumbersFigure]:
    order = {measure: place for place, measure in enumerate(measures)}
    found = [figure for figure in figures if figure.measure in order]
    return sorted(found, key=lambda figure: order[Measure(figure.measure)])


def records_of_agencies(figures: Iterable[NumbersFigure]) -> Iterator[dict[str, Any]]:
    """The promise and the record side by side, a row for each agency and tier."""
    pairs: dict[tuple[Any, Any], dict[str, NumbersFigure]] = defaultdict(dict)
    for figure in figures:
        if figure.measure in (Measure.PROMISED, Measure.KEPT):
            pairs[figure.agency, figure.tier][figure.measure] = figure
    for (agency, tier), pair in pairs.items():
        yield {
            "agency": agency,
            "tier": tier,
            "promised": pair.get(Measure.PROMISED),
            "kept": pair.get(Measure.KEPT),
        }
