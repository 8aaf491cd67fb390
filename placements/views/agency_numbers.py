"""An agency's own public figures, before everybody reads them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placements import services
from placements.forms.numbers import CorrectionForm
from placements.models import NumbersEdition, NumbersFigure
from placements.views.actions import attempt
from placements.views.agency_rooms import agencies_of, members_only, show


@require_safe
@members_only
def agency_numbers(request: HttpRequest) -> HttpResponse:
    """The editions that wait for their day, and the one that everybody reads now."""
    waiting = NumbersEdition.objects.filter(status="preview").order_by("publish_on")
    editions = [*waiting, *NumbersEdition.objects.published()[:1]]
    context = {
        "editions": [_edition(request.user, edition) for edition in editions],
        "columns": [
            _("Agency"),
            _("Figure"),
            _("Counted"),
            _("Corrected"),
            _("Everybody reads"),
            _("Your move"),
        ],
    }
    return show(request, "agency/numbers.html", context)


def _edition(user: Any, edition: NumbersEdition) -> dict[str, Any]:
    own = NumbersFigure.objects.visible_to(user).filter(edition=edition, agency__in=agencies_of(user))
    figures = own.select_related("agency", "tier", "edition").order_by(
        "agency__name", "measure", "tier__rank"
    )
    rows = [
        {
            "figure": figure,
            "can_correct": figure.amount is not None
            and user.has_perm("placements.correct_numbersfigure", figure),
        }
        for figure in figures
    ]
    return {"edition": edition, "rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def agency_figure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put one figure right."""
    figure = _correctable(request.user, public_id)
    begin = {"corrected_to": figure.right, "note": figure.correction_note, "version": figure.version}
    form, status = CorrectionForm(initial=begin), 200
    if request.method == "POST":
        form = CorrectionForm(request.POST)
        status = attempt(
            form, lambda: services.correct_figure(figure=figure, by=request.user, **form.cleaned_data)
        )
        if not status:
            messages.success(request, _done(figure))
            return redirect("agency_numbers")
    return show(request, "agency/figure.html", {"figure": figure, "form": form}, status=status)


def _done(figure: NumbersFigure) -> str:
    if figure.amount is None:
        return _("The figure is hidden now: the right one would tell of fewer than ten people.")
    return _("The figure is corrected. Both values are kept.")


def _correctable(user: Any, public_id: UUID) -> NumbersFigure:
    rows = NumbersFigure.objects.visible_to(user).select_related("agency", "tier", "edition")
    figure: NumbersFigure | None = rows.filter(public_id=public_id).first()
    if figure is None or not user.has_perm("placements.correct_numbersfigure", figure):
        raise Http404
    return figure
