"""How long the stretch took others, on the person's own page only."""

import datetime
import re

import pytest
from django.utils import timezone

from applicants.models import Application
from placements import services
from techforce.accounts.models import User
from tests.factories.applicants import QualifiedApplicationFactory, SubmittedApplicationFactory
from tests.factories.program import CohortFactory
from tests.placements.agency_room import MANAGER, desk, page_of, referred
from tests.placements.people import read

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def decided_after(*waits: int) -> None:
    """People of an earlier cohort who waited so many days for a decision."""
    cohort = CohortFactory()
    for days in waits:
        submitted_at = timezone.now() - (days + 3) * DAY
        QualifiedApplicationFactory(
            cohort=cohort, submitted_at=submitted_at, decided_at=submitted_at + days * DAY
        )


def waiting(days: int = 1) -> Application:
    """And the times are measured, as on every day."""
    application = SubmittedApplicationFactory(
        cohort=CohortFactory(status="open"), submitted_at=timezone.now() - days * DAY
    )
    services.keep_measures(by=User.objects.system())
    return application


def test_half_of_the_people_with_count_and_date() -> None:
    decided_after(4, 5, 6, 7, 8, 9, 10, 11, 12)

    page = read(waiting().applicant.user)

    # Ten with the person, who still waits and counts as at least a day; of the nine after that day the fifth waited 8.
    assert re.search(
        r"half of the people waited 8 days or less \(n = 10, as of [A-Z][a-z]+ \d+, \d{4}\)", page
    )
    assert "longer than usual" not in page


def test_a_hidden_figure_below_ten() -> None:
    decided_after(4, 5, 6, 7, 8, 9, 10, 11)

    assert "half of the people" not in read(waiting().applicant.user)


def test_past_four_fifths_it_says_that_there_is_nothing_to_do() -> None:
    decided_after(*range(4, 16))

    assert "Yours takes longer than usual. There is nothing for you to do." in read(
        waiting(days=40).applicant.user
    )


def test_nothing_where_nobody_is_waited_for_and_nothing_for_agencies() -> None:
    decided_after(*range(4, 16))
    draft_page = read(
        SubmittedApplicationFactory(
            status="withdrawn", withdraws_at=timezone.now(), withdrawn_at=timezone.now()
        ).applicant.user
    )
    referral = referred()
    services.keep_measures(by=User.objects.system())

    assert "half of the people" not in draft_page
    assert "half of the people" not in desk(MANAGER, referral.opening).get(page_of(referral)).content.decode()
