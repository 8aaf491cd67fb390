"""Logs as JSON lines in which no personal data stands (I13)."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
NINE_DIGITS = re.compile(r"\b\d{3}-?\d{2}-?\d{4}\b")
UNWANTED = ("ip", "user_agent")


class PersonalDataFilter(logging.Filter):
    """Blank out addresses and what looks like a Social Security number, whoever wrote the line."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, dict):  # a structlog event on its way to the formatter
            record.msg = {name: scrub_value(value) for name, value in record.msg.items()}
        else:
            record.msg, record.args = scrub(record.getMessage()), ()
        return True


def scrub(text: str) -> str:
    return NINE_DIGITS.sub("[number]", ADDRESS.sub("[address]", text))


def scrub_value(value: Any) -> Any:
    return scrub(value) if isinstance(value, str) else value


def forget_the_reader(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
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


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
