"""Ladders as administrators may change them: what is refused, what the law keeps, what a change would send, and what
becomes of those who are on the way."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.errors import NotPermitted, Refused
from techforce.core.ladders import declared
from techforce.core.models import AuditEvent, Ladder, ReminderLedger
from techforce.core.reminders import current_ladders, ladder_changes
from techforce.core.reminders.acknowledging import acknowledge
from techforce.core.reminders.registry import rules
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.placements.reminding import at, owner_of, step
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DISCLOSURE, FINGERPRINTS = "new_entrant_disclosure", "fingerprints"
STARTING = ["-14d", "-7d", "-2bd", "0d", "+1bd > owner supervisor", "+7d", "+14d > owner ethics_official"]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """A19 is due on Wednesday, December 30."""
    current_ladders.read_anew()
    with time_machine.travel(at("2026-11-30T10:00"), tick=False) as traveller:
        yield traveller
    current_ladders.read_anew()


@pytest.fixture
def ladder() -> Ladder:
    ladder_changes.seed_ladders()
    return Ladder.objects.get(key=DISCLOSURE)


def administrator() -> User:
    return opm_staff(OpmRole.ADMINISTRATOR)


def change(ladder: Ladder, *texts: str) -> Ladder:
    ladder.refresh_from_db()
    with time_machine.travel(timezone.now(), tick=False):
        changed = ladder_changes.change_ladder(
            ladder=ladder, texts=texts, version=ladder.version, by=administrator()
        )
    current_ladders.read_anew()
    return changed


def said(clock: Any, *days: str) -> dict[str, str]:
    """Day by day: the rungs of which the person of a step is told."""
    found = {}
    for day in days:
        clock.move_to(at(f"{day}T09:00"), tick=False)
        before = set(ReminderLedger.objects.values_list("pk", flat=True))
        reminders.sweep_due()
        new = ReminderLedger.objects.exclude(pk__in=before).order_by("pk")
        if codes := " ".join(dict.fromkeys(new.values_list("threshold", flat=True))):
            found[day[5:]] = codes
    return found


# ── One shape, one place ──────────────────────────────────────────────────────────────────────────
def test_every_rule_reads_declared_ladders_and_every_ladder_has_its_rule() -> None:
    assert {key for rule in rules() for key in rule.ladders} == set(declared())


def test_seeding_gives_each_ladder_a_row_and_leaves_alone_what_staff_changed(ladder: Ladder) -> None:
    assert ladder.rungs == STARTING
    assert set(Ladder.objects.values_list("key", flat=True)) == set(declared())
    change(ladder, "-21d", *STARTING)
    assert not ladder_changes.seed_ladders().updated
    assert Ladder.objects.get(key=DISCLOSURE).rungs == ["-21d", *STARTING]
    change(ladder, *STARTING)
    assert not Ladder.objects.get(key=DISCLOSURE).is_own
    Ladder.objects.filter(key=DISCLOSURE).update(rungs=["0d"])  # as an older release had it
    assert ladder_changes.seed_ladders().updated == {"Ladder": 1}


# ── What is refused ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["-14d", "tomorrow", "0d"], "“tomorrow” is no rung"),
        (["-14d", "+9999d"], "“[+]9999d” is no rung"),
        (["0d", "+1d/0d"], "“[+]1d/0d” is no rung"),
        (["0d > owner neighbor"], "names neighbor, whom"),
        (["TERM-3d", "0d"], "counts from a date that this ladder does not have"),
        (["-7d", "-14d", "0d"], "“-14d” comes before “-7d”"),
        (["-2bd", "-2bd > supervisor", "0d"], "“-2bd” stands there twice"),
        ([], "at least one rung"),
        (
            [
                (
                    "0d > owner supervisor security_officer ethics_official hiring_manager hr_specialist adjudicator"
                    " investigator agency_head credentialing_office opm"
                )
            ],
            "longer than 120 characters",
        ),
        ([f"-{days}d" for days in range(60, 30, -1)], "at most 24"),
    ],
)
def test_what_contradicts_itself_is_refused_in_a_sentence(texts: list[str], sentence: str) -> None:
    ladder_changes.seed_ladders()
    row = Ladder.objects.get(key=FINGERPRINTS)
    with pytest.raises(Refused, match=sentence):
        change(row, *texts)
    assert Ladder.objects.get(key=FINGERPRINTS).version == 1


@pytest.mark.parametrize(
    "texts",
    [
        [text for text in STARTING if text != "0d"],
        [text.replace("0d", "0d > supervisor") if text == "0d" else text for text in STARTING],
        [text for text in STARTING if not text.startswith("+1bd")],
        [text.replace("owner supervisor", "owner") for text in STARTING],
    ],
)
def test_the_day_of_the_law_and_what_follows_it_stay(ladder: Ladder, texts: list[str]) -> None:
    with pytest.raises(Refused, match="The law sets this date"):
        change(ladder, *texts)


def test_a_legal_ladder_may_gain_rungs_and_lose_others(ladder: Ladder) -> None:
    gained = ["-21d", "0d > owner supervisor", "+1bd > owner supervisor ethics_official"]
    assert change(ladder, *gained).rungs == gained


def test_the_database_takes_no_other_words(ladder: Ladder) -> None:
    for rungs in ([], ["soon"], ["0d", "0d; DROP TABLE"], ["0d >  owner"], ["0d", None], ["0d;+1d"]):
        with pytest.raises(IntegrityError, match="ladder_of_rungs"), transaction.atomic():
            Ladder.objects.filter(pk=ladder.pk).update(rungs=rungs)


# ── Those who are on the way ──────────────────────────────────────────────────────────────────────
def test_a_change_holds_from_the_next_tick_and_repeats_nothing(clock: Any, ladder: Ladder) -> None:
    """The new -5bd falls on the 22nd, a day before the old -7d that went by; -3d on the 27th, a Sunday."""
    item = step()
    assert said(clock, "2026-12-16", "2026-12-23") == {"12-16": "-14d", "12-23": "-7d"}
    change(ladder, "-15d", "-8d", "-5bd", "-3d", "0d", "+1bd > owner supervisor", "+3d")
    assert said(clock, "2026-12-23", "2026-12-24", "2026-12-28", "2026-12-29") == {"12-24": "-3d"}
    assert said(clock, "2026-12-30", "2026-12-31", "2027-01-04") == {
        "12-30": "0d", "12-31": "+1bd", "01-04": "+3d",
    }  # fmt: skip
    assert ReminderLedger.objects.filter(subject_id=item.pk).count() == 6
    ladder.refresh_from_db()
    assert ladder.followed_version == ladder.version == 2


def test_what_has_come_and_is_not_swept_yet_is_not_lost(clock: Any, ladder: Ladder) -> None:
    step()
    clock.move_to(at("2026-12-16T08:00"), tick=False)
    change(ladder, "-14d", "0d", "+1bd > owner supervisor")
    assert said(clock, "2026-12-16", "2026-12-23", "2026-12-30") == {"12-16": "-14d", "12-30": "0d"}


def test_what_a_row_missed_that_began_on_its_day_is_not_lost(clock: Any, ladder: Ladder) -> None:
    """A row that begins on the day itself waits for the next tick, not for a midnight; the change comes first."""
    clock.move_to(at("2026-12-30T10:00"), tick=False)
    step()
    change(ladder, *STARTING, "+21d")
    clock.move_to(at("2026-12-30T10:01"), tick=False)
    reminders.sweep_due()
    assert [entry.threshold for entry in ReminderLedger.objects.all()] == ["0d"]


def test_what_another_process_dates_by_the_former_rungs_follows_too(clock: Any, ladder: Ladder) -> None:
    """It may keep them for a minute; the sweep has already followed once."""
    change(ladder, "-21d", *STARTING)
    reminders.sweep_due()
    late = step()
    ChecklistItem.objects.filter(pk=late.pk).update(next_reminder_at=at("2026-12-16T00:00"))
    clock.move_to(at("2026-11-30T10:01"), tick=False)
    reminders.sweep_due()
    assert ChecklistItem.objects.get(pk=late.pk).next_reminder_at == at("2026-12-09T00:00")
    ladder.refresh_from_db()
    assert ladder.followed_version < ladder.version
    clock.move_to(at("2026-11-30T10:05"), tick=False)
    reminders.sweep_due()
    ladder.refresh_from_db()
    assert ladder.followed_version == ladder.version


def test_a_worker_with_other_files_leaves_a_change_to_those_of_its_release(ladder: Ladder) -> None:
    Ladder.objects.filter(pk=ladder.pk).update(version=2, rungs=["-30d", *STARTING])
    item = step()
    before = ChecklistItem.objects.get(pk=item.pk).next_reminder_at
    reminders.sweep_due()
    ladder.refresh_from_db()
    assert (ladder.followed_version, ladder.following_since) == (1, None)
    assert ChecklistItem.objects.get(pk=item.pk).next_reminder_at == before


def test_a_ladder_that_had_ended_goes_on_with_new_rungs(clock: Any) -> None:
    ladder_changes.seed_ladders()
    item = step("V08")
    said(clock, "2026-12-16", "2026-12-30", "2027-01-06")
    assert ChecklistItem.objects.get(pk=item.pk).next_reminder_at is None
    change(Ladder.objects.get(key=FINGERPRINTS), "-4d", "0d", "+7d", "+21d")
    assert said(clock, "2027-01-07", "2027-01-20", "2027-01-21") == {"01-20": "+21d"}


def test_settled_steps_and_those_on_other_ladders_stay_as_they_are(clock: Any, ladder: Ladder) -> None:
    other = step("A11")
    before = ChecklistItem.objects.get(pk=other.pk).next_reminder_at
    done = step("A19")
    ChecklistItem.objects.filter(pk=done.pk).update(next_reminder_at=None)
    ChecklistItem.objects.filter(pk=done.pk).delete()
    change(ladder, "-21d", *STARTING)
    reminders.sweep_due()
    assert ChecklistItem.objects.get(pk=other.pk).next_reminder_at == before


def test_who_said_that_they_work_on_it_rests_on(clock: Any) -> None:
    ladder_changes.seed_ladders()
    item = step("V10", "security_officer")
    officer = agency_member("security_officer", agency=item.checklist.placement.opening.agency)
    assert said(clock, "2026-12-31") == {"12-31": "+1d"}
    acknowledge(entry=ReminderLedger.objects.get(recipient=officer), by=officer)
    start = declared()["step"].texts
    change(Ladder.objects.get(key="step"), *start[:4], "+2d", *start[4:])
    assert said(clock, "2027-01-01", "2027-01-04", "2027-01-05") == {}
    assert said(clock, "2027-01-06") == {"01-06": "+7d"}


def test_a_sweep_of_many_reads_the_ladders_once(clock: Any) -> None:
    item = step()
    for number in range(3):
        reminders.watch_again(step("A19", checklist=item.checklist, occurrence=number + 2), CHECKLIST_ITEM)
    clock.move_to(at("2026-12-16T09:00"), tick=False)
    current_ladders.read_anew()
    with CaptureQueriesContext(connection) as captured:
        reminders.sweep_due()
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 80  # those are the test's
    read = [query for query in captured if 'FROM "core_ladder" WHERE "core_ladder"."is_own"' in query["sql"]]
    assert len(read) == 1


# ── In the admin ──────────────────────────────────────────────────────────────────────────────────
def test_an_administrator_sees_what_a_change_would_send_before_it_is_saved(ladder: Ladder) -> None:
    item = step()
    desk, page = Desk(administrator()), f"/admin/core/ladder/{ladder.pk}/act/rungs/"
    assert "-14d" in desk.get(page).content.decode()
    wanted = "\n".join(["-21d", *STARTING[1:]])
    look = desk.post(page, {"rungs": wanted, "version": "1"}).content.decode()
    assert "<strong>-21d</strong> Wednesday, December 9, 2026" in look
    assert "(new)" in look
    assert "(no longer)" in look
    assert owner_of(item).email in look
    assert Ladder.objects.get(pk=ladder.pk).rungs == STARTING
    shown = wanted.replace("\n", "; ")
    assert f'name="shown" value="{shown.replace(">", "&gt;")}"' in look
    desk.post(page, {"rungs": wanted, "shown": shown, "version": "1"})
    assert Ladder.objects.get(pk=ladder.pk).rungs == ["-21d", *STARTING[1:]]
    event = AuditEvent.objects.get(action="core.ladder:change")
    assert (event.actor, event.detail["before"]) == (desk.user, STARTING)
    stale = desk.post(page, {"rungs": "0d", "shown": "0d", "version": "1"})
    assert stale.status_code in (409, 422)
    back = desk.get(f"{page}?start=1").content.decode()
    assert "-14d" in back


def test_the_look_asks_who_hears_once_a_rung(ladder: Ladder, django_assert_max_num_queries: Any) -> None:
    page = f"/admin/core/ladder/{ladder.pk}/change/"
    item, desk = step(), Desk(administrator())
    with CaptureQueriesContext(connection) as of_one:
        desk.get(page)
    for number in range(4):
        step(checklist=item.checklist, occurrence=number + 2)
    with django_assert_max_num_queries(len(of_one) + 4):
        assert desk.get(page).content.decode().count(CHECKLIST_ITEM.describe(item)) == 5


def test_nobody_else_changes_a_ladder(ladder: Ladder) -> None:
    for role in set(OpmRole) - {OpmRole.ADMINISTRATOR}:
        person = opm_staff(role)
        with pytest.raises(NotPermitted):
            ladder_changes.change_ladder(ladder=ladder, texts=["-21d", *STARTING], version=1, by=person)
    auditor = Desk(opm_staff(OpmRole.AUDITOR))
    assert auditor.get(f"/admin/core/ladder/{ladder.pk}/change/").status_code == 200
    auditor.post(f"/admin/core/ladder/{ladder.pk}/act/rungs/", {"rungs": "0d", "shown": "0d", "version": "1"})
    assert Ladder.objects.get(pk=ladder.pk).rungs == STARTING


def test_the_ladders_come_with_the_other_reference_rows() -> None:
    call_command("seed", verbosity=0)
    assert Ladder.objects.count() == len(declared())
