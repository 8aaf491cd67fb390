"""Asks the health page about one part, for the health checks of containers and for the launcher.

    python -m techforce.probe worker        (exit code 0 if the part is well)

It needs no database and no Django, so it is cheap to run every few seconds. PROBE_URL names the page.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO

DEFAULT_URL = "http://127.0.0.1:8000/healthz"
TIMEOUT_S = 5


def report(url: str, host: str = "") -> dict[str, object]:
    """What the health page says; nothing while web does not answer."""
    request = urllib.request.Request(url, headers={"Host": host} if host else {})  # noqa: S310 (our own page)
    try:
        with answer_to(request) as answer:
            parts: dict[str, object] = json.load(answer)
    except (OSError, ValueError):
        return {}
    return {"web": "ok", **parts}


def answer_to(request: urllib.request.Request) -> IO[bytes]:
    """The answer whatever its code: with 503 the page says which part is not well."""
    try:
        opened: IO[bytes] = urllib.request.urlopen(request, timeout=TIMEOUT_S)  # noqa: S310
    except urllib.error.HTTPError as error:
        return error
    return opened


def is_well(parts: Mapping[str, object], *names: str) -> bool:
    return all(parts.get(name) == "ok" for name in names)


def main() -> int:
    # The page answers only to a name that the deployment serves.
    host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip()
    parts = report(os.environ.get("PROBE_URL", DEFAULT_URL), host)
    return 0 if is_well(parts, *sys.argv[1:]) else 1


if __name__ == "__main__":
    sys.exit(main())
