"""An agency's promise of efficient vetting against its cases: worked by hand, then as the pages show it."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Opening
from placements import services
from placements.checklists import Clock, Wait, run_clock
from placements.models import Checklist, ChecklistItem, MeasuredTime, Placement, VettingRecord
from placements.services.commitments import PromisedCase, promised_cases, records_of
from placements.services.waits import Pause, WaitEntry, pauses_of, waits_of
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import EASTERN, today
from techforce.core.errors import Refused
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import ClearanceCommitmentFactory, PublishedOpeningFactory, agency_member
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import words_of
from tests.techforce.desk import Desk

DAY = datetime.timedelta(days=1)
PAGE, STAFF_PAGE = "/agency/commitments/", "/admin/commitments/"


def october(day: int) -> datetime.date:
    return datetime.date(2026, 10, 1) + (day - 1) * DAY


def clock(until: int, *waits: Wait, promised: int | None = 20) -> Clock:
    """Of a case that began on October 1."""
    return run_clock(began_on=october(1), until=october(until), waits=waits, promised=promised)


# ── The arithmetic ────────────────────────────────────────────────────────────────────────────────
def test_without_a_wait_every_calendar_day_is_the_agencys() -> None:
    found = clock(11)
    assert (found.used, found.paused, found.due_on, found.state) == (10, 0, october(21), "within")


@pytest.mark.parametrize(
    ("until", "state"), [(16, "within"), (17, "near"), (21, "near"), (22, "breached"), (40, "breached")]
)
def test_near_breach_begins_at_80_percent_and_the_last_promised_day_still_keeps_it(
    until: int, state: str
) -> None:
    """16 of 20 days are 80 percent; the twentieth day is October 21."""
    assert clock(until).state == state


def test_days_that_the_candidate_held_are_theirs_and_move_the_due_day() -> None:
    """Held on October 5 to 9, which are five days: 15 of 20 are the agency's."""
    found = clock(21, Wait("candidate", october(5), october(10)))
    assert (found.used, dict(found.held), found.due_on, found.state) == (
        15,
        {"candidate": 5},
        october(26),
        "within",
    )


def test_a_day_with_two_waits_counts_once_for_whoever_was_waited_for_first() -> None:
    """The investigator holds October 3 to 7, the candidate 6 to 9: five days and two more."""
    found = clock(
        21, Wait("candidate", october(6), october(10)), Wait("investigator", october(3), october(8))
    )
    assert (found.used, dict(found.held)) == (13, {"investigator": 5, "candidate": 2})


def test_waiting_for_its_own_desk_is_the_agencys_time() -> None:
    found = clock(21, Wait("agency", october(2), october(12)), Wait("partner", october(4), october(6)))
    assert (found.used, found.paused, dict(found.held)) == (18, 2, {"partner": 2, "agency": 8})
    assert found.due_on == october(23)


def test_a_wait_that_still_lasts_stops_the_clock_and_says_for_whom() -> None:
    found = clock(31, Wait("adjudicator", october(11)))
    assert (found.used, found.held_now_by, found.is_paused) == (10, "adjudicator", True)


def test_a_wait_outside_the_case_is_no_pause() -> None:
    before, after = Wait("candidate", october(-9), october(0)), Wait("candidate", october(25), october(30))
    assert clock(21, before, after).held == {}


def test_without_a_promise_nothing_is_breached() -> None:
    found = clock(400, promised=None)
    assert (found.state, found.due_on, found.used) == ("no_promise", None, 399)


def test_waits_come_from_the_history_of_a_step() -> None:
    """A row written while it is blocked (its date moved) ends no wait; a day that was
    given counts before the day of its entry."""

    def entry(status: str, role: str, day: int, **days: datetime.date) -> WaitEntry:
        recorded_at = datetime.datetime.combine(october(day), datetime.time(12), EASTERN)
        return WaitEntry(status, role, recorded_at, **days)

    entries = [entry("requested", "", 1), entry("blocked", "candidate", 3), entry("blocked", "candidate", 5)]
    entries += [entry("requested", "", 9), entry("blocked", "hr_specialist", 10)]
    assert list(waits_of(entries)) == [
        Wait("candidate", october(3), october(9)),
        Wait("hr_specialist", october(10)),
    ]
    dated = [entry("blocked", "investigator", 8, waiting_since=october(5))]
    assert list(waits_of(dated)) == [Wait("investigator", october(5))]
    dated += [entry("requested", "", 20, waited_until=october(18))]
    dated += [entry("blocked", "candidate", 22), entry("excused", "", 25, waited_until=october(18))]
    assert list(waits_of(dated)) == [
        Wait("investigator", october(5), october(18)),
        Wait("candidate", october(22), october(25)),  # the day of the wait before says nothing of this one
    ]


# ── Cases from the rows ───────────────────────────────────────────────────────────────────────────
def in_vetting(
    opening: Opening, *, days_ago: int = 0, item: Any = made.ChecklistItemFactory, **fields: Any
) -> Placement:
    """Somebody who accepted the tentative offer so long ago, with one vetting step before the firm offer."""
    placement: Placement = made.PlacementFactory(
        selection__opening=opening, selection__application__status="placed", starts_on=today() + 60 * DAY
    )
    moment = datetime.datetime.now(tz=EASTERN) - days_ago * DAY
    made.SentOfferFactory(
        selection=placement.selection, status="accepted", sent_at=moment - DAY, answered_at=moment
    )
    template = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    checklist = made.ChecklistFactory(placement=placement, template=template, area="vetting")
    item(checklist=checklist, step__code="V12", step__owner_role="security_officer",
         step__recorder_role="security_officer", **fields)  # fmt: skip
    return placement


