"""The test bed is as hostile as it says."""

import socket
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context, Origin, Template

from tests.hostility import OtherMachineRefusedError

ROOT = Path(__file__).resolve().parents[2]


def render(source: str, path: Path) -> str:
    return Template(source, origin=Origin(str(path))).render(Context({"known": "here"}))


def test_an_undefined_variable_in_a_template_of_ours_fails() -> None:
    assert render("{{ known }}", ROOT / "templates" / "page.html") == "here"

    with pytest.raises(pytest.fail.Exception, match="undefined variable nothing"):
        render("{% if known %}{{ nothing|upper }}{% endif %}", ROOT / "templates" / "page.html")


@pytest.mark.parametrize(
    "source", ["{{ nothing|default:'none' }}", "{% if nothing %}{% else %}none{% endif %}"]
)
def test_a_variable_that_may_be_missing_says_so(source: str) -> None:
    assert render(source, ROOT / "templates" / "page.html") == "none"


def test_templates_of_packages_are_left_alone() -> None:
    assert render("[{{ nothing }}]", ROOT / ".venv" / "lib" / "admin.html") == "[]"


def test_another_machine_is_not_reached() -> None:
    with pytest.raises(OtherMachineRefusedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OtherMachineRefusedError):
        socket.getaddrinfo("techforce.example", 443)


@pytest.mark.django_db
def test_an_unordered_queryset_comes_shuffled_and_an_ordered_one_does_not() -> None:
    unordered = {tuple(ContentType.objects.values_list("pk", flat=True)) for _ in range(8)}
    ordered = {tuple(ContentType.objects.order_by("pk").values_list("pk", flat=True)) for _ in range(8)}

    assert len(unordered) > 1
    assert len(ordered) == 1
