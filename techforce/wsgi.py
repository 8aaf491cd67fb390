"""The web process's entry point."""

import os
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")

CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']*)", re.IGNORECASE)
HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
]


class Utf8Only:
    """Answer 400 to a request in another character set. Django would decode even the address with it, before any
    middleware could refuse, and some codecs of Python are no character sets at all (hex, zlib)."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        named = CHARSET.search(environ.get("CONTENT_TYPE", ""))
        if named is None or named[1].lower() in ("utf-8", "utf8", "us-ascii"):
            return self.application(environ, start_response)
        start_response("400 Bad Request", HEADERS)
        return [b"Send this in UTF-8.\n"]


application = Utf8Only(get_wsgi_application())
