"""Checklists by the thousand, and what a sweep over them reads."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from placements.models import ChecklistItem, Placement
from techforce.core import invariants, reminders
from techforce.core.models import ReminderLedger
from techforce.demo.scale import PATTERNS, load_scale

ITEMS, DUE = 20_000, 600

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_scaled")]


@pytest.fixture(scope="module")
def _scaled(django_db_setup: Any, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Once for all tests of this file: each starts inside this transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_scale", items=ITEMS, due=DUE, verbosity=0)
        yield
        transaction.set_rollback(True)


def test_there_are_as_many_items_as_asked_for_and_each_person_has_a_whole_checklist() -> None:
    assert ITEMS <= ChecklistItem.objects.count() < 1.1 * ITEMS
    people = Placement.objects.values("applicant__user").distinct().count()
    assert people == Placement.objects.count()
    assert ChecklistItem.objects.count() % people == 0


def test_their_dates_spread_over_half_a_year() -> None:
    starts = set(Placement.objects.values_list("starts_on", flat=True))
    assert len(starts) == PATTERNS
    assert max(starts) - min(starts) >= timedelta(weeks=25)


def test_all_that_must_always_hold_holds() -> None:
    assert invariants.broken() == {}


def test_those_that_are_due_remind_one_person_each() -> None:
    assert reminders.sweep() == DUE
    assert ReminderLedger.objects.values("subject_id").distinct().count() == DUE


def test_more_can_be_loaded_later() -> None:
    before = ChecklistItem.objects.count()
    assert load_scale(1) == ChecklistItem.objects.count() - before > 0


def test_refused_where_this_is_no_demonstration(settings: LazySettings) -> None:
    settings.DEMO = settings.TESTING = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_scale")


# ── What a sweep reads ───────────────────────────────────────────────────────────────────────────────────────────────


def questions(sweep: Callable[[], Any]) -> list[str]:
    """The statements with which a sweep finds the steps whose time has come."""
    with CaptureQueriesContext(connection) as captured:
        sweep()
    table = ChecklistItem._meta.db_table
    return [q["sql"] for q in captured if f'"{table}"."next_reminder_at" <=' in q["sql"]]


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())


def empty_sweep() -> None:
    assert reminders.sweep(now=timezone.now() - timedelta(days=1)) == 0


@pytest.mark.parametrize("sweep", [empty_sweep, reminders.sweep])
def test_a_sweep_reads_the_partial_index(sweep: Callable[[], Any]) -> None:
    plans = [plan_of(question) for question in questions(sweep)]
    assert plans
    assert all("item_reminders" in plan and "Seq Scan" not in plan for plan in plans)


def test_control_without_the_index_every_row_is_read() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX item_reminders")
    assert "Seq Scan on placements_checklistitem" in plan_of(questions(empty_sweep)[0])


def test_steps_are_taken_in_batches_that_no_other_sweep_waits_for() -> None:
    taken = [question for question in questions(reminders.sweep) if "SKIP LOCKED" in question]
    assert len(taken) == DUE // reminders.BATCH + 1
    assert all(f"LIMIT {reminders.BATCH}" in question for question in taken)
