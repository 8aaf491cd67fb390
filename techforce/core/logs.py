"""Logs as JSON lines in which no personal data stands (I13)."""

import logging
import re

import structlog

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
NINE_DIGITS = re.compile(r"\b\d{3}-?\d{2}-?\d{4}\b")


class PersonalDataFilter(logging.Filter):
    """Blank out addresses and what looks like a Social Security number, whoever wrote the line."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = scrub(record.getMessage()), ()
        return True


def scrub(text: str) -> str:
    return NINE_DIGITS.sub("[number]", ADDRESS.sub("[address]", text))


def json_formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
    )
