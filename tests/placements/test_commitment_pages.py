"""An agency's promise against its record, as the agency and OPM read it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements import services
from placements.models import MeasuredTime, VettingRecord
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import words_of
from tests.placements.vetting_cases import DAY, in_vetting, promise
from tests.techforce.desk import Desk

PAGE, STAFF_PAGE = "/agency/commitments/", "/admin/commitments/"

pytestmark = pytest.mark.django_db


# ── The agency's page ─────────────────────────────────────────────────────────────────────────────
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
    assert f"Cases of the last two years that are over were counted on {today():%B} {today().day}" in page


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


def test_another_agency_reads_nothing_of_it() -> None:
    opening = PublishedOpeningFactory()
    placement = in_vetting(opening, days_ago=25)
    promise(opening, 20)
    page = words_of(desk(HR, PublishedOpeningFactory()).get(PAGE))
    assert str(placement.applicant) not in page
    assert "Nobody is in vetting" in page


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


def test_opm_sees_the_worst_agency_first_with_the_way_to_the_case() -> None:
    good, bad = PublishedOpeningFactory(), PublishedOpeningFactory()
    in_vetting(good, days_ago=5)
    late = in_vetting(bad, days_ago=25)
    for opening in (good, bad):
        promise(opening, 20)
    page = words_of_any(Desk(opm_staff(OpmRole.CASE_MANAGER)).get(STAFF_PAGE))
    assert page.index(f'scope="row">{bad.agency}') < page.index(f'scope="row">{good.agency}')
    assert f"/admin/placements/placement/{late.pk}/change/" in page


@pytest.mark.parametrize("role", OpmRole.values)
def test_only_those_who_escalate_open_it(role: str) -> None:
    expected = 200 if role in (OpmRole.CASE_MANAGER, OpmRole.PROGRAM_MANAGER) else 403
    assert Desk(opm_staff(role)).get(STAFF_PAGE).status_code == expected
