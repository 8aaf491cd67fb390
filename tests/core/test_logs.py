"""No personal data in logs (I13), whoever writes the line."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from techforce.core import logs


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the console would show."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(logs.PersonalDataFilter())
    handler.setFormatter(logs.json_formatter())
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def test_an_address_and_a_number_are_blanked_in_a_plain_line(lines: StringIO) -> None:
    logging.getLogger("other").error("mail to %s about 078-05-1120 failed", "ana@example.org")
    assert json.loads(lines.getvalue())["event"] == "mail to [address] about [number] failed"


def test_they_are_blanked_in_a_structured_line_without_ip_and_browser(lines: StringIO) -> None:
    structlog.get_logger("ours").error("failed", to="ana@example.org", ip="192.0.2.7", user_agent="Browser")
    written = lines.getvalue()
    assert "ana@" not in written
    assert "192.0.2.7" not in written
    assert json.loads(written)["to"] == "[address]"
