"""Beginning a draft and writing it. Two people who write at once both keep what they wrote."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.forms import DraftForm, NewOpeningForm, writable_offices
from agencies.models import Opening, OpeningStatus
from agencies.services import create_opening, edit_opening, open_points
from agencies.views.own import own_opening
from techforce.core.errors import Conflict, NotPermitted, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def add_opening(request: HttpRequest) -> HttpResponse:
    """Only for those who may write openings for at least one office."""
    offices = writable_offices(request.user, "agencies.add_opening")
    if not offices:
        raise Http404
    form = NewOpeningForm(request.POST if request.method == "POST" else None, offices=offices)
    if form.is_valid():
        try:
            opening = create_opening(**form.cleaned_data, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your draft is saved. Now describe the work."))
            return redirect("agency_opening_edit", public_id=opening.public_id)
    status = 422 if form.errors else 200
    return render(request, "agency/openings/add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    opening = own_opening(request.user, public_id)
    if not request.user.has_perm("agencies.change_opening", opening):
        raise NotPermitted(_("Your role does not allow changing this opening."))
    if opening.status != OpeningStatus.DRAFT:
        messages.info(request, _("Only a draft can be edited. This opening is with OPM or already public."))
        return redirect("agency_opening", public_id=public_id)
    if request.method != "POST":
        return _form_page(request, opening, DraftForm(opening=opening, by=request.user))
    return _save(request, opening)


def _save(request: HttpRequest, opening: Opening) -> HttpResponse:
    form = DraftForm(request.POST, opening=opening, by=request.user)
    if not form.is_valid():
        return _form_page(request, opening, form, status=422)
    try:
        saved = edit_opening(
            opening=opening,
            version=form.cleaned_data["version"],
            values=form.values(),
            places=form.cleaned_data["places"],
            by=request.user,
        )
    except Conflict:
        return _merge_page(request, opening.public_id)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _form_page(request, opening, form, status=422)
    messages.success(request, _said(open_points(saved)))
    return redirect("agency_opening", public_id=saved.public_id)


def _said(points: list[str]) -> str:
    if points:
        return _("Your draft is saved. What it still needs stands below.")
    return _("Your draft is saved and ready to submit.")


def _merge_page(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keeps what was typed, shows what is saved now; saving again is a choice made with both in view."""
    opening = own_opening(request.user, public_id)
    typed = request.POST.copy()
    typed["version"] = str(opening.version)
    mine = DraftForm(typed, opening=opening, by=request.user)
    theirs = DraftForm(opening=own_opening(request.user, public_id), by=request.user)
    rows = [
        {"label": theirs[name].label, "value": _shown(theirs[name])}
        for name in mine.changed_data
        if not theirs[name].is_hidden
    ]
    return _form_page(request, opening, mine, status=409, saved=rows)


def _shown(field: Any) -> str:
    """What a control of the saved draft says, in words."""
    value = field.value()
    if choices := getattr(field.field, "choices", None):
        chosen = {str(each) for each in (value if isinstance(value, list) else [value])}
        return ", ".join(str(label) for code, label in choices if str(code) in chosen and code)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return str("" if value is None else value)


def _form_page(
    request: HttpRequest, opening: Opening, form: DraftForm, *, status: int = 200, saved: Any = None
) -> HttpResponse:
    context = {"form": form, "opening": opening, "saved": saved or []}
    return render(request, "agency/openings/edit.html", context, status=status)
