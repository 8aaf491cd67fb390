"""Who may open the demonstration's pages: somebody who sits at this machine."""

import functools
import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

View = Callable[..., HttpResponse]


def demo_page(view: View) -> View:
    """Open to everybody without signing in, on this machine only, and only in a demonstration; else 404.

    These pages hand out sign-ins and show other people's mail. Both the address that the browser asked for and the
    one that it comes from must be loopback, so neither a name that points here nor a tunnel to the port suffices.
    """

    @functools.wraps(view)
    def check(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (settings.DEMO and is_local(request)):
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(check))


def is_local(request: HttpRequest) -> bool:
    return is_loopback(host_of(request)) and is_loopback(request.META.get("REMOTE_ADDR", ""))


def host_of(request: HttpRequest) -> str:
    """The name in the Host header without the port and without the brackets of an IPv6 address."""
    name, _separator, port = request.get_host().rpartition(":")
    host = name if name and port.isdigit() else request.get_host()
    return host.strip("[]")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
