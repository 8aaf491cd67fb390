"""The test bed, hostile on purpose: what production forgives fails here.

Warnings are errors (pyproject.toml). A template of ours that prints an undefined variable fails. A queryset
without an order comes back shuffled. A connection to any other machine fails. Mail stays in a list.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests import hostility
from tests.template_database import django_db_modify_db_settings, django_db_setup

__all__ = ["django_db_modify_db_settings", "django_db_setup"]

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure() -> None:
    options = settings.TEMPLATES[0]["OPTIONS"]
    options["string_if_invalid"] = hostility.UndefinedVariable(ROOT)


@pytest.fixture(autouse=True)
def _unordered_querysets_come_shuffled(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "ordered" not in request.keywords:
        hostility.shuffle_unordered_querysets(monkeypatch)


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine_is_reached() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        hostility.refuse_other_machines(monkeypatch)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared real data, which lies beside the repository and is never copied into it."""
    path = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        skip_unless_ci(f"the shared data is not at {path}; set SHARED_DATA to where it is")
    return path


def skip_unless_ci(reason: str) -> None:
    """On a build server nothing may be left out: there the missing part is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
