from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from techforce.demo.sink import Mailbox

HERE = {"HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture(autouse=True)
def _demo(settings: LazySettings) -> None:
    settings.DEMO = True


@pytest.fixture
def client() -> Client:
    """A browser on this machine."""
    return Client(**HERE)


@pytest.fixture(scope="module")
def _loaded(django_db_setup: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demonstration's data, once for all tests of a file: each starts inside this transaction."""
    with django_db_blocker.unblock(), override_settings(DEMO=True), transaction.atomic():
        call_command("seed", verbosity=0)
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    monkeypatch.setenv("MAIL_DIR", str(tmp_path))
    return Mailbox(tmp_path)
