"""Times and records are measured once a day; the pages read what was kept, however many cases there are."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from placements import services
from placements.models import ChecklistItem, MeasuredTime, Placement, Stretch, VettingRecord
from placements.services.clearance import clearance_cases, maybe_open
from placements.services.kept_measures import kept_time
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import RecusalFactory
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import HR, SECURITY, desk
from tests.placements.people import client_of, read, words_of
from tests.placements.test_measured import cleared
from tests.placements.test_my_wait import decided_after, waiting
from tests.placements.vetting_cases import in_vetting, promise
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def keep(on: datetime.date | None = None) -> int:
    return services.keep_measures(by=User.objects.system(), on=on)


def test_it_measures_once_a_day_and_replaces_what_was_there() -> None:
    assert keep(today() - DAY) > 0
    decided_after(*range(4, 16))

    assert kept_time(Stretch.TO_DECISION).median is None  # type: ignore[union-attr]
    assert keep() > 0
    found = kept_time(Stretch.TO_DECISION)
    assert found is not None
    assert (found.median, found.count, found.as_of) == (9, 12, today())
    assert keep() == 0
    assert set(MeasuredTime.objects.values_list("as_of", flat=True)) == {today()}


def test_a_case_of_today_counts_from_tomorrow_on(time_machine: Any) -> None:
    """The page stays as it was counted, and says when."""
    decided_after(*range(4, 14))
    page = read(waiting().applicant.user)
    assert "(n = 11, as of" in page

    decided_after(30, 30, 30)
    again = read(waiting().applicant.user)
    assert "(n = 11, as of" in again


def test_before_the_first_count_the_pages_say_so() -> None:
    person = waiting().applicant.user
    MeasuredTime.objects.all().delete()

    assert "we have not measured yet how long others waited" in read(person)
    mine = in_vetting(PublishedOpeningFactory(vetting_tier=VettingTierFactory()), days_ago=5)
    assert "We have not measured yet how long the checks took others" in read(
        mine.applicant.user, "/my/service/"
    )


def test_the_agencys_own_time_comes_before_that_of_the_program() -> None:
    opening = PublishedOpeningFactory()
    cleared(opening, *[30] * 20)
    cleared(PublishedOpeningFactory(), *[80] * 21)
    keep()
    tier = VettingTierFactory().pk
    own, other = (
        kept_time(Stretch.TO_CLEAR, tier=tier, agency=agency) for agency in (opening.agency_id, None)
    )
    assert own is not None
    assert other is not None
    assert (own.median, own.count, own.is_of_agency) == (30, 20, True)
    assert (other.median, other.count, other.is_of_agency) == (80, 41, False)


def test_the_table_takes_no_small_group() -> None:
    for fields in ({"count": 9, "ready": 9, "agency": None}, {"count": 19, "ready": 19}):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.MeasuredTimeFactory(**fields)


def test_the_persons_pages_read_a_row_however_many_cases_there_are() -> None:
    costs = []
    for count in (10, 12):
        people = cleared(PublishedOpeningFactory(), *[30] * count)
        MeasuredTime.objects.all().delete()
        keep()
        client = client_of(in_vetting(people[0].opening).applicant.user)
        with CaptureQueriesContext(connection) as caught:
            client.get("/my/service/")
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_page_of_promises_loads_only_the_open_cases() -> None:
    """The record of those that are over comes from the row of the office, also where the cases are many."""
    opening = PublishedOpeningFactory()
    late = in_vetting(opening, days_ago=25)
    over = [in_vetting(opening, days_ago=50, item=made.DoneItemFactory) for _number in range(3)]
    promise(opening, 20)
    keep()
    VettingRecord.objects.update(kept=40, missed=2)

    assert list(maybe_open(type(late).objects.order_by("pk"))) == [late]
    assert len(clearance_cases(type(late).objects.order_by("pk"), on=today())) == 1 + len(over)
    assert "40 of 42" in words_of(desk(HR, opening).get("/agency/commitments/"))


def test_a_case_that_is_opened_again_counts_once_at_once_and_after_the_next_count() -> None:
    """Kept and missed ones; the second missed one stays over."""
    opening = PublishedOpeningFactory()
    promise(opening, 20)
    for used in (15, 30, 30):
        in_vetting(opening, days_ago=50, item=made.DoneItemFactory, effective_on=today() - (50 - used) * DAY)
    keep()
    seat, staff_seat = desk(HR, opening), Desk(opm_staff("case_manager"))
    assert "Tier M 20 days 0 0 0 1 of 3" in words_of(seat.get("/agency/commitments/"))
    kept, missed, _other = ChecklistItem.objects.order_by("pk")
    officer = agency_member(SECURITY, agency=opening.agency)
    for item, row in ((kept, "1 0 1 0 of 2"), (missed, "2 0 2 0 of 1")):
        services.send_item_back(item=item, reason_code="incorrect", by=officer)
        page = words_of(seat.get("/agency/commitments/"))
        assert f"Tier M 20 days {row}" in page
        assert "opened again since then counts as open alone" in page
    assert "<td>0 of 1</td>" in staff_seat.get("/admin/commitments/").content.decode()
    MeasuredTime.objects.all().delete()
    keep()
    assert "Tier M 20 days 2 0 2 0 of 1" in words_of(seat.get("/agency/commitments/"))


def test_days_that_others_held_a_reopened_case_count_once() -> None:
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=20)
    promise(opening, 30)
    step, officer = ChecklistItem.objects.get(), agency_member(SECURITY, agency=opening.agency)
    Placement.objects.filter(pk=placement.pk).update(created_at=placement.created_at - 20 * DAY)
    step.refresh_from_db()
    step = services.block_item(item=step, waiting_on="investigator", since=today() - 8 * DAY, by=officer)
    step = services.unblock_item(item=step, until=today() - 2 * DAY, by=officer)
    services.complete_item(item=step, outcome="recorded", effective_on=today(), by=officer)
    keep()
    services.send_item_back(item=ChecklistItem.objects.get(), reason_code="incorrect", by=officer)
    page = words_of(desk(HR, opening).get("/agency/commitments/"))
    assert page.count(": 6 days") == 2  # the tier's, and the case's own


def test_counts_of_single_people_are_read_by_whoever_oversees_the_promises_and_is_not_recused() -> None:
    placement: Any = made.PlacementFactory()
    row: Any = made.VettingRecordFactory(office=placement.opening.office)
    recused = opm_staff("program_manager")
    RecusalFactory(user=recused, applicant=placement.applicant)
    for reader, may_read in (
        (opm_staff("program_manager"), True),
        (opm_staff("case_manager"), True),
        (opm_staff("reviewer", "auditor", "records_officer", "administrator"), False),
        (recused, False),
    ):
        assert VettingRecord.objects.visible_to(reader).exists() is may_read
        assert reader.has_perm("placements.view_vettingrecord", row) is may_read
