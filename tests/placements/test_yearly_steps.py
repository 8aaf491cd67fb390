"""What comes again each year: dated anew once it is settled, reminded of once a year, until service ends."""

import datetime
from typing import Any

import pytest
import time_machine

from placements import services
from placements.checklists import Anchor, Before, plan_again
from placements.forms.vetting import pasted_words
from placements.models import ChecklistItem, ChecklistTemplate, Placement
from placements.pasting import PastedRow
from placements.services.items import item_of
from techforce.core import reminders
from techforce.core.calendar import BusinessCalendar, today
from techforce.core.models import ReminderLedger
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.program import VettingTierFactory
from tests.placements.starting import staff
from tests.placements.test_checklist_dates import STEPS
from tests.placements.vetting_desk import reference_of

A24 = next(step for step in STEPS["leave_of_absence", ""] if step.code == "A24")
A25 = next(step for step in STEPS["leave_of_absence", ""] if step.code == "A25")
A26 = next(step for step in STEPS["leave_of_absence", ""] if step.code == "A26")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def again(step: Any, *, due: str, done: str = "", eod: str = "2026-09-14", term: str = "2028-09-13") -> str:
    anchors = {"EOD": Anchor(day(eod)), "TERM": Anchor(day(term))}
    before = Before(due_on=day(due), done_on=day(done) if done else None)
    found = plan_again(step, before, anchors, BusinessCalendar())
    return found.due_on.isoformat() if found.due_on else found.reason


@pytest.mark.parametrize(
    ("due", "following"),
    [("2027-02-15", "2027-12-31"), ("2027-12-31", "2028-02-15"), ("2028-02-15", "yearly")],
)
def test_report_and_training_come_once_each_in_every_year_of_service(due: str, following: str) -> None:
    assert again(A24, due=due) == following


@pytest.mark.parametrize(("done", "following"), [("2027-02-01", "2027-12-31"), ("2027-05-20", "2027-12-31")])
def test_a_report_that_is_early_or_late_does_not_move_the_next(done: str, following: str) -> None:
    assert again(A24, due="2027-02-15", done=done) == following


def test_a_recusal_is_confirmed_a_year_after_it_was_confirmed() -> None:
    assert again(A25, due="2027-09-04", done="2027-09-10") == "2028-09-10"
    assert again(A25, due="2027-09-04") == "2028-09-04"  # excused
    assert again(A25, due="2027-09-04", done="2028-02-29", term="2030-01-01") == "2029-02-28"


def test_a_change_of_duties_waits_for_the_next_change() -> None:
    assert again(A26, due="2027-03-01", done="2027-03-01") == "anchor_unknown"


# ── A placement ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def serving() -> Placement:
    """Files disclosures, since Monday, September 14, 2026, for two years."""
    with time_machine.travel(datetime.datetime(2026, 9, 15, 15, tzinfo=datetime.UTC), tick=False):
        for code in ("L", "M", "NS-S", "H", "NS-TS"):
            VettingTierFactory(code=code)
        services.seed_placements()
        placement = made.ActivePlacementFactory(starts_on=day("2026-09-14"))
        for role in ("ethics_official", "hr_specialist"):
            agency_member(role, agency=placement.opening.agency)
        in_use = ChecklistTemplate.objects.in_use()
        made.ChecklistFactory(placement=placement, template=in_use.get(tier__code="L"), area="vetting")
        template = in_use.get(kind="outside")
        checklist = made.ChecklistFactory(placement=placement, template=template)
        item_of(template.steps.get(code="C10"), checklist).save()
        made.DoneItemFactory(checklist=checklist, step=template.steps.get(code="C02"), outcome="all_no")
    return placement


def steps_of(placement: Placement, code: str) -> Any:
    return ChecklistItem.objects.filter(checklist__placement=placement, code=code).order_by("occurrence")


def travel(text: str) -> Any:
    moment = datetime.datetime.combine(day(text), datetime.time(15), tzinfo=datetime.UTC)
    return time_machine.travel(moment, tick=False)


def settle(item: ChecklistItem) -> None:
    by = staff(item.checklist.placement, "ethics_official")
    services.complete_item(item=item, outcome="recorded", effective_on=today(), by=by)


def sweep_days(first: str, last: str) -> None:
    current = day(first)
    while current <= day(last):
        with travel(current.isoformat()):
            reminders.sweep()
        current += datetime.timedelta(days=1)


