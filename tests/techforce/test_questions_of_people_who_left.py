"""What the office answered somebody who never applied is kept for a year, and then goes, with what names them."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from applicants.models import Applicant, CaseMessage, CaseThread
from applicants.services import answer_case, leaving, open_case, reopen_case
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import close_account
from techforce.core.errors import Refused
from tests.applicants.filling import draft
from tests.factories.accounts import UserFactory, opm_staff
from tests.techforce.test_destruction import destroyed

pytestmark = pytest.mark.django_db

APPROVED = ("--approved-by", "records@opm.example")
MONTH = datetime.timedelta(days=31)


@pytest.fixture(autouse=True)
def _officer(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    opm_staff(OpmRole.RECORDS_OFFICER, email="records@opm.example")


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.CASE_MANAGER)


def asked_by(person: User, application: Any = None) -> CaseThread:
    return open_case(application=application, body="May I apply?", by=person, legal_name="Robin Reyes")


def destroyed_after(months: int) -> str:
    with time_machine.travel(timezone.now() + months * MONTH):
        return destroyed(*APPROVED)


def test_what_was_answered_stays_a_year_after_the_account_is_closed(manager: User) -> None:
    person = UserFactory()
    thread, unread = asked_by(person), asked_by(person)
    answer_case(thread=thread, body="You may.", by=manager)
    assert any("We keep it for one year" in line for line in leaving.consequences(person))

    close_account(user=person, by=person)

    assert CaseThread.objects.get() == thread != unread
    destroyed_after(11)
    assert "You may." in set(CaseMessage.objects.values_list("body", flat=True))
    destroyed_after(13)
    assert not CaseThread.objects.exists()
    assert not Applicant.objects.exists()


def test_nothing_stays_of_somebody_whom_nobody_answered() -> None:
    person = UserFactory()
    asked_by(person)

    close_account(user=person, by=person)

    assert not Applicant.objects.exists()


def test_an_answer_about_a_draft_outlives_the_draft(manager: User) -> None:
    application = draft()
    person = application.applicant.user
    thread = asked_by(person, application)
    answer_case(thread=thread, body="You may.", by=manager)

    close_account(user=person, by=person)

    kept = CaseThread.objects.get()
    assert (kept.pk, kept.application, kept.status) == (thread.pk, None, "closed")
    assert not type(application).objects.exists()


def test_an_answer_that_nobody_replied_to_goes_a_year_later_although_it_was_never_closed(
    manager: User,
) -> None:
    person = UserFactory()
    thread = asked_by(person)
    answer_case(thread=thread, body="You may.", by=manager)
    with time_machine.travel(timezone.now() + 5 * MONTH):
        answer_case(thread=thread, body="You still may.", by=manager)

    destroyed_after(13)
    assert CaseThread.objects.exists()
    destroyed_after(18)
    assert not CaseThread.objects.exists()


def test_a_conversation_with_a_closed_account_is_not_taken_up_again(manager: User) -> None:
    person = UserFactory()
    thread = asked_by(person)
    answer_case(thread=thread, body="You may.", by=manager)
    close_account(user=person, by=person)
    thread.refresh_from_db()

    with pytest.raises(Refused, match="closed the account"):
        reopen_case(thread=thread, by=manager)
