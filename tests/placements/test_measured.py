"""How long things take, from our own cases: answers worked by hand, and silence while there are too few."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Opening
from placements import services
from placements.models import Placement
from placements.services.measured import step_times, time_to_clear
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.moments import deadline_text
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import QualifiedApplicationFactory, SubmittedApplicationFactory
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import HR, desk
from tests.placements.people import placement_in, read
from tests.placements.vetting_cases import in_vetting

DAY = datetime.timedelta(days=1)
WORDS = "When the checks may be over"

pytestmark = pytest.mark.django_db


def cleared(opening: Opening, *days: int) -> list[Placement]:
    """One person each, who accepted a hundred days ago and was through after so many days."""
    return [
        in_vetting(opening, days_ago=100, item=made.DoneItemFactory, effective_on=today() - (100 - day) * DAY)
        for day in days
    ]


def measured(**fields: Any) -> Any:
    return time_to_clear(VettingTierFactory(), on=today(), **fields)


def keep() -> None:
    services.keep_measures(by=User.objects.system())


def test_half_a_fifth_and_four_fifths_of_ten_people() -> None:
    cleared(PublishedOpeningFactory(), *range(10, 101, 10))
    found = measured()
    assert (found.low, found.median, found.high) == (20, 50, 80)
    assert (found.count, found.ready, found.as_of) == (10, 10, today())


def test_nine_cases_say_nothing() -> None:
    cleared(PublishedOpeningFactory(), *range(10, 91, 10))
    assert measured() is None


def test_who_still_waits_counts_as_at_least_so_long() -> None:
    """Five were through after 10 to 50 days and five have waited 60: half of ten by day 50. Without those who wait it
    would be day 30."""
    opening = PublishedOpeningFactory()
    cleared(opening, 10, 20, 30, 40, 50)
    for _number in range(5):
        in_vetting(opening, days_ago=60)
    found = measured()
    assert (found.median, found.high, found.count, found.ready) == (50, None, 10, 5)


def test_another_tier_has_its_own_time() -> None:
    cleared(PublishedOpeningFactory(), *range(10, 101, 10))
    assert time_to_clear(VettingTierFactory(code="NS-TS"), on=today()) is None


def test_an_agency_speaks_for_itself_from_twenty_cases_on() -> None:
    opening = PublishedOpeningFactory()
    cleared(opening, *[30] * 19)
    cleared(PublishedOpeningFactory(), *[80] * 21)
    assert (measured(agency=opening.agency).median, measured(agency=opening.agency).count) == (80, 40)
    cleared(opening, 30)
    found = measured(agency=opening.agency)
    assert (found.median, found.count, found.is_of_agency) == (30, 20, True)


def test_a_figure_costs_the_same_for_one_case_and_for_three() -> None:
    opening, costs = PublishedOpeningFactory(), []
    for count in (1, 2):
        cleared(opening, *[30] * count)
        with CaptureQueriesContext(connection) as caught:
            measured(agency=opening.agency)
        costs.append(len(caught))
    assert costs[0] == costs[1]


# ── Where it is shown ─────────────────────────────────────────────────────────────────────────────
def test_whoever_is_selected_reads_it_with_count_and_date() -> None:
    people = cleared(PublishedOpeningFactory(), *range(10, 101, 10))
    mine = in_vetting(people[0].opening, days_ago=5)
    keep()
    page = read(mine.applicant.user, "/my/service/")
    for days, words in (
        (45, "Half of the people are ready by"),
        (15, "One in five is ready by"),
        (75, "four in five by"),
    ):
        assert f"{words} {deadline_text(today() + days * DAY)}" in page
    assert f"From 11 cases of the program in this tier, as of {deadline_text(today())}" in page
    assert WORDS in desk(HR, mine.opening).get(f"/agency/placements/{mine.public_id}/").content.decode()


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        (60, "Half of the people would have been ready by"),
        (90, "these checks take longer than usual"),
    ],
)
def test_past_the_usual_day_the_page_names_no_day_that_is_over_as_expected(days_ago: int, words: str) -> None:
    people = cleared(PublishedOpeningFactory(), *range(10, 101, 10))
    keep()
    mine = in_vetting(people[0].opening, days_ago=days_ago)
    page = read(mine.applicant.user, "/my/service/")
    assert words in page
    assert "Half of the people are ready by" not in page


def test_below_ten_cases_the_page_is_silent() -> None:
    people = cleared(PublishedOpeningFactory(), *range(10, 81, 10))
    mine = in_vetting(people[0].opening, days_ago=5)
    keep()
    assert WORDS not in read(mine.applicant.user, "/my/service/")


def test_once_somebody_serves_nobody_tells_them() -> None:
    cleared(PublishedOpeningFactory(), *range(10, 101, 10))
    keep()
    assert WORDS not in read(placement_in("active").applicant.user, "/my/service/")


def test_an_agency_reads_no_forecast_beside_its_promise() -> None:
    opening = PublishedOpeningFactory()
    cleared(opening, *range(10, 101, 10))
    keep()
    seat = desk(HR, opening)
    for address in ("/agency/commitments/", "/agency/placements/", "/agency/"):
        assert WORDS not in seat.get(address).content.decode()


# ── The other stretches ───────────────────────────────────────────────────────────────────────────
def test_from_submission_to_decision_an_open_one_counts_too() -> None:
    """Six were decided after 10 days, four have waited 30: at least half by day 10, nobody knows of four fifths."""
    now = timezone.now()
    for _number in range(6):
        QualifiedApplicationFactory(submitted_at=now - 40 * DAY, decided_at=now - 30 * DAY)
    for _number in range(4):
        SubmittedApplicationFactory(submitted_at=now - 30 * DAY)
    found = step_times(on=today())["submitted_to_decided"]
    assert found is not None
    assert (found.low, found.median, found.high, found.count) == (10, 10, None, 10)


def test_who_withdrew_waited_only_until_then() -> None:
    """Of six decided after 10 days and four who left after 5, everybody who was still there is decided by day 10."""
    now = timezone.now()
    for _number in range(6):
        QualifiedApplicationFactory(submitted_at=now - 40 * DAY, decided_at=now - 30 * DAY)
    left = {"withdraws_at": now - 35 * DAY, "withdrawn_at": now - 35 * DAY}
    for _number in range(4):
        SubmittedApplicationFactory(status="withdrawn", submitted_at=now - 40 * DAY, **left)
    found = step_times(on=today())["submitted_to_decided"]
    assert found is not None
    assert (found.low, found.high, found.count, found.ready) == (10, 10, 10, 6)


def test_from_the_decision_to_the_first_referral() -> None:
    now = timezone.now()
    certificate = made.CertificateFactory()
    for _number in range(10):
        application = QualifiedApplicationFactory(
            cohort=certificate.cohort, submitted_at=now - 40 * DAY, decided_at=now - 12 * DAY
        )
        made.CertificateEntryFactory(certificate=certificate, application=application)
    for ago in (2, 5):
        opening = PublishedOpeningFactory(cohort=certificate.cohort)
        made.ReferralFactory(certificate=certificate, opening=opening, created_at=now - ago * DAY)
    found = step_times(on=today())["decided_to_referred"]
    assert found is not None
    assert (found.median, found.count, found.ready) == (7, 10, 10)


def test_stretches_that_few_have_begun_say_nothing() -> None:
    SubmittedApplicationFactory()
    assert set(step_times(on=today()).values()) == {None}
