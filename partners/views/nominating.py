"""What a coordinator does: nominate, invite again, take back, record the terms of the loan."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners import services
from partners.forms import NominateForm, RevokeForm, TermsForm
from partners.models import LoanTerms, Nomination
from partners.services.standing import standings_of
from partners.views.own import OVERTAKEN, REFUSED, own_nomination, own_partners, succeeds
from partners.views.roster import agreements_of, is_able, may_record_terms, nomination_page
from partners.workflow import LoanKind
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.workflow import available_transitions


@require_http_methods(["GET", "HEAD", "POST"])
def nominate(request: HttpRequest) -> HttpResponse:
    """Propose one person. The answer is the same for every address, known to us or not."""
    partners = own_partners(request.user)
    agreements = agreements_of(partners)
    able = [partner for partner in partners if is_able(partner, agreements)]
    if not able:
        return render(
            request, "partner/no_agreement.html", status=200 if request.method != "POST" else REFUSED
        )
    if request.method != "POST":
        return _nominate_page(request, NominateForm(partners=able))
    form = NominateForm(request.POST, partners=able)
    if not succeeds(form, lambda: services.propose_nominee(**form.facts(), by=request.user)):
        return _nominate_page(request, form, status=REFUSED)
    messages.success(
        request,
        _(
            "The nomination is saved, and an invitation is on its way to that address. It is open for 30 days."
        ),
    )
    return redirect("partner")


def _nominate_page(request: HttpRequest, form: NominateForm, status: int = 200) -> HttpResponse:
    return render(request, "partner/nominate.html", {"form": form}, status=status)


@require_POST
def invite(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send the invitation, or send it again."""
    nomination = own_nomination(request.user, public_id)
    try:
        opened = services.invite_again(nomination=nomination, by=request.user)
    except NotPermitted:
        raise
    except Refused as refusal:
        status = OVERTAKEN if isinstance(refusal, Conflict) else REFUSED
        return nomination_page(request, nomination, refusal=str(refusal), status=status)
    messages.success(request, _("An invitation is on its way. It is open for 30 days."))
    return redirect("partner_nomination", public_id=opened.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, public_id: UUID) -> HttpResponse:
    nomination = own_nomination(request.user, public_id)
    if not any(arrow.name == "revoke" for arrow in available_transitions(nomination, request.user)):
        raise Http404
    form = RevokeForm(request.POST if request.method == "POST" else None)

    def work() -> Nomination:
        reason: str = form.cleaned_data["reason_code"]
        return services.revoke_nomination(nomination=nomination, reason_code=reason, by=request.user)

    if request.method == "POST" and succeeds(form, work):
        messages.success(request, _("The nomination is closed. Its link no longer works."))
        return redirect("partner")
    context = {
        "nomination": nomination,
        "form": form,
        "title": _("Take the nomination back"),
        "text": _("The person is not told your reason."),
        "is_grave": True,
    }
    return _act_page(request, context)


@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Leave of absence or separation, in place of what is on file."""
    nomination = own_nomination(request.user, public_id)
    (standing,) = standings_of([nomination])
    if not may_record_terms(standing, request.user):
        raise Http404
    if request.method != "POST":
        form = TermsForm.about(nomination, standing.terms)
    else:
        form = TermsForm(request.POST)
        if succeeds(form, lambda: _record(form, nomination, request.user)):
            messages.success(request, _("The terms are on file. The person reads them too."))
            return redirect("partner_nomination", public_id=public_id)
    context = {
        "nomination": nomination,
        "form": form,
        "title": _("Record the terms of the loan"),
        "text": _(
            "One of the two is on file before the person starts. New terms take the place of the old ones."
        ),
        "is_grave": False,
    }
    return _act_page(request, context)


def _act_page(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "partner/act.html", context, status=REFUSED if context["form"].errors else 200)


def _record(form: TermsForm, nomination: Nomination, by: Any) -> LoanTerms:
    """A start that an agency authorized already rests on the kind that is on file; the database keeps it (I7)."""
    answers = form.cleaned_data
    try:
        if answers["kind"] == LoanKind.SEPARATION:
            return services.record_separation(nomination=nomination, last_day_on=answers["begins_on"], by=by)
        return services.record_leave_of_absence(
            nomination=nomination,
            leave_type=answers["leave_type"],
            starts_on=answers["begins_on"],
            has_return_right=answers["has_return_right"],
            expected_return_on=answers["expected_return_on"],
            by=by,
        )
    except IntegrityError as error:
        raise Refused(
            _(
                "The start is set on the terms that are on file. Write to the program office to change their kind."
            )
        ) from error
