"""The demonstration's stand-in for Login.gov, run for a test."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import pytest
import requests
from django.conf import settings
from django.test import override_settings

from techforce.demo.embedded import free_port
from techforce.demo.login_gov import launching
from techforce.demo.processes import resolve

ASSURANCE = "urn:acr.login.gov:auth-only"


@contextmanager
def running(directory: Path, origin: str) -> Iterator[str]:
    """The address of a stand-in that sends browsers back to this origin."""
    port = free_port()
    program, *arguments = launching.command(str(port), origin, directory)
    with subprocess.Popen([resolve(program), *arguments], stderr=subprocess.DEVNULL) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url)
            yield url
        finally:
            process.terminate()


def wait_for(url: str) -> None:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the stand-in did not start")


def using(url: str, key_file: Path) -> override_settings:
    """This application as a client of the provider at that address."""
    app = {"client_id": launching.CLIENT_ID, "settings": {"server_url": url, "assurance": ASSURANCE}}
    policy = deepcopy(settings.CONTENT_SECURITY_POLICY)
    policy["DIRECTIVES"]["form-action"].append(url)
    return override_settings(
        SOCIALACCOUNT_PROVIDERS={"login_gov": {"APPS": [app]}},
        LOGIN_GOV_PRIVATE_KEY_FILE=str(key_file),
        CONTENT_SECURITY_POLICY=policy,
    )