@pytest.mark.django_db
def test_each_year_reminds_again_exactly_once_a_rung(serving: Placement) -> None:
    with travel("2026-09-16"):
        services.keep_dates(by=staff(serving, "hr_specialist"))
    sweep_days("2027-01-12", "2027-01-20")
    with travel("2027-02-01"):
        settle(steps_of(serving, "C10").get())
    first, second = steps_of(serving, "C10")
    assert (first.status, second.status) == ("done", "not_started")
    assert second.due_on == day("2027-12-31")
    sweep_days("2027-02-02", "2027-02-20")
    with travel("2027-12-20"):
        reminders.sweep()
        settle(second)
    third = steps_of(serving, "C10").last()
    assert (third.occurrence, third.due_on) == (3, day("2028-02-15"))
    with travel("2028-01-14"):
        reminders.sweep()
        reminders.sweep()
    about_this = {
        "subject_type": "placements.checklistitem",
        "subject_id__in": steps_of(serving, "C10").values("pk"),
    }
    rungs = ReminderLedger.objects.filter(**about_this)
    assert list(rungs.order_by("pk").values_list("subject_id", "threshold")) == [
        (first.pk, "-31d"), (second.pk, "-14d"), (third.pk, "-31d"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_year_that_is_excused_opens_the_next_one_at_once(serving: Placement) -> None:
    with travel("2026-09-16"):
        checklist = serving.checklists.get(area="ethics")
        made.ChecklistItemFactory(
            checklist=checklist,
            step__code="C90",
            step__gate="none",
            step__excusable_by=["ethics_official"],
            step__yearly_days=checklist.template.steps.get(code="C10").yearly_days,
        )
        services.keep_dates(by=staff(serving, "hr_specialist"))
        by = staff(serving, "ethics_official")
        services.excuse_item(item=steps_of(serving, "C90").get(), authority="Decision 7", by=by)
    first, second = steps_of(serving, "C90")
    assert (first.status, second.status) == ("excused", "not_started")
    assert first.due_on < second.due_on


@pytest.mark.django_db
def test_what_is_confirmed_each_year_is_asked_for_a_year_after_it_was_confirmed(serving: Placement) -> None:
    with travel("2026-12-01"):
        made.ChecklistItemFactory(
            checklist=serving.checklists.get(area="ethics"),
            step__code="C91",
            step__gate="none",
            step__anchors=["EOD"],
            step__offset=365,
            step__unit="calendar_days",
            step__is_repeated=True,
        )
        settle(steps_of(serving, "C91").get())
    assert [item.due_on for item in steps_of(serving, "C91")][1:] == [day("2027-12-01")]


@pytest.mark.django_db
def test_before_the_start_an_excused_year_opens_no_other() -> None:
    """There is no service yet in which it could come again."""
    placement = made.checked_placement(starts_on=today() + datetime.timedelta(days=30))
    item = made.ChecklistItemFactory(
        checklist=placement.checklists.get(area="ethics"),
        step__code="C90",
        step__gate="none",
        step__excusable_by=["ethics_official"],
        step__yearly_days=["02-15"],
    )
    by = staff(placement, "ethics_official")
    services.excuse_item(item=item, authority="Decision 7", by=by)
    assert steps_of(placement, item.code).count() == 1


@pytest.mark.django_db
def test_two_years_of_one_person_in_one_file_go_to_the_step_of_each_year(serving: Placement) -> None:
    """The second row stands on the step that the first one opens, however its number is written."""
    reference = reference_of(serving).lower()
    with travel("2028-03-01"):
        services.keep_dates(by=staff(serving, "hr_specialist"))
        rows = [
            PastedRow(line=1, reference=reference, what="C10", day="2027-02-10"),
            PastedRow(line=2, reference=reference, what="C10", day="2028-02-10"),
        ]
        by = staff(serving, "ethics_official")
        results = services.record_rows(rows=rows, words=pasted_words(), by=by)
    assert [result.error for result in results] == ["", ""]
    done = steps_of(serving, "C10").filter(status="done")
    assert list(done.values_list("effective_on", flat=True)) == [day("2027-02-10"), day("2028-02-10")]


@pytest.mark.django_db
def test_nothing_comes_again_after_the_term_until_it_is_extended(serving: Placement) -> None:
    with travel("2028-02-01"):
        services.keep_dates(by=staff(serving, "hr_specialist"))
        steps_of(serving, "C10").update(due_on=day("2028-02-15"), undated_reason="")
        settle(steps_of(serving, "C10").get())
        assert steps_of(serving, "C10").count() == 1
        Placement.objects.filter(pk=serving.pk).update(ends_on=day("2029-03-31"), mechanism_limit_months=48)
        services.keep_dates(by=staff(serving, "hr_specialist"))
        assert steps_of(serving, "C10").last().due_on == day("2028-12-31")


@pytest.mark.django_db
def test_a_corrective_step_has_five_business_days_and_is_watched(serving: Placement) -> None:
    with travel("2026-11-23"):
        settled = steps_of(serving, "C02").first()
        assert settled.status == "done"
        by = staff(serving, "ethics_official")
        corrective = services.add_corrective_item(item=settled, by=by)
        corrective.refresh_from_db()
        assert (corrective.due_on, corrective.undated_reason) == (day("2026-12-01"), "")
        assert corrective.next_reminder_at is not None
