"""Registry of the questions that `manage.py check_invariants` asks. Each is one SQL query that finds offenders; the
tests, the chaos run and beat use the same ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Invariant:
    """`code` as in trust.md; `find` returns one line for each offender, empty when all is well."""

    code: str
    sentence: str
    find: Callable[[], list[str]]


_INVARIANTS: dict[str, Invariant] = {}


def register(code: str, sentence: str, find: Callable[[], list[str]]) -> None:
    _INVARIANTS[f"{code} {sentence}"] = Invariant(code, sentence, find)


def all_invariants() -> tuple[Invariant, ...]:
    return tuple(_INVARIANTS[name] for name in sorted(_INVARIANTS))


def offenders(sql: str) -> Callable[[], list[str]]:
    """A finder from a query whose single column describes an offender."""

    def find() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return [str(row[0]) for row in cursor.fetchall()]

    return find


def broken() -> dict[Invariant, list[str]]:
    """Every invariant that does not hold, with its offenders."""
    found = {invariant: invariant.find() for invariant in all_invariants()}
    return {invariant: lines for invariant, lines in found.items() if lines}


register(
    "I8",
    "one reminder a subject, cycle, threshold, occurrence and recipient",
    offenders(
        """SELECT format('%s %s cycle %s %s', subject_type, subject_id, cycle, threshold) FROM core_reminderledger
           GROUP BY subject_type, subject_id, cycle, threshold, occurrence, recipient_id HAVING count(*) > 1"""
    ),
)
register(
    "I9",
    "every reminder of the ledger has its message",
    offenders("SELECT format('reminder %s', id) FROM core_reminderledger WHERE message_id IS NULL"),
)
register(
    "I10",
    "nothing is stuck unseen: no claim outlives its lease by ten minutes",
    offenders(
        """SELECT format('message %s', public_id) FROM core_outboxmessage
           WHERE delivery IN ('claimed', 'sending') AND leased_until < now() - interval '10 minutes'"""
    ),
)
register(
    "I10",
    "nothing is stuck unseen: no message is an hour late",
    offenders(
        """SELECT format('message %s', public_id) FROM core_outboxmessage
           WHERE delivery = 'pending' AND not_before < now() - interval '1 hour'"""
    ),
)
