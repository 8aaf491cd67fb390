"""No personal data in logs (I13), whoever writes the line."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.db import IntegrityError, transaction

from techforce.accounts.models import User
from techforce.core import logs
from tests.factories.accounts import UserFactory


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the console would show."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.json_formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_an_address_and_a_number_are_blanked_in_a_plain_line(lines: StringIO) -> None:
    logging.getLogger("other").error("mail to %s about 078-05-1120 failed", "ana@example.org")
    assert json.loads(lines.getvalue())["event"] == "mail to [address] about [number] failed"


def test_a_broken_address_is_named_without_its_query(lines: StringIO) -> None:
    logging.getLogger("gunicorn.error").error("Error handling request %s", "/invitations/7/?token=secret")
    assert json.loads(lines.getvalue())["event"] == "Error handling request /invitations/7/?[query]"


def test_they_are_blanked_in_a_structured_line_without_ip_and_browser(lines: StringIO) -> None:
    structlog.get_logger("ours").error("failed", to="ana@example.org", ip="192.0.2.7", user_agent="Browser")
    written = lines.getvalue()
    assert "ana@" not in written
    assert "192.0.2.7" not in written
    assert json.loads(written)["to"] == "[address]"


@pytest.mark.django_db
def test_a_traceback_does_not_quote_the_row_that_was_refused(lines: StringIO) -> None:
    taken = UserFactory(email="jane.canary@example.org", full_name="Jane Canary")
    try:
        with transaction.atomic():
            User.objects.create(email=taken.email, full_name=taken.full_name)
    except IntegrityError:
        structlog.get_logger("ours").exception("refused")
    written = lines.getvalue()
    assert "IntegrityError" in written
    assert "anary" not in written
