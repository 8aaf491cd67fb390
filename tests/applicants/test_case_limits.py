"""What the services of cases refuse past the pages: foreign roles, days gone by, outcomes of another kind."""

from collections.abc import Callable
from typing import Any

import pytest

from applicants.models import CaseMessage, CaseThread
from applicants.services import (
    answer_case,
    ask_for_information,
    assign_case,
    close_case,
    settle_accommodation,
    settle_review,
    write_to_person,
)
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import reassign_all
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from tests.applicants.asking import DAY, accommodation, request_for_review
from tests.factories.accounts import opm_staff
from tests.factories.applicants import CaseThreadFactory, SubmittedApplicationFactory

pytestmark = pytest.mark.django_db

Act = Callable[[CaseThread, User], Any]


def answers(thread: CaseThread, by: User) -> None:
    answer_case(thread=thread, body="Hello.", by=by)


def assigns(thread: CaseThread, by: User) -> None:
    assign_case(thread=thread, owner=opm_staff(OpmRole.CASE_MANAGER), by=by)


def is_given(thread: CaseThread, by: User) -> None:
    assign_case(thread=thread, owner=by, by=opm_staff(OpmRole.CASE_MANAGER))


def closes(thread: CaseThread, by: User) -> None:
    close_case(thread=thread, by=by)


@pytest.mark.parametrize("act", [answers, assigns, is_given, closes])
@pytest.mark.parametrize("role", [OpmRole.AUDITOR, OpmRole.REVIEWER])
def test_a_case_is_worked_in_its_own_roles_alone(role: str, act: Act) -> None:
    thread = CaseThreadFactory()

    with pytest.raises(NotPermitted):
        act(thread, opm_staff(role))

    thread.refresh_from_db()
    assert (thread.status, thread.owner) == ("open", None)
    assert not CaseMessage.objects.exists()


@pytest.mark.parametrize("begin", [accommodation, request_for_review])
def test_what_ends_with_an_outcome_is_not_just_closed(begin: Callable[[], CaseThread]) -> None:
    with pytest.raises(NotPermitted):
        close_case(thread=begin(), by=opm_staff(OpmRole.CASE_MANAGER, OpmRole.HR_DECIDER))


def test_whoever_decided_neither_chooses_the_reviewer_nor_inherits_the_review() -> None:
    decider, owner = opm_staff(OpmRole.HR_DECIDER), opm_staff(OpmRole.HR_DECIDER)
    thread = request_for_review(decider)

    with pytest.raises(NotPermitted, match="took part in this decision"):
        assign_case(thread=thread, owner=owner, by=decider)

    assign_case(thread=thread, owner=owner, by=owner)
    reassign_all(leaver=owner, to=decider, by=opm_staff(OpmRole.ADMINISTRATOR))
    thread.refresh_from_db()
    assert thread.owner == owner


def test_nobody_is_asked_to_answer_by_a_day_that_has_gone_by() -> None:
    manager, reviewer = opm_staff(OpmRole.CASE_MANAGER), opm_staff(OpmRole.HR_DECIDER)
    application, past = SubmittedApplicationFactory(status="in_review"), today() - DAY

    for ask in (
        lambda: write_to_person(application=application, body="When?", reply_by=past, by=manager),
        lambda: answer_case(thread=CaseThreadFactory(), body="When?", reply_by=past, by=manager),
        lambda: ask_for_information(
            application=application, reason_code="dates_unclear", due_on=past, by=reviewer
        ),
    ):
        with pytest.raises(Refused, match="This day has gone by"):
            ask()


def test_outcome_and_reason_belong_to_the_kind_of_case() -> None:
    manager, other = opm_staff(OpmRole.CASE_MANAGER), opm_staff(OpmRole.HR_DECIDER)

    with pytest.raises(Refused, match="Choose the outcome"):
        settle_accommodation(thread=accommodation(), outcome="upheld", body="No.", by=manager)
    with pytest.raises(Refused, match="a reason that belongs to it"):
        settle_review(
            thread=request_for_review(), outcome="upheld", reason_code="nonsense", body="No.", by=other
        )
