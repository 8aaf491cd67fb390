"""An agency's own openings: all of them, and one with what can be done about it."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import permissions, services
from agencies.forms import SeatsForm
from agencies.models import OfficePartnerRelationship, Opening, OpeningRevision, OpeningStatus, RevisionStatus
from agencies.services.guards import is_designated
from agencies.views import overview
from agencies.workflow import PUBLIC_OPENING_STATES
from techforce.core.paging import keyset_page
from techforce.core.workflow import available_transitions

BUTTONS = ("submit", "pause", "resume", "close")
"""Transitions that these pages offer. Cancelling tells every candidate and is elsewhere."""


LONG_TEXTS = ("summary", "duties", "requirements", "evaluation", "import_note")
"""What a list does not show."""


def own_openings(user: Any) -> Any:
    """Openings of the agencies for which `user` acts, with whether a change to them waits for OPM."""
    waiting = OpeningRevision.objects.filter(opening=OuterRef("pk"), status=RevisionStatus.PROPOSED)
    return Opening.objects.of_member(user).annotate(has_waiting_change=Exists(waiting))


def own_opening(user: Any, public_id: UUID) -> Opening:
    """One of them, with all that its page says; 404 for everybody else's."""
    rows = own_openings(user).with_position().select_related("hiring_manager", "band_exception")
    return get_object_or_404(rows, public_id=public_id)


@require_safe
def agency_openings(request: HttpRequest) -> HttpResponse:
    """By title. Whoever is no member of an agency finds no such page."""
    if not permissions.holds_a_membership(request.user):
        raise Http404
    rows = own_openings(request.user).select_related("office").defer(*LONG_TEXTS)
    page = keyset_page(rows, request.GET, keys=("title", "id"))
    context = {
        "openings": [_entry(opening) for opening in page.rows],
        "columns": [_("Opening"), _("State"), _("Next step"), _("Seats"), _("Last day")],
        "may_write": permissions.prepares_openings.test(request.user),
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return render(request, "agency/openings/list.html", context)


def _entry(opening: Any) -> dict[str, Any]:
    return {
        "row": opening,
        "kind": overview.KINDS[opening.status],
        "next_step": next_step(opening),
        "seats": overview.seats_text(opening),
        "closes": overview.closes_text(opening),
    }


def next_step(opening: Any) -> str:
    """Whose move it is, in one sentence."""
    if opening.has_waiting_change:
        return _("OPM decides about the change that you proposed.")
    steps = {
        OpeningStatus.DRAFT: _("Complete it and submit it to OPM."),
        OpeningStatus.SUBMITTED: _("OPM reads it and publishes it or returns it."),
        OpeningStatus.PUBLISHED: _("People mark it until the last day."),
        OpeningStatus.PAUSED: _("Resume it, or close it."),
        OpeningStatus.CLOSED: _("OPM issues a certificate of candidates."),
    }
    if opening.status == OpeningStatus.DRAFT and opening.comments:
        return _("OPM returned it: change it and submit it again.")
    return steps.get(opening.status, _("Nothing. It stays for the record."))


@require_safe
def agency_opening(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return opening_page(request, own_opening(request.user, public_id))


def opening_page(request: HttpRequest, opening: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The opening with its state and the buttons for `request.user`; `refusal` says why the last one failed."""
    user = request.user
    is_draft = opening.status == OpeningStatus.DRAFT
    relationships = OfficePartnerRelationship.objects.visible_to(user).live().filter(office=opening.office_id)
    context = {
        "opening": opening,
        "kind": overview.KINDS[opening.status],
        "next_step": next_step(opening),
        "refusal": refusal,
        "open_points": services.open_points(opening) if is_draft else [],
        "needs_designation": is_draft and not is_designated(opening),
        "actions": [arrow for arrow in available_transitions(opening, user) if arrow.name in BUTTONS],
        "may_edit": is_draft and user.has_perm("agencies.change_opening", opening),
        "may_revise": is_revisable(opening) and user.has_perm("agencies.revise_opening", opening),
        "may_cut_seats": is_revisable(opening) and user.has_perm("agencies.cut_seats", opening),
        "seats_form": SeatsForm(initial={"seats": opening.seats}),
        "is_public": opening.status in PUBLIC_OPENING_STATES,
        "office_rows": overview.office_rows(opening),
        "job_rows": overview.job_rows(opening),
        "text_rows": overview.text_rows(opening),
        "revisions": list(opening.revisions.select_related("proposed_by")),
        "relationships": list(relationships.select_related("company").order_by("company__name", "id")),
    }
    return render(request, "agency/openings/detail.html", context, status=status)


def is_revisable(opening: Opening) -> bool:
    return opening.status in (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED)
