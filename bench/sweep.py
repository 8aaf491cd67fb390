"""A sweep for reminders over a great many checklist items, beside the least that a queue in a table can cost.

`prepare` makes both in the database that DATABASE_URL names and prints the figures of every round as JSON.

Measured on November 23, 2026, over 200,000 items on two cores that were busy with something else all the time, 60
interleaved rounds: an empty sweep as fast as the question to the floor (0.96 to 1.2 of its rate); claims 5,000 to
20,000 a second beside 18,000 to 88,000 rows of the floor, 15 to 59 percent, median 27. A step is a row of 35 columns
with ten indexes, and taking it moves it in each of them; the floor's has three columns and two.
"""

import datetime
import json
import os
import time
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

ROUNDS, DUE, TRIES = 3, 2_000, 50
BATCH = 500
# The floor: one table, one partial index, nothing to decide.
FLOOR = """
    CREATE TABLE bench_queue AS SELECT n AS id, now() + n * interval '1 second' AS at, repeat('x', 200) AS payload
        FROM generate_series(1, %s) AS n;
    ALTER TABLE bench_queue ADD PRIMARY KEY (id);
    CREATE INDEX bench_queue_at ON bench_queue (at) WHERE at IS NOT NULL;
"""
CLAIM = """
    UPDATE {table} SET {column} = NULL WHERE id IN (
        SELECT id FROM {table} WHERE {column} <= %s ORDER BY {column}, id LIMIT %s FOR UPDATE SKIP LOCKED)
"""
CLAIM_OF_FLOOR = CLAIM.format(table="bench_queue", column="at")
CLAIM_OF_STEPS = CLAIM.format(table="placements_checklistitem", column="next_reminder_at")


def prepare(items: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
    os.environ["STATEMENT_TIMEOUT_MS"] = "0"
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_scale", items=items, due=ROUNDS * DUE)
    run(FLOOR, items)
    run("VACUUM ANALYZE")
    from techforce.core import reminders

    rounds = {
        "empty": empty_rounds(),
        "claimed": due_rounds(lambda: claim_all(CLAIM_OF_STEPS)),
        "due": due_rounds(reminders.sweep),
        **mail_rounds(),
    }
    print(json.dumps(rounds, separators=(",", ":")))


def empty_rounds() -> list[tuple[float, float]]:
    """Sweeps by the rule of the steps that find nothing, and questions to the floor; both a second."""
    from placements.reminders import CHECKLIST_ITEM
    from techforce.core.reminders.engine import _sweep_rule as sweep_rule

    long_ago = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
    return [
        (
            rate(lambda: sweep_rule(CHECKLIST_ITEM, long_ago), TRIES),
            rate(lambda: claim(CLAIM_OF_FLOOR, long_ago), TRIES),
        )
        for _ in range(ROUNDS)
    ]


def due_rounds(work: Callable[[], Any]) -> list[tuple[float, float]]:
    """Steps a second that are taken from those that are due, and rows of the floor."""
    from placements.models import ChecklistItem

    due = ChecklistItem.objects.filter(next_reminder_at__lte=timezone.now())
    keys, rounds = list(due.order_by("pk").values_list("pk", flat=True)), []
    due.update(next_reminder_at=None)
    for start in range(0, ROUNDS * DUE, DUE):
        ChecklistItem.objects.filter(pk__in=keys[start : start + DUE]).update(next_reminder_at=timezone.now())
        run("UPDATE bench_queue SET at = now() WHERE id > %s AND id <= %s", start, start + DUE)
        rounds.append((DUE * rate(work), DUE * rate(lambda: claim_all(CLAIM_OF_FLOOR))))
    ChecklistItem.objects.filter(pk__in=keys).update(next_reminder_at=timezone.now())
    return rounds


def mail_rounds() -> dict[str, list[tuple[float, float]]]:
    """Mails a second of those that the sweeps have queued, and of finished ones with a commit before each."""
    from bench import mail

    rounds: dict[str, list[tuple[float, float]]] = {"mail": [], "announced": []}
    with mail.receiver() as port:
        parcel = mail.finished()
        for _ in range(ROUNDS):
            mail.let_leave(mail.MAILS)
            ours = rate(lambda: mail.send_all(port))
            floor = rate(lambda: mail.send_finished(port, mail.MAILS, parcel))
            announced = rate(lambda: mail.send_finished(port, mail.MAILS, parcel, announce))
            rounds["mail"].append((mail.MAILS * ours, mail.MAILS * floor))
            rounds["announced"].append((mail.MAILS * announced, mail.MAILS * floor))
    return rounds


def announce(number: int) -> None:
    """This one begins, the one before has arrived; committed."""
    run("UPDATE bench_queue SET at = now() WHERE id IN (%s, %s)", number + 1, number + 2)


def claim_all(statement: str) -> None:
    now = timezone.now()
    while claim(statement, now):
        pass


def claim(statement: str, now: datetime.datetime) -> int:
    with transaction.atomic():
        return run(statement, now, BATCH)


def run(statement: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


def rate(work: Callable[[], Any], times: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(times):
        work()
    return times / (time.perf_counter() - began)
