"""HR reads the reasons of the raters, records the result in each discipline and decides."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Application
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from tests.factories.accounts import opm_staff
from tests.factories.applicants import RatingFactory, RecusalFactory, SubmittedApplicationFactory
from tests.factories.program import DisciplineFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

LIST = "/admin/decide/"
IN_A_YEAR = (today() + datetime.timedelta(days=365)).isoformat()


@pytest.fixture
def decider() -> User:
    return opm_staff(OpmRole.HR_DECIDER)


@pytest.fixture
def desk(decider: User) -> Desk:
    found = Desk(decider)
    found.raise_request_exception = True
    return found


def reviewed(*scores: int, **fields: Any) -> Application:
    disciplines = [DisciplineFactory(code="software"), DisciplineFactory(code="ai")]
    application: Application = SubmittedApplicationFactory(
        status="in_review", disciplines=disciplines, **fields
    )
    for score in scores:
        RatingFactory(
            application=application, score=score, notes=f"Reason for {score}.", submitted_at=timezone.now()
        )
    return application


def path_of(application: Application) -> str:
    return f"{LIST}{application.public_id}/"


def answers(application: Application, *results: str) -> dict[str, str]:
    """In the order of the person's choice; an empty reason where the result is good."""
    data = {}
    for choice, result in zip(application.choices.order_by("rank"), results, strict=True):
        key = choice.discipline_id
        is_good = result == "qualified"
        data[f"result-{key}"] = "qualified" if is_good else "not_qualified"
        data[f"expires_on-{key}"] = IN_A_YEAR if is_good else ""
        data[f"reason-{key}"] = "" if is_good else result
    return data


def test_the_reasons_stand_side_by_side_and_one_good_discipline_qualifies(desk: Desk) -> None:
    application = reviewed(4, 3)
    page = desk.get(path_of(application)).content.decode()
    assert "Reason for 4." in page
    assert "Reason for 3." in page

    answer = desk.post(path_of(application), answers(application, "experience", "qualified"))

    assert answer.headers["Location"] == LIST
    application.refresh_from_db()
    assert (application.status, application.outcomes.count()) == ("qualified", 2)


def test_when_none_is_good_the_reason_of_the_first_choice_decides(desk: Desk) -> None:
    application = reviewed(1, 2)
    desk.post(path_of(application), answers(application, "assessment", "experience"))
    application.refresh_from_db()
    assert application.status == "not_qualified"


def test_nothing_is_shown_or_decided_before_both_ratings_are_in(desk: Desk) -> None:
    application = reviewed(4)
    page = desk.get(path_of(application))
    assert "Reason for 4." not in page.content.decode()
    assert page.context["form"] is None

    answer = desk.post(path_of(application), answers(application, "qualified", "qualified"))

    assert answer.status_code == 422
    application.refresh_from_db()
    assert (application.status, application.outcomes.count()) == ("in_review", 0)


def test_ratings_far_apart_ask_for_a_third_first(desk: Desk) -> None:
    application = reviewed(5, 3)
    assert "A third rater breaks the tie first." in desk.get(path_of(application)).content.decode()

    RatingFactory(application=application, score=3, notes="Agreed.", submitted_at=timezone.now())
    desk.post(path_of(application), answers(application, "qualified", "experience"))

    application.refresh_from_db()
    assert application.status == "qualified"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("reason", "", "Choose the reason."),
        ("reason", "a_whim", "Select a valid choice"),
        ("expires_on", "", "Enter the last day."),
        ("expires_on", "2020-01-01", "gone by"),
        ("expires_on", "tomorrow", "valid date"),
        ("result", "", "required"),
    ],
)
def test_a_wrong_answer_is_named_and_the_others_are_kept(
    desk: Desk, name: str, value: str, message: str
) -> None:
    application = reviewed(4, 4)
    first, second = [choice.discipline_id for choice in application.choices.order_by("rank")]
    data = answers(application, "qualified", "eligibility")
    data[f"{name}-{second if name == 'reason' else first}"] = value

    answer = desk.post(path_of(application), data)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    kept = f"result-{second}"
    assert answer.context["form"][kept].value() == "not_qualified"
    assert not application.outcomes.exists()


def test_the_page_is_for_deciders_who_are_not_recused(decider: User, desk: Desk) -> None:
    application = reviewed(4, 4)
    for role in set(OpmRole.values) - {OpmRole.HR_DECIDER}:
        assert Desk(opm_staff(role)).get(path_of(application)).status_code == 404
        assert Desk(opm_staff(role)).get(LIST).status_code == 403
    RecusalFactory(user=decider, applicant=application.applicant)
    assert desk.get(path_of(application)).status_code == 404
    assert application.reference_number not in desk.get(LIST).content.decode()


def test_the_list_and_the_work_page_show_what_is_ready(desk: Desk) -> None:
    ready, waiting, disputed = reviewed(4, 4), reviewed(4), reviewed(5, 1)
    page = desk.get(LIST).content.decode()
    numbers = [application.reference_number for application in (ready, waiting, disputed)]
    assert [number in page for number in numbers] == [True, False, False]
    (card,) = [entry for entry in desk.get("/admin/").context["work"] if entry["url"] == LIST]
    assert card["count"] == "1"


def test_the_list_costs_the_same_with_one_and_with_three(desk: Desk) -> None:
    desk.get(LIST)
    costs = []
    for more in (1, 2):
        for _number in range(more):
            reviewed(3, 3)
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        costs.append(len(queries))
    assert costs[0] == costs[1]