def promise(opening: Opening, days: int, **fields: Any) -> None:
    fields = {"starts_on": today() - 300 * DAY} | fields
    ClearanceCommitmentFactory(agency=opening.agency, tier=VettingTierFactory(), days=days, **fields)


def case_on(day: datetime.date) -> PromisedCase:
    (found,) = promised_cases(Placement.objects.order_by("pk"), on=day)
    return found


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_the_promise_that_was_in_force_when_the_case_began_counts() -> None:
    opening = PublishedOpeningFactory()
    in_vetting(opening, days_ago=40)
    promise(opening, 45, ends_on=today() - 30 * DAY)
    promise(opening, 25, starts_on=today() - 29 * DAY)
    found = case_on(today()).clock
    assert (found.used, found.promised, found.state, found.due_on) == (40, 45, "near", today() + 5 * DAY)


@pytest.mark.django_db
def test_a_case_from_between_two_promises_is_measured_against_none() -> None:
    opening = PublishedOpeningFactory()
    in_vetting(opening, days_ago=40)
    promise(opening, 45, ends_on=today() - 41 * DAY)
    promise(opening, 25, starts_on=today() - 39 * DAY)
    found = case_on(today())
    assert found.clock.state == "no_promise"
    assert records_of([found])[found.group].unpromised == 1


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_a_case_ends_on_the_day_of_its_last_step_and_is_kept_or_missed() -> None:
    opening = PublishedOpeningFactory()
    for used in (20, 21):
        in_vetting(opening, days_ago=50, item=made.DoneItemFactory, effective_on=today() - (50 - used) * DAY)
    promise(opening, 20)
    cases = promised_cases(Placement.objects.order_by("pk"), on=today())
    record = records_of(cases)[cases[0].group]
    assert [one.clock.used for one in cases] == [20, 21]
    assert (record.kept, record.missed, record.cleared, record.open, record.breached) == (1, 1, 2, 0, 0)


@pytest.mark.django_db
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


@pytest.mark.django_db
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


# ── The agency's page ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_page_shows_the_promise_the_case_and_the_record() -> None:
    opening = PublishedOpeningFactory()
    late = in_vetting(opening, days_ago=25)
    in_vetting(opening, days_ago=50, item=made.DoneItemFactory, effective_on=today() - 40 * DAY)
    promise(opening, 20)
    assert "have not been counted yet" in words_of(desk(HR, opening).get(PAGE))
    services.keep_measures(by=User.objects.system())
    page = words_of(desk(HR, opening).get(PAGE))
    assert "Tier M 20 days 1 0 1 1 of 1" in page
    assert f"{late.applicant} " in page
    assert "25 of 20 Breached" in page
    assert f"Cases that are over were counted on {today():%B} {today().day}" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "status"),
    [
        (HR, 200),
        (APPROVER, 200),
        (SECURITY, 200),
        (MANAGER, 404),
        (ETHICS, 404),
        (SUPERVISOR, 404),
        (VIEWER, 404),
    ],
)
def test_only_those_whose_work_it_is_read_it(role: str, status: int) -> None:
    opening = PublishedOpeningFactory()
    in_vetting(opening)
    seat = desk(role, opening)
    assert seat.get(PAGE).status_code == status
    assert (PAGE in seat.get("/agency/").content.decode()) == (status == 200)


@pytest.mark.django_db
def test_another_agency_reads_nothing_of_it() -> None:
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=25)
    promise(opening, 20)
    page = words_of(desk(HR, PublishedOpeningFactory()).get(PAGE))
    assert str(placement.applicant) not in page
    assert "Nobody is in vetting" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", [PAGE, STAFF_PAGE])
def test_it_costs_the_same_for_one_and_for_three(address: str) -> None:
    costs = []
    for count in (1, 2):  # the staff see the first one too, so three
        opening = PublishedOpeningFactory()
        promise(opening, 20)
        for _number in range(count):
            in_vetting(opening, days_ago=25)
            in_vetting(opening, days_ago=25, item=made.DoneItemFactory)
        VettingRecord.objects.all().delete()
        MeasuredTime.objects.all().delete()
        services.keep_measures(by=User.objects.system())
        seat = desk(HR, opening) if address == PAGE else Desk(opm_staff(OpmRole.CASE_MANAGER))
        with CaptureQueriesContext(connection) as caught:
            assert "25 of 20" in words_of_any(seat.get(address))
        costs.append(len(caught))
    assert costs[0] == costs[1]


# ── OPM's page ────────────────────────────────────────────────────────────────────────────────────
def words_of_any(answer: Any) -> str:
    """The staff pages have a frame of their own."""
    return " ".join(answer.content.decode().split())


@pytest.mark.django_db
def test_opm_sees_the_worst_agency_first_with_the_way_to_the_case() -> None:
    good, bad = PublishedOpeningFactory(), PublishedOpeningFactory()
    in_vetting(good, days_ago=5)
    late = in_vetting(bad, days_ago=25)
    for opening in (good, bad):
        promise(opening, 20)
    page = words_of_any(Desk(opm_staff(OpmRole.CASE_MANAGER)).get(STAFF_PAGE))
    assert page.index(f'scope="row">{bad.agency}') < page.index(f'scope="row">{good.agency}')
    assert f"/admin/placements/placement/{late.pk}/change/" in page


@pytest.mark.django_db
@pytest.mark.parametrize("role", OpmRole.values)
def test_only_those_who_escalate_open_it(role: str) -> None:
    expected = 200 if role in (OpmRole.CASE_MANAGER, OpmRole.PROGRAM_MANAGER) else 403
    assert Desk(opm_staff(role)).get(STAFF_PAGE).status_code == expected
