"""Logs as JSON lines in which no personal data stands (I13)."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
DATABASE_DETAIL = re.compile(r"DETAIL:.*")
NINE_DIGITS = re.compile(r"\b\d{3}-?\d{2}-?\d{4}\b")
# The web server names the caller of a malformed request, and the whole address of one that broke: it may hold a token.
CALLER = re.compile(r"\bip=\S+")
QUERY = re.compile(r"(/\S*)\?\S+")
# The secret of a private calendar stands in its address, also where that was copied with a fault.
CALENDAR = re.compile(r"(?i)(?<!/my)/+calendar/+[^\s\"?]+")
UNWANTED = ("ip", "user_agent")


Event = MutableMapping[str, Any]


def scrub(text: str) -> str:
    """Without addresses of people and callers, numbers that look like a Social Security number, queries of web
    addresses, and the rows that PostgreSQL quotes in its errors."""
    text = DATABASE_DETAIL.sub("DETAIL: [row]", text)
    text = NINE_DIGITS.sub("[number]", ADDRESS.sub("[address]", text))
    text = CALENDAR.sub("/calendar/[secret]", text)
    return QUERY.sub(r"\1?[query]", CALLER.sub("ip=[caller]", text))


def scrub_event(logger: Any, method: str, event: Event) -> Event:
    """The last step before the line is written, so that tracebacks are scrubbed too, whoever wrote them."""
    return {name: scrub(value) if isinstance(value, str) else value for name, value in event.items()}


def forget_the_reader(logger: Any, method: str, event: Event) -> Event:
    """Who read a page from where stands in the access events where it matters, never in the logs."""
    for name in UNWANTED:
        event.pop(name, None)
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    forget_the_reader,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure() -> None:
    """Send structlog through the standard library, so that every line has the same form and the same filter."""
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def console() -> logging.Handler:
    """The one handler of every process: JSON lines on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(json_formatter())
    return handler


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            scrub_event,
            structlog.processors.JSONRenderer(),
        ],
    )
