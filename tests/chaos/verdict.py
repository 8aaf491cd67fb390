"""What the receiver has in the end, beside what it should have."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from techforce.demo.sink import parse
from tests.chaos.house import House

MESSAGES = """
    SELECT '<' || public_id || '@techforce.example>', subject_id, recipient_id, context ->> 'threshold'
    FROM core_outboxmessage WHERE template_key = 'deadline_reminder'
"""
UNSETTLED = """
    SELECT (SELECT count(*) FROM core_outboxmessage WHERE delivery IN ('pending', 'claimed', 'sending'))
        + (SELECT count(*) FROM placements_checklistitem WHERE next_reminder_at <= now())
"""

Reminder = tuple[Any, ...]


@dataclass(frozen=True)
class Verdict:
    lost: set[Reminder]
    """Subject and recipient of reminders that never arrived."""
    sent_twice: dict[str, int]
    """By Message-ID."""
    said_twice: dict[Reminder, int]
    """By subject, recipient and threshold."""
    unknown: set[str]
    """Messages that no row of the outbox explains."""
    arrived: int
    tried_again: int


def unsettled(house: House) -> int:
    (count,) = house.ask(UNSETTLED)[0]
    return int(count)


def judge(house: House, wanted: set[Reminder]) -> Verdict:
    arrived = Counter(
        str(parse(path.read_bytes())["Message-ID"]) for path in house.mailbox.directory.glob("*.eml")
    )
    known = {message_id: tuple(rest) for message_id, *rest in house.ask(MESSAGES)}
    said = Counter(known[message_id] for message_id in arrived.elements() if message_id in known)
    (tried_again,) = house.ask("SELECT count(*) FROM core_outboxmessage WHERE attempts > 1")[0]
    return Verdict(
        lost=wanted - {reminder[:2] for reminder in said},
        sent_twice={message_id: times for message_id, times in arrived.items() if times > 1},
        said_twice={reminder: times for reminder, times in said.items() if times > 1},
        unknown=set(arrived) - set(known),
        arrived=arrived.total(),
        tried_again=tried_again,
    )
