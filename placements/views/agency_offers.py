"""Offers of an agency: drafted, sent, taken back, answered; the firm one when nothing stops it any more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from placements import services
from placements.forms.acting import reason_form
from placements.forms.agency_offers import OfferForm, SendForm, end_of_day
from placements.models import ChecklistItem, Offer, OfferKind, Placement, Selection
from placements.services.gates import NO_CHECKLIST, open_codes
from placements.services.screening import outcomes_of_screens
from placements.views.actions import Action, attempt, carry_out, offered, take
from placements.views.agency_rooms import members_only, mine_or_404, of_my_agencies, show
from placements.views.agency_words import kind_of
from placements.workflow import OFFER
from techforce.core.paging import keyset_page

OPEN_OFFERS = ("draft", "sent")

OFFER_ACTIONS = (
    take(
        OFFER,
        "send",
        label=gettext_lazy("Send the offer"),
        text=gettext_lazy("The person gets a mail and answers on their own page."),
        done=gettext_lazy("The offer is sent."),
        form=SendForm,
        work=lambda row, by, answer_by: services.send_offer(
            offer=row, response_due_at=end_of_day(answer_by), by=by
        ),
    ),
    Action(
        name="go-on",
        label=gettext_lazy("The question is answered"),
        text=gettext_lazy("What was left of the time for the answer begins to run again."),
        done=gettext_lazy("The time for the answer runs again."),
        permission="placements.make_offer",
        states=("sent",),
        is_fitting=lambda row: row.clock_paused_at is not None,
        work=lambda row, by: services.resume_offer_clock(offer=row, by=by),
    ),
    take(
        OFFER,
        "withdraw",
        label=gettext_lazy("Withdraw the offer"),
        text=gettext_lazy("The person is told that the offer is withdrawn."),
        done=gettext_lazy("The offer is withdrawn."),
        form=reason_form(OFFER, "withdraw"),
        is_grave=True,
        work=lambda row, by, reason_code: services.withdraw_offer(offer=row, reason_code=reason_code, by=by),
    ),
)


@require_safe
@members_only
def offers(request: HttpRequest) -> HttpResponse:
    """The newest first; `?state=open` leaves those that wait for us or for the person."""
    rows = of_my_agencies(Offer, request.user).select_related("opening", "applicant")
    if request.GET.get("state") == "open":
        rows = rows.filter(status__in=OPEN_OFFERS)
    page = keyset_page(rows.annotate(newest=F("pk") * -1), request.GET, keys=("newest",))
    context = {
        "rows": [{"offer": offer, "kind": kind_of(offer.status)} for offer in page.rows],
        "columns": [_("Person"), _("Opening"), _("Kind"), _("State"), _("Answer by")],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
        "is_narrowed": request.GET.get("state") == "open",
    }
    return show(request, "agency/offers.html", context)


@require_safe
@members_only
def offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _offer(request, public_id)
    placement = Placement.objects.visible_to(request.user).filter(selection=row.selection_id)
    context = {
        "offer": row,
        "kind": kind_of(row.status),
        "actions": offered(OFFER_ACTIONS, row, request.user),
        "act_url": reverse("agency_offer", args=[row.public_id]),
        "placement": placement.order_by("-pk").first(),
    }
    return show(request, "agency/offer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def offer_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    row = _offer(request, public_id)
    title = f"{row.get_kind_display()} · {row.applicant} · {row.opening}"
    return carry_out(request, OFFER_ACTIONS, action, row, title=title, back=_address(row))


def _offer(request: HttpRequest, public_id: UUID) -> Offer:
    row: Offer = mine_or_404(
        Offer,
        request.user,
        public_id,
        "opening__agency",
        "applicant",
        "selection__opening",
        "selection__applicant",
        "pay_exception",
        "prepared_by",
    )
    return row


def _address(row: Offer) -> str:
    return reverse("agency_offer", args=[row.public_id])


# ── A new one ─────────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def offer_add(request: HttpRequest, selection_id: UUID) -> HttpResponse:
    """A tentative offer to whom we selected, or the firm one once nothing stops it."""
    selection = mine_or_404(Selection, request.user, selection_id, "opening__agency", "applicant", "cohort")
    if not request.user.has_perm("placements.make_offer", selection):
        raise Http404
    placement = Placement.objects.live().filter(selection=selection).select_related("opening").first()
    kind = _kind_to_make(selection, placement)
    if not kind:
        messages.info(request, _("There is no offer to make here now."))
        return redirect("agency_offers")
    if placement is not None and not is_firm_offer_free(placement):
        return _waiting_page(request, selection, placement)
    return _draft(request, selection, kind)


def _kind_to_make(selection: Selection, placement: Placement | None) -> str:
    """Which kind of offer comes next; empty when one is out, or it is not time."""
    live = set(selection.offers.filter(status__in=[*OPEN_OFFERS, "accepted"]).values_list("kind", flat=True))
    if selection.status == "selected" and OfferKind.TENTATIVE not in live:
        return OfferKind.TENTATIVE
    is_before_start = placement is not None and placement.status in ("pending_checks", "ready")
    if selection.status == "accepted" and is_before_start and OfferKind.FIRM not in live:
        return OfferKind.FIRM
    return ""


def is_firm_offer_free(placement: Placement) -> bool:
    """Every step before it is complete and the conflict screen is signed."""
    return not open_codes([placement], "firm_offer") and bool(outcomes_of_screens([placement])[placement.pk])


def _draft(request: HttpRequest, selection: Selection, kind: str) -> HttpResponse:
    earlier = selection.offers.filter(kind=OfferKind.TENTATIVE, status="accepted").order_by("-pk").first()
    if kind == OfferKind.TENTATIVE:
        earlier = None
    form, status = OfferForm(selection=selection, earlier=earlier), 200
    if request.method == "POST":
        made: list[Offer] = []
        form = OfferForm(request.POST, selection=selection, earlier=earlier)
        status = attempt(form, lambda: made.append(_make(form, selection, kind, request.user)))
        if not status:
            messages.success(request, _("The offer is drafted. Read it once more, then send it."))
            return redirect(_address(made[0]))
    context = {"form": form, "selection": selection, "kind": OfferKind(kind).label}
    return show(request, "agency/offer_add.html", context, status=status)


def _make(form: OfferForm, selection: Selection, kind: str, by: Any) -> Offer:
    return services.draft_offer(
        selection=selection, kind=kind, pay_exception=form.exception, by=by, **form.cleaned_data
    )


def _waiting_page(request: HttpRequest, selection: Selection, placement: Placement) -> HttpResponse:
    """What still stops the firm offer: title, owner and date of each step, without what was found."""
    codes = open_codes([placement], "firm_offer").get(placement.pk, [])
    context = {
        "selection": selection,
        "placement": placement,
        "has_checklists": codes != [NO_CHECKLIST],
        "steps": _steps_named(placement, codes),
        "columns": [_("Step"), _("Whose move"), _("Due")],
    }
    return show(request, "agency/offer_waits.html", context)


def _steps_named(placement: Placement, codes: list[str]) -> QuerySet[ChecklistItem]:
    """The next one due first."""
    items = ChecklistItem.objects.of_placements([placement.pk]).filter(code__in=codes, corrects__isnull=True)
    return items.select_related("step").order_by(F("due_on").asc(nulls_last=True), "code", "pk")
