"""Which pages the browser tests and the screenshots visit.

Public pages come from the URL configuration, so a new one is visited without anybody listing it. A signed-in
page is listed by the role that opens it; the admin's pages are those that its first page links to.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

PUBLIC, PERSON = "public", "person"
WIDTHS = (320, 390, 1440)


class Visit(NamedTuple):
    role: str
    url: str


# Public addresses that answer with something other than a page.
NOT_PAGES = frozenset({"/healthz"})

# What each role opens after signing in; add a line with each new page.
SIGNED_IN_PAGES = [
    Visit(PERSON, "/"),
    Visit(PERSON, "/accounts/email/"),
    Visit(PERSON, "/accounts/password/change/"),
    Visit(PERSON, "/accounts/profile/"),
    Visit(PERSON, "/accounts/2fa/"),
    Visit(PERSON, "/accounts/2fa/totp/activate/"),
    Visit(PERSON, "/accounts/2fa/webauthn/"),
    Visit(PERSON, "/accounts/2fa/webauthn/add/"),
    Visit(PERSON, "/accounts/3rdparty/"),
    Visit(PERSON, "/accounts/sessions/"),
    Visit(PERSON, "/accounts/logout/"),
]


def visits() -> list[Visit]:
    return [*(Visit(PUBLIC, url) for url in public_urls()), *SIGNED_IN_PAGES]


def public_urls() -> list[str]:
    """Addresses without arguments whose view is open to everybody."""
    found = {
        f"/{route}" for route, view in _views(get_resolver()) if not getattr(view, "login_required", True)
    }
    return sorted(found - NOT_PAGES)


def _views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _views(entry, route)
        elif isinstance(entry, URLPattern) and not entry.pattern.regex.groupindex and "(" not in route:
            yield route.replace("^", "").replace("$", ""), entry.callback
