"""What the command shows, the ladders of the reference, and the two dates of a placement (domain.md §6.2 and §6.3)."""

import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements.models import ChecklistItem, Placement
from placements.reminders import PLACEMENT
from placements.reminders.ladders import DECLARED, ladder_of_step, rungs
from placements.services import read_seed
from techforce.accounts.models import OpmRole
from techforce.core import reminders
from techforce.core.ladders.thresholds import next_after
from techforce.core.models import OutboxMessage, ReminderLedger
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.partners import LeaveFactory, PartnerMembershipFactory
from tests.placements.reminding import (
    DUE,
    at,
    dry_run,
    owner_of,
    step,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]

# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_shows_what_would_go_to_whom_by_which_rule_and_when() -> None:
    item = step()
    assert dry_run("2026-12-24T09:00") == [
        {
            "rule": "checklist_item",
            "about": "A19",
            "subject": str(item.public_id),
            "due_on": "2026-12-30",
            "threshold": "-7d",
            "occurrence": 1,
            "recipient": owner_of(item).email,
            "message": "deadline_reminder",
            "leaves_at": "2026-12-24T09:00-05:00",
        }
    ]


def test_a_dry_run_as_of_a_day_that_is_over_says_when_it_would_have_left() -> None:
    """Not this moment, in which nothing leaves."""
    with time_machine.travel(at("2026-11-10T09:00"), tick=False):
        step(due_on=datetime.date(2026, 11, 20))
    (line,) = dry_run("2026-11-13T09:00")
    assert line["leaves_at"].startswith("2026-11-13T")


def test_a_dry_run_leaves_nothing_behind() -> None:
    item = step()
    dry_run("2026-12-24T09:00")
    assert not ReminderLedger.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert ChecklistItem.objects.get(pk=item.pk).next_reminder_at == at("2026-12-16T00:00")


def test_without_dry_run_it_queues_once() -> None:
    step(due_on=datetime.date(2026, 12, 2))
    out = StringIO()
    with time_machine.travel(at("2026-12-02T09:00")):
        call_command("send_reminders", stdout=out)
        call_command("send_reminders", stdout=out)
    assert out.getvalue().splitlines() == ["1 reminders queued.", "0 reminders queued."]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--dry-run", "--at", "Christmas"], "--at is a moment"),
        (["--dry-run", "--at", "9999-12-31T23:59"], "--at lies in the years 2000 to 2100"),
        (["--dry-run", "--at", "2027-03-14T02:30"], "Washington has no 2027-03-14T02:30"),
        (["--at", "2026-12-24T09:00"], "need --dry-run"),
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as raised:
        call_command("send_reminders", *arguments)
    assert raised.value.returncode == 2


def test_the_text_is_for_people() -> None:
    item = step()
    out = StringIO()
    call_command("send_reminders", "--dry-run", "--at", "2026-12-24T09:00", stdout=out)
    assert owner_of(item).email in out.getvalue()
    assert "checklist_item A19 -7d (due 2026-12-30" in out.getvalue()


# ── The ladders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def days(code: str, due_on: str, starts_on: str = "2026-11-30") -> list[str]:
    """The days before the due date on which something goes, first to last."""
    due = datetime.date.fromisoformat(due_on)
    key = code if code in DECLARED else ladder_of_step(code)
    ladder = rungs(key, due, datetime.date.fromisoformat(starts_on))
    moment, found = at("2026-01-01T00:00"), []
    while (following := next_after(ladder, due, moment)) and following.date() <= due:
        found.append(following.date().isoformat())
        moment = following
    return found


@pytest.mark.parametrize(
    ("code", "due_on", "expected"),
    [
        ("A19", "2026-12-30", ["2026-12-16", "2026-12-23", "2026-12-28", "2026-12-30"]),
        ("A21", "2027-02-28", ["2026-12-30", "2027-01-29", "2027-02-12", "2027-02-24"]),
        ("V09", "2026-10-23", ["2026-10-16", "2026-10-19", "2026-10-22", "2026-10-23"]),
        ("V08", "2026-10-20", ["2026-10-16", "2026-10-19", "2026-10-20"]),
        ("A09", "2026-10-20", ["2026-10-13", "2026-10-16", "2026-10-20"]),
        ("A24", "2027-02-15", ["2027-01-15", "2027-02-01", "2027-02-10", "2027-02-12"]),
        ("A27", "2028-10-30", ["2028-08-31", "2028-09-29", "2028-10-30"]),
        (
            "entry_on_duty",
            "2026-11-30",
            ["2026-11-05", "2026-11-13", "2026-11-20", "2026-11-24", "2026-11-27"],
        ),
        ("A06", "2026-10-13", ["2026-10-06", "2026-10-08", "2026-10-13"]),
    ],
)
def test_rungs_fall_on_the_days_of_the_reference(code: str, due_on: str, expected: list[str]) -> None:
    """A21: thirty and sixty days after entry on duty (January 29), 14 days before (Sunday), three business days before.
    A24: the due date itself is Washington's Birthday. A27: September 30, 2028 is a Saturday."""
    assert days(code, due_on) == expected


def test_every_ladder_of_a_step_names_a_step() -> None:
    codes = {step.code for template in read_seed() for step in template.steps}
    assert {code for one in DECLARED.values() for code in one.steps} <= codes


# ── Entry on duty and the end of the term ────────────────────────────────────────────────────────────────────────────


def watched(placement: Placement, due_on: datetime.date) -> Placement:
    reminders.move_due_date(placement, PLACEMENT, due_on)
    return placement


def test_hr_is_reminded_of_a_start_that_is_not_ready_and_at_last_opm_too() -> None:
    placement = watched(made.PlacementFactory(starts_on=DUE), DUE)
    hr = agency_member("hr_specialist", agency=placement.opening.agency)
    opm = opm_staff(OpmRole.CASE_MANAGER)
    assert told("2026-12-22T09:00") == {hr.email}
    assert told("2026-12-29T09:00") == {hr.email, opm.email}
    about = {line["about"] for line in dry_run("2026-12-29T09:00") if line["rule"] == "placement"}
    assert about == {"entry_on_duty"}


def test_the_end_of_a_term_is_told_half_a_year_ahead_the_company_included() -> None:
    placement = made.LentPlacementFactory(status="active", entry_recorded_at=timezone.now())
    LeaveFactory(nomination=placement.nomination)
    watched(placement, placement.ends_on)
    hr = agency_member("hr_specialist", agency=placement.opening.agency)
    coordinator = PartnerMembershipFactory(partner=placement.nomination.partner).user
    moment = (placement.ends_on - datetime.timedelta(days=178)).isoformat()
    lines = {line["recipient"]: line["message"] for line in dry_run(f"{moment}T09:00")}
    assert lines == {hr.email: "staff_digest", coordinator.email: "deadline_reminder"}


def test_a_sweep_of_three_steps_costs_as_many_queries_as_one() -> None:
    one, *others = (step() for _n in range(4))
    counts = []
    reminders.sweep(now=at("2026-12-16T00:05"))  # what stands in other tables is watched from now on
    ReminderLedger.objects.all().delete()
    for items in ([one], others):
        moment = timezone.now() - datetime.timedelta(days=1)
        ChecklistItem.objects.update(next_reminder_at=None)
        ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).update(next_reminder_at=moment)
        with CaptureQueriesContext(connection) as captured:
            assert reminders.sweep(now=at("2026-12-16T00:05")) == len(items)
        counts.append(len(captured))
    assert counts[0] == counts[1]
