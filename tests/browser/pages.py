"""Which pages the browser tests and the screenshots visit.

Public pages come from the URL configuration, so a new one is visited without anybody listing it. A signed-in
page is listed by the person of the demonstration who opens it; a page in the middle of something belongs to a
journey (`journeys.py`); the admin's pages are those that its first page leads to (`staff.py`).
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, resolve

ADDRESSES = "techforce.urls"
PUBLIC = "public"
PERSON, MEMBER, HR, ETHICS = "early-career", "coordinator", "hr-specialist", "ethics-official"
EXPERIENCED, CARE = "experienced", "case-manager"
ACCEPTED, SERVING = "accepted", "serving"
WIDTHS = (320, 390, 1440)


class Visit(NamedTuple):
    """`role` names a person of the demonstration by the word in the address of their sign-in button."""

    role: str
    url: str


# Addresses that answer with something other than a page of their own, each with the reason.
NOT_PAGES = {
    "healthz": "JSON",
    "accounts/extend/": "answers a POST with JSON or leads back",
    "accounts/data/unlock/": "leads back to the page of downloads",
    "accounts/data/download/": "a POST whose answer is a file, or the page to print",
    "accounts/password/set/": "leads on: every account has a password",
    "accounts/2fa/recovery-codes/download/": "a text file",
    "accounts/2fa/webauthn/login/": "JSON for the passkey button",
    "accounts/3rdparty/login/error/": "needs an outside provider",
    "accounts/3rdparty/signup/": "needs an outside provider",
    "accounts/login_gov/login/": "needs the stand-in: tests/browser/test_login_gov.py",
    "accounts/login_gov/login/callback/": "needs the stand-in: tests/browser/test_login_gov.py",
    "demo/sign-in/<slug:slug>/": "a POST that leads on",
    "my/withdraw/undo/": "a POST that leads on",
    "my/calendar/renew/": "a POST whose answer is the page /my/calendar/",
    "my/calendar/revoke/": "a POST that leads on",
    "calendar/<slug:token>.ics": "a file",
    "interviews/<uuid:public_id>/interview.ics": "a file",
    "my/service/steps/<uuid:public_id>/done/": "a POST that leads on",
    "my/service/steps/done/": "a POST that leads on",
    "my/service/steps/<uuid:public_id>/more-time/withdraw/": "a POST that leads on",
    "agency/vetting/detail/": "a POST that leads on",
    "reminders/<int:pk>/": "a POST that leads on",
    "reminders/mails/": "a POST that leads on",
    "openings/<uuid:public_id>/interest/": "a POST that leads on",
    "agency/openings/<uuid:public_id>/<slug:action>/": "a POST that leads on",
    "partner/nominations/<uuid:public_id>/invite/": "a POST that leads on",
    "partner/colleagues/<uuid:public_id>/withdraw/": "a POST that leads on",
    "apply/<uuid:public_id>/receipt.pdf": "a file",
    "documents/<uuid:public_id>/": "a file",
    "demo/mail/<slug:id>/html/": "a mail as its recipient sees it, under a policy of its own",
}
# Addresses that lead elsewhere unless something is under way: visited by the journeys and by the passkey's test.
IN_THE_MIDDLE = frozenset(
    {
        "accounts/confirm-email/",
        "accounts/login/code/confirm/",
        "accounts/password/reset/confirm/",
        "accounts/password/reset/complete/",
        "accounts/2fa/authenticate/",
        "accounts/2fa/reauthenticate/",
        "accounts/reauthenticate/",
        "accounts/second-factor/",
        "accounts/invitations/<uuid:public_id>/",
        "accounts/2fa/recovery-codes/",
        "accounts/2fa/webauthn/reauthenticate/",
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        "accounts/logout/",
        "demo/mail/<slug:id>/",
        "openings/<uuid:public_id>/",
        "apply/<uuid:public_id>/<slug:step>/",
        "apply/<uuid:public_id>/review/",
        "apply/<uuid:public_id>/receipt/",
        "apply/<uuid:public_id>/discard/",
        "apply/<uuid:public_id>/resume/preview/",
        "agency/openings/<uuid:public_id>/",
        "agency/openings/<uuid:public_id>/edit/",
        "agency/openings/<uuid:public_id>/change/",
        "agency/candidates/<uuid:referral_id>/<uuid:entry_id>/",
        "agency/candidates/<uuid:referral_id>/<uuid:entry_id>/<slug:action>/",
        "agency/certificates/<uuid:referral_id>/",
        "agency/numbers/<uuid:public_id>/",
        "agency/offers/<uuid:public_id>/",
        "agency/offers/<uuid:public_id>/<slug:action>/",
        "agency/offers/new/<uuid:selection_id>/",
        "agency/placements/<uuid:public_id>/",
        "agency/placements/<uuid:public_id>/<slug:action>/",
        "agency/starts/<slug:day>/",
        "agency/steps/record/",
        "agency/vetting/",
        "agency/more-time/<uuid:public_id>/",
        "agency/more-time/<uuid:public_id>/<slug:action>/",
        "agency/steps/<uuid:public_id>/",
        "agency/steps/<uuid:public_id>/<slug:action>/",
        "agency/conflicts/<uuid:public_id>/",
        "agency/interviews/<uuid:public_id>/<slug:action>/",
        "agency/conflicts/<uuid:public_id>/<slug:action>/",
        "agency/conflicts/<uuid:public_id>/relationships/<uuid:relationship_id>/",
        "my/withdraw/",
        "my/information/",
        "my/offers/<uuid:public_id>/",
        "my/offers/<uuid:public_id>/accept/",
        "my/offers/<uuid:public_id>/decline/",
        "my/questions/<uuid:public_id>/",
        "my/review/<uuid:public_id>/",
        "my/service/steps/<uuid:public_id>/more-time/",
        "partner/nominations/<uuid:public_id>/",
        "partner/nominations/<uuid:public_id>/revoke/",
        "partner/nominations/<uuid:public_id>/terms/",
        "nomination/<uuid:public_id>/",
        "nomination/<uuid:public_id>/decline/",
    }
)
SIGNED_IN_PAGES = [
    Visit(PERSON, "/"),
    Visit(PERSON, "/openings/"),
    Visit(PERSON, "/my/"),
    Visit(EXPERIENCED, "/my/questions/"),
    Visit(EXPERIENCED, "/my/questions/ask/"),
    Visit(ACCEPTED, "/my/service/"),
    Visit(ACCEPTED, "/my/service/ethics/"),
    Visit(SERVING, "/my/service/"),
    Visit(CARE, "/admin/questions/"),
    Visit(CARE, "/admin/accommodations/"),
    Visit(PERSON, "/my/calendar/"),
    Visit(PERSON, "/demo/"),
    Visit(PERSON, "/accounts/email/"),
    Visit(PERSON, "/accounts/data/"),
    Visit(PERSON, "/accounts/close/"),
    Visit(PERSON, "/accounts/password/change/"),
    Visit(PERSON, "/accounts/profile/"),
    Visit(PERSON, "/accounts/2fa/"),
    Visit(PERSON, "/accounts/2fa/totp/activate/"),
    Visit(PERSON, "/accounts/3rdparty/"),
    Visit(PERSON, "/accounts/sessions/"),
    Visit(PERSON, "/accounts/logout/"),
    Visit(HR, "/agency/"),
    Visit(HR, "/agency/candidates/"),
    Visit(HR, "/agency/offers/"),
    Visit(HR, "/agency/placements/"),
    Visit(HR, "/agency/commitments/"),
    Visit(HR, "/reminders/"),
    Visit(HR, "/agency/numbers/"),
    Visit(ETHICS, "/agency/conflicts/"),
    Visit(ETHICS, "/agency/ethics/"),
    Visit(HR, "/agency/import/"),
    Visit(HR, "/agency/openings/"),
    Visit(HR, "/agency/openings/new/"),
    Visit(MEMBER, "/partner/"),
    Visit(MEMBER, "/partner/nominate/"),
    Visit(MEMBER, "/partner/colleagues/"),
    Visit(MEMBER, "/accounts/profile/"),
    Visit(MEMBER, "/accounts/2fa/"),
    Visit(MEMBER, "/accounts/2fa/totp/deactivate/"),
    Visit(MEMBER, "/accounts/2fa/recovery-codes/generate/"),
    Visit(MEMBER, "/accounts/2fa/webauthn/"),
    Visit(MEMBER, "/accounts/2fa/webauthn/add/"),
]


def visits() -> list[Visit]:
    return [*(Visit(PUBLIC, url) for url in public_urls()), *SIGNED_IN_PAGES]


def public_urls() -> list[str]:
    """Addresses without arguments whose view is open to everybody and shows a page to a stranger."""
    found = {
        f"/{route}"
        for route, view in routes().items()
        if "<" not in route and not getattr(view, "login_required", True)
    }
    return sorted(found - {f"/{route}" for route in (*NOT_PAGES, *IN_THE_MIDDLE)})


def forgotten() -> set[str]:
    """Addresses of pages that nobody visits; the admin's and old names that allauth leads on are left out."""
    visited = {resolve(visit.url, ADDRESSES).route for visit in visits()}
    return {
        route
        for route in routes()
        if route not in {*visited, *NOT_PAGES, *IN_THE_MIDDLE} and not route.startswith("accounts/social/")
    }


def routes() -> dict[str, object]:
    """Each address outside the admin and its view; where two share an address, the first answers."""
    found: dict[str, object] = {}
    for route, view in _views(get_resolver(ADDRESSES)):
        if not route.startswith("admin/"):
            found.setdefault(route, view)
    return found


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _views(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback
