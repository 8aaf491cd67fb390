"""Account pages that allauth does not have: profile, invitations, the second factor's explanation, the
session."""

from typing import Any
from uuid import UUID

from allauth.account.views import EmailView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from techforce.accounts import addresses, second_factor, session_limits
from techforce.accounts.forms import ProfileForm
from techforce.accounts.invitations import invitation_behind
from techforce.accounts.models import User
from techforce.accounts.services import accept_invitation, update_profile
from techforce.core.errors import Conflict, Refused
from techforce.core.mail.bounces import refused_addresses


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, language and time zone. When another tab saved first, both versions are shown and the person
    decides."""
    if request.method != "POST":
        return _profile_page(request, ProfileForm.showing(request.user))
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, form, status=422)
    try:
        update_profile(user=User.objects.get(pk=request.user.pk), **form.cleaned_data, by=request.user)
    except Conflict:
        return _merge_page(request, form)
    messages.success(request, _("Your profile was saved."))
    return redirect("accounts_profile")


def _profile_page(
    request: HttpRequest, form: ProfileForm, status: int = 200, saved: Any = None
) -> HttpResponse:
    needs_second = addresses.needs_second_address(request.user)
    context = {"form": form, "saved": saved or [], "needs_second_address": needs_second}
    context["refused_addresses"] = refused_addresses(request.user)
    return render(request, "accounts/profile.html", context, status=status)


def _merge_page(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    """Keeps what was typed, shows what is saved now; saving again is a choice made with both in view."""
    saved = ProfileForm.showing(User.objects.get(pk=request.user.pk))
    mine = ProfileForm(initial={**form.cleaned_data, "version": saved.initial["version"]})
    rows = [
        {"label": field.label, "value": _shown(field)}
        for field in saved.visible_fields()
        if saved.initial[field.name] != form.cleaned_data[field.name]
    ]
    return _profile_page(request, mine, status=409, saved=rows)


def _shown(field: Any) -> str:
    return str(dict(getattr(field.field, "choices", ())).get(field.initial, field.initial))


@require_safe
def explain_second_factor(request: HttpRequest) -> HttpResponse:
    """Why nothing else opens, and the ways to set a second factor up."""
    if second_factor.has_one(request.user):
        return redirect("mfa_index")
    return render(request, "accounts/second_factor.html", {"next": _safe_next(request, request.GET)})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The link from the mail. The token moves into the session and out of the address, then the signed-in
    account accepts by a POST."""
    key = f"invitation:{public_id}"
    if token := request.GET.get("token"):
        request.session[key] = token
        return redirect("accounts_invitation", public_id=public_id)
    membership = invitation_behind(request.session.get(key, ""), public_id)
    if membership is None:
        return render(request, "accounts/invitation_gone.html", status=410)
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request, membership, key)
    return render(request, "accounts/invitation.html", {"membership": membership, "next": request.path})


def _accept(request: HttpRequest, membership: Any, key: str) -> HttpResponse:
    try:
        accept_invitation(membership=membership, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("home")
    del request.session[key]
    messages.success(request, _("You accepted the role: %(role)s.") % {"role": membership.get_role_display()})
    return redirect("home")


@require_POST
def extend(request: HttpRequest) -> HttpResponse:
    """Stay signed in. Reaching this view is the activity; the answer says when the session ends now."""
    if back := _safe_next(request, request.POST):
        return redirect(back)
    moment = session_limits.ends_at(request.session, request.user, timezone.now())
    return JsonResponse({"session_ends_at": moment.isoformat(timespec="seconds")})


def _safe_next(request: HttpRequest, data: Any) -> str:
    """The page to go back to, if it is one of ours."""
    url = data.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else ""


class Addresses(EmailView):
    """E-mail addresses; one that a partner company controls does not become the address to sign in with."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        needs_second = addresses.needs_second_address(self.request.user)
        return {**super().get_context_data(**kwargs), "needs_second_address": needs_second}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "action_primary" in request.POST and addresses.is_barred(
            request.user, request.POST.get("email", "")
        ):
            messages.error(
                request, _("Sign in with an address of your own, not with one of the company that lends you.")
            )
            return redirect(reverse("account_email"))
        return super().post(request, *args, **kwargs)
