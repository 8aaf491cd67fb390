"""The buttons on an opening of one's agency."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agencies import services
from agencies.forms import SeatsForm
from agencies.models import Opening, RevisionStatus
from agencies.views.own import opening_page, own_opening
from techforce.core.errors import Conflict, NotPermitted, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    """One of them. Somebody who had to sign in between comes by GET and is led to the opening."""
    opening = own_opening(request.user, public_id)
    if action not in ACTIONS or not request.user.has_perm(ACTIONS[action].permission, opening):
        raise Http404
    if request.method != "POST":
        return redirect("agency_opening", public_id=public_id)
    try:
        done = ACTIONS[action].work(opening, request)
    except NotPermitted:
        raise
    except Refused as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        as_it_is = own_opening(request.user, public_id)
        return opening_page(request, as_it_is, refusal=str(refusal), status=status)
    messages.success(request, done)
    return redirect("agency_opening", public_id=public_id)


def _submit(opening: Opening, request: HttpRequest) -> str:
    services.submit_opening(opening=opening, by=request.user)
    return _("OPM has your opening now. You get a mail when it answers.")


def _pause(opening: Opening, request: HttpRequest) -> str:
    services.pause_opening(opening=opening, by=request.user)
    return _("The opening is paused. Nobody can mark it until you resume it.")


def _resume(opening: Opening, request: HttpRequest) -> str:
    services.resume_opening(opening=opening, by=request.user)
    return _("The opening is published again.")


def _close(opening: Opening, request: HttpRequest) -> str:
    services.close_opening(opening=opening, by=request.user)
    return _("The opening is closed.")


def _withdraw_change(opening: Opening, request: HttpRequest) -> str:
    revision = opening.revisions.filter(status=RevisionStatus.PROPOSED).first()
    if revision is None:
        raise Refused(_("No change to this opening waits for OPM."))
    services.withdraw_revision(revision=revision, by=request.user)
    return _("The change is withdrawn. What is published stays as it is.")


def _cut_seats(opening: Opening, request: HttpRequest) -> str:
    form = SeatsForm(request.POST)
    if not form.is_valid():
        raise Refused(" ".join(map(str, form.errors["seats"])))
    excess = services.cut_seats(opening=opening, seats=form.cleaned_data["seats"], by=request.user)
    seats = {"seats": opening.seats}
    if excess:
        return (
            _("%(seats)s seats stay, because they are filled. Settle with OPM what becomes of them.") % seats
        )
    return (
        ngettext("The opening has %(seats)s seat now.", "The opening has %(seats)s seats now.", opening.seats)
        % seats
    )


class Action(NamedTuple):
    """What its service asks for, and what does it and says what was done."""

    permission: str
    work: Callable[[Opening, HttpRequest], str]


ACTIONS = {
    "submit": Action("agencies.submit_opening", _submit),
    "pause": Action("agencies.pause_opening", _pause),
    "resume": Action("agencies.pause_opening", _resume),
    "close": Action("agencies.close_opening", _close),
    "withdraw-change": Action("agencies.revise_opening", _withdraw_change),
    "cut-seats": Action("agencies.cut_seats", _cut_seats),
}
