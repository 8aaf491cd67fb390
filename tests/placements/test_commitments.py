"""An agency's promise of efficient vetting against its cases, as the rows tell them."""

import datetime

import pytest
from django.utils import timezone

from placements import services
from placements.models import Checklist, ChecklistItem, Placement
from placements.services.commitments import PromisedCase, promised_cases, records_of
from placements.services.waits import Pause, pauses_of
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.placements.agency_room import HR, SECURITY
from tests.placements.vetting_cases import DAY, in_vetting, promise

pytestmark = pytest.mark.django_db


def case_on(day: datetime.date) -> PromisedCase:
    (found,) = promised_cases(Placement.objects.order_by("pk"), on=day)
    return found


def test_a_pause_has_its_own_dates_and_its_party() -> None:
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=20)
    Placement.objects.filter(pk=placement.pk).update(created_at=placement.created_at - 20 * DAY)
    promise(opening, 30)
    (step,) = ChecklistItem.objects.select_related("step", "checklist__placement__opening")
    officer = agency_member(SECURITY, agency=opening.agency)
    with pytest.raises(Refused, match="since which it waits"):
        services.block_item(item=step, waiting_on="investigator", since=today() + DAY, by=officer)
    step = services.block_item(item=step, waiting_on="investigator", since=today() - 12 * DAY, by=officer)
    with pytest.raises(Refused, match="on which the wait ended"):
        services.unblock_item(item=step, until=today() - 13 * DAY, by=officer)
    step = services.unblock_item(item=step, until=today() - 2 * DAY, by=officer)
    assert pauses_of(step) == [Pause("investigator", today() - 12 * DAY, today() - 2 * DAY, 10)]
    clock = case_on(today()).clock
    assert (clock.used, dict(clock.held), clock.is_paused) == (10, {"investigator": 10}, False)
    with pytest.raises(Refused, match="earlier wait"):
        services.block_item(item=step, waiting_on="candidate", since=today() - 5 * DAY, by=officer)


def test_the_promise_that_was_in_force_when_the_case_began_counts() -> None:
    opening = PublishedOpeningFactory()
    in_vetting(opening, days_ago=40)
    promise(opening, 45, ends_on=today() - 30 * DAY)
    promise(opening, 25, starts_on=today() - 29 * DAY)
    found = case_on(today()).clock
    assert (found.used, found.promised, found.state, found.due_on) == (40, 45, "near", today() + 5 * DAY)


def test_a_case_from_between_two_promises_is_measured_against_none() -> None:
    opening = PublishedOpeningFactory()
    in_vetting(opening, days_ago=40)
    promise(opening, 45, ends_on=today() - 41 * DAY)
    promise(opening, 25, starts_on=today() - 39 * DAY)
    found = case_on(today())
    assert found.clock.state == "no_promise"
    assert records_of([found])[found.group].unpromised == 1


def test_a_blocked_step_stops_the_clock_from_its_history_on() -> None:
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=10)
    promise(opening, 20)
    step = ChecklistItem.objects.get(checklist__placement=placement)
    services.block_item(item=step, waiting_on="candidate", by=agency_member(SECURITY, agency=opening.agency))
    found = case_on(today() + 7 * DAY).clock
    assert (found.used, dict(found.held), found.held_now_by) == (10, {"candidate": 7}, "candidate")
    assert found.due_on == today() + 17 * DAY
    Checklist.objects.filter(placement=placement).update(
        superseded_at=timezone.now()
    )  # another tier took over
    assert dict(case_on(today() + 7 * DAY).clock.held) == {"candidate": 7}


def test_a_wait_of_a_step_after_the_firm_offer_does_not_stop_the_clock_of_the_promise() -> None:
    """The promise ends with the steps before the firm offer; a badge may wait for anybody."""
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=10)
    promise(opening, 20)
    badge = made.ChecklistItemFactory(
        checklist=placement.checklists.get(),
        step__code="V20",
        gate="entry_on_duty",
        recorder_role="security_officer",
    )
    officer = agency_member(SECURITY, agency=opening.agency)
    services.block_item(item=badge, waiting_on="investigator", by=officer)
    found = case_on(today() + 7 * DAY).clock
    assert (found.used, dict(found.held), found.is_paused) == (17, {}, False)


def test_only_who_records_a_step_says_that_it_waits_for_somebody() -> None:
    """Whoever has to do it would stop the clock that counts against them."""
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=10)
    item = made.ChecklistItemFactory(
        checklist=placement.checklists.get(),
        step__code="V20",
        owner_role="hiring_manager",
        step__recorder_role="security_officer",
    )
    manager = agency_member("hiring_manager", agency=opening.agency)
    assert manager.has_perm("placements.work_on_item", item)
    with pytest.raises(NotPermitted):
        services.block_item(item=item, waiting_on="investigator", by=manager)


def test_an_open_case_is_counted_however_old_it_is() -> None:
    opening = PublishedOpeningFactory()
    oldest, _over = in_vetting(opening, days_ago=800), in_vetting(opening, item=made.DoneItemFactory)
    Placement.objects.update(created_at=timezone.now() - 800 * DAY)
    promise(opening, 20, starts_on=today() - 900 * DAY)
    found = case_on(today())
    assert (found.placement, found.clock.state) == (oldest, "breached")


def test_a_case_ends_on_the_day_of_its_last_step_and_is_kept_or_missed() -> None:
    opening = PublishedOpeningFactory()
    for used in (20, 21):
        in_vetting(opening, days_ago=50, item=made.DoneItemFactory, effective_on=today() - (50 - used) * DAY)
    promise(opening, 20)
    cases = promised_cases(Placement.objects.order_by("pk"), on=today())
    record = records_of(cases)[cases[0].group]
    assert [one.clock.used for one in cases] == [20, 21]
    assert (record.kept, record.missed, record.cleared, record.open, record.breached) == (1, 1, 2, 0, 0)


def test_of_alternatives_the_first_that_is_done_ends_the_case() -> None:
    placement = in_vetting(PublishedOpeningFactory(), days_ago=50, item=made.DoneItemFactory,
                           effective_on=today() - 40 * DAY)  # fmt: skip
    for code, ago in (("V14", 30), ("V18", 5)):
        made.DoneItemFactory(
            checklist=placement.checklists.get(),
            step__code=code,
            step__alternatives="V14|V18",
            effective_on=today() - ago * DAY,
        )
    assert case_on(today()).case.cleared_on == today() - 30 * DAY


def test_a_case_that_fell_through_is_neither_open_nor_kept() -> None:
    opening = PublishedOpeningFactory(seats_filled=1)
    placement = in_vetting(opening, days_ago=50)
    promise(opening, 20)
    by = agency_member(HR, agency=opening.agency)
    services.record_fall_through(placement=placement, reason_code="withdrew", by=by)
    found = case_on(today() + 9 * DAY)
    record = records_of([found])[found.group]
    assert found.case.ended_on == today()
    assert (record.open, record.breached, record.cleared) == (0, 0, 0)
