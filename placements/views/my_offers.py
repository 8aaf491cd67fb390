"""A person's offers: what they say, and the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from placements.forms.applicant import AcceptForm, DeclineForm
from placements.models import Offer, OfferKind, Placement
from placements.services import accept_offer, decline_offer
from placements.services.placement import end_of_term
from placements.services.standing import of_offer
from placements.views.actions import attempt
from techforce.core.moments import deadline_text


@require_safe
def my_offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The terms in plain words, where the offer stands, and the two answers while there is time."""
    offer = _own_offer(request, public_id)
    return render(request, "my/offer.html", _context(request, offer))


@require_http_methods(["GET", "HEAD", "POST"])
def my_offer_accept(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask once more, then accept the offer as it was read. A second click finds it accepted and says so."""
    offer = _own_offer(request, public_id)
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"version": offer.version})
    status = 200
    if request.method == "POST" and offer.status == "sent":
        status = attempt(
            form, lambda: accept_offer(offer=offer, version=form.cleaned_data["version"], by=request.user)
        )
        offer = _own_offer(request, public_id)
    if offer.status != "sent":
        return _leave(request, offer)
    return _ask(request, offer, "my/offer_accept.html", form, status)


@require_http_methods(["GET", "HEAD", "POST"])
def my_offer_decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask why, which may stay unsaid, then decline."""
    offer = _own_offer(request, public_id)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST" and offer.status == "sent":
        status = attempt(form, lambda: decline_offer(offer=offer, **form.cleaned_data, by=request.user))
        offer = _own_offer(request, public_id)
    if offer.status != "sent":
        return _leave(request, offer)
    return _ask(request, offer, "my/offer_decline.html", form, status)


def _own_offer(request: HttpRequest, public_id: UUID) -> Offer:
    """The person's own and sent; that an agency's member sees it too does not make it theirs."""
    own = Offer.objects.visible_to(request.user).filter(applicant__user=request.user)
    offer: Offer = get_object_or_404(
        own.select_related("opening__agency", "opening__office", "applicant"), public_id=public_id
    )
    return offer


def _leave(request: HttpRequest, offer: Offer) -> HttpResponse:
    """The offer is answered or over: say so, and go where it is shown."""
    if offer.status == "accepted":
        messages.success(request, _("You accepted the offer. Here is what comes next."))
        return redirect("my_service")
    if offer.status == "declined":
        messages.success(request, _("You declined the offer."))
        return redirect("my_application")
    messages.info(request, _("This offer has moved on in the meantime. Here is where it stands now."))
    return redirect("my_offer", public_id=offer.public_id)


def _ask(request: HttpRequest, offer: Offer, template: str, form: Any, status: int) -> HttpResponse:
    return render(request, template, {**_context(request, offer), "form": form}, status=status)


def _context(request: HttpRequest, offer: Offer) -> dict[str, Any]:
    standing = of_offer(offer, timezone.now())
    other = _other_placement(request, offer)
    may_answer = offer.status == "sent"
    is_in_time = standing.is_your_move and standing.due is not None and standing.due > timezone.now()
    return {
        "offer": offer,
        "standing": standing,
        "terms": _terms(offer),
        "other_placement": other,
        "may_accept": may_answer and (is_in_time or offer.clock_paused_at is not None) and other is None,
        "may_decline": may_answer,
        "is_firm": offer.kind == OfferKind.FIRM,
    }


def _other_placement(request: HttpRequest, offer: Offer) -> Placement | None:
    """A position that the person has accepted elsewhere and that is still going."""
    if offer.status != "sent":
        return None
    live: Any = Placement.objects.visible_to(request.user).live().filter(applicant=offer.applicant_id)
    return live.exclude(opening=offer.opening_id).select_related("opening__agency").first()


def _terms(offer: Offer) -> list[dict[str, Any]]:
    opening = offer.opening
    ends_on = end_of_term(offer.starts_on, opening.term_months)
    months = _("%(months)s months, until %(day)s") % {
        "months": opening.term_months,
        "day": deadline_text(ends_on),
    }
    return [
        {"label": _("Position"), "value": opening.title},
        {"label": _("Agency"), "value": f"{opening.agency}, {opening.office}"},
        {"label": _("Pay"), "value": _("$%(amount)s a year") % {"amount": f"{offer.pay_rate:,.0f}"}},
        {
            "label": _("First day") if offer.kind == OfferKind.FIRM else _("Planned first day"),
            "value": deadline_text(offer.starts_on),
        },
        {"label": _("Place"), "value": _place(opening)},
        {"label": _("Term"), "value": months},
    ]


def _place(opening: Any) -> str:
    """The opening's places of work, or that of its office."""
    named = [str(place) for place in opening.places.order_by("state", "city")]
    office = ", ".join(filter(None, [opening.office.city, opening.office.state]))
    where = "; ".join(named) or office
    if opening.is_remote:
        return _("Remote; the office is in %(where)s") % {"where": where} if where else _("Remote")
    return where
