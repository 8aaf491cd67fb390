"""`/demo/`: what this is, and every role by one click."""

from dataclasses import dataclass

from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from techforce.accounts.models import User
from techforce.demo.access import demo_page
from techforce.demo.people import GROUPS, PASSWORD, PEOPLE, DemoPerson
from techforce.demo.sign_in import current_code, sign_in


@dataclass(frozen=True)
class Entry:
    """One role on the page; `code` is empty where no second factor is needed."""

    person: DemoPerson
    code: str


@demo_page
@require_safe
@sensitive_variables("codes")
def index(request: HttpRequest) -> HttpResponse:
    codes = current_codes()
    groups = [
        {
            "title": group.title,
            "entries": [Entry(person, codes.get(person.email, "")) for person in group.people],
        }
        for group in GROUPS
    ]
    context = {
        "groups": groups,
        "columns": [_("Role"), _("E-mail address"), _("Code now")],
        "is_loaded": User.objects.filter(email__in=emails()).exists(),
        "password": PASSWORD,
        "code_seconds": mfa_settings.TOTP_PERIOD,
    }
    return render(request, "demo/index.html", context)


@demo_page
@require_POST
def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in as the demo's person for one role."""
    person = PEOPLE.get(slug)
    if person is None:
        raise Http404
    user = get_object_or_404(User, email=person.email, is_active=True)
    return sign_in(request, user, landing=reverse(person.starts_at))


def current_codes() -> dict[str, str]:
    """By e-mail address."""
    apps = Authenticator.objects.filter(user__email__in=emails(), type=Authenticator.Type.TOTP)
    return {app.user.email: current_code(app) for app in apps.select_related("user").order_by("pk")}


def emails() -> list[str]:
    return [person.email for person in PEOPLE.values()]
