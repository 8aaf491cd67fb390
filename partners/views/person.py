"""The page of whoever was nominated, opened by the link in the mail: the only place where a nomination is confirmed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applicants.models import Application
from partners import services
from partners.forms import ConfirmForm, DeclineForm
from partners.models import EquityDeclaration, Nomination
from partners.services.standing import standings_of
from partners.views.own import REFUSED, succeeds
from partners.views.roster import terms_of
from techforce.accounts.models import User
from techforce.core.forms import yes_or_no_word

GONE = 410


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def nomination(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The token moves into the session and out of the address. Then the signed-in account confirms by a POST; later
    the same address shows the nominee what is on file."""
    if token := request.GET.get("token"):
        request.session[_key(public_id)] = token
        return redirect("nomination", public_id=public_id)
    if mine := _own(request.user, public_id):
        return redirect(request.path) if request.method == "POST" else _own_page(request, mine)
    invitation = _invitation(request, public_id)
    if invitation is None:
        return _gone(request)
    if request.method == "POST" and request.user.is_authenticated:
        return _confirm(request, invitation)
    return _invitation_page(request, invitation, ConfirmForm())


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say no. That takes the link and no account."""
    invitation = _invitation(request, public_id)
    if invitation is None:
        return _gone(request)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token = request.session.pop(_key(public_id))
        services.decline_nomination(token=token, reason=form.cleaned_data["reason"], by=_holder(request))
        messages.success(request, _("You said no. The company reads only that the nomination is closed."))
        return redirect("home")
    context = {"nomination": invitation, "form": form}
    return render(request, "nomination/decline.html", context, status=REFUSED if form.errors else 200)


def _holder(request: HttpRequest) -> Any:
    """Whoever is signed in, or the system for somebody who holds the link and has no account."""
    return request.user if request.user.is_authenticated else User.objects.system()


def _key(public_id: UUID) -> str:
    return f"nomination:{public_id}"


def _invitation(request: HttpRequest, public_id: UUID) -> Nomination | None:
    return services.nomination_behind(request.session.get(_key(public_id), ""), public_id)


def _own(user: Any, public_id: UUID) -> Nomination | None:
    if not user.is_authenticated:
        return None
    rows = Nomination.objects.filter(nominee=user, public_id=public_id)
    found: Nomination | None = rows.select_related("partner__company", "cohort").first()
    return found


def _gone(request: HttpRequest) -> HttpResponse:
    """The same for a used link, a changed one and none at all."""
    return render(request, "nomination/gone.html", status=GONE)


def _confirm(request: HttpRequest, invitation: Nomination) -> HttpResponse:
    form = ConfirmForm(request.POST)
    token = request.session[_key(invitation.public_id)]
    user = request.user
    if not succeeds(form, lambda: services.confirm_nomination(token=token, ties=form.ties(), by=user)):
        return _invitation_page(request, invitation, form, status=REFUSED)
    del request.session[_key(invitation.public_id)]
    messages.success(request, _("You confirmed the nomination. The company reads only the word “Confirmed”."))
    return redirect("nomination", public_id=invitation.public_id)


def _invitation_page(
    request: HttpRequest, invitation: Nomination, form: ConfirmForm, status: int = 200
) -> HttpResponse:
    user = request.user
    context = {
        "nomination": invitation,
        "form": form,
        "next": request.path,
        "may_answer": user.is_authenticated and services.may_answer_from(invitation, user),
    }
    return render(request, "nomination/invitation.html", context, status=status)


def _own_page(request: HttpRequest, mine: Nomination) -> HttpResponse:
    (standing,) = standings_of([mine])
    has_applied = (
        Application.objects.live().filter(applicant__user=request.user, cohort=mine.cohort_id).exists()
    )
    context = {
        "nomination": mine,
        "is_open": mine.status in ("confirmed", "active"),
        "has_applied": has_applied,
        "terms": terms_of(standing.terms),
        "ties": _ties_of(mine),
    }
    return render(request, "nomination/own.html", context)


def _ties_of(mine: Nomination) -> list[dict[str, Any]]:
    """What the person declared, for themselves to read."""
    row = EquityDeclaration.objects.filter(nomination=mine, superseded_at__isnull=True).order_by("pk").first()
    if row is None:
        return []
    kept = [str(label) for name, label in ConfirmForm.HOLDINGS if getattr(row, name)]
    return [
        {"label": _("You keep in the company"), "value": ", ".join(kept) or _("None of these")},
        {"label": _("You may come back"), "value": yes_or_no_word(row.expects_return)},
        {"label": _("Your family has a tie to the company"), "value": yes_or_no_word(row.has_family_tie)},
    ]
