"""Submitting once, in time, and again until review starts (I1, I2)."""

import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from applicants.models import Application
from applicants.services import start_review, submit_application
from techforce.accounts.models import OpmRole
from techforce.core.errors import Conflict, TransitionRefused
from techforce.core.models import AuditEvent
from tests.applicants.filling import Person, at, draft, receipts_to, typed, words
from tests.factories.accounts import opm_staff
from tests.factories.program import past_window
from tests.parallel import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_double_click_and_the_back_button_give_one_receipt() -> None:
    application = draft()
    person = Person(application.applicant.user)
    page = person.get(at(application, "review"))

    answers = [person.fill(at(application, "review"), page, certify="on") for _click in range(3)]

    assert {answer.headers["Location"] for answer in answers} == {at(application, "receipt")}
    assert application.snapshots.count() == 1
    assert len(receipts_to(application.applicant.user)) == 1


def test_a_form_submits_the_application_that_it_was_made_for_and_no_other() -> None:
    application = draft()
    other = draft(applicant=application.applicant)
    by, key = application.applicant.user, uuid4()

    twice = [
        submit_application(application=application, is_certified=True, key=key, by=by) for _click in range(2)
    ]
    with pytest.raises(TransitionRefused):
        submit_application(application=application, is_certified=True, key=uuid4(), by=by)
    with pytest.raises(Conflict, match="used for another application"):
        submit_application(application=other, is_certified=True, key=key, by=by)

    assert [row.pk for row in twice] == [application.pk] * 2
    other.refresh_from_db()
    assert other.status == "draft"


def test_another_tab_that_submits_later_meets_the_same_receipt() -> None:
    application = draft()
    person = Person(application.applicant.user)
    pages = [person.get(at(application, "review")) for _tab in range(2)]

    answers = [person.fill(at(application, "review"), page, certify="on") for page in pages]

    assert {answer.headers["Location"] for answer in answers} == {at(application, "receipt")}
    assert AuditEvent.objects.filter(action="applicants.application:submit").count() == 1


@pytest.mark.parametrize(("seconds", "status"), [(-1, "submitted"), (0, "draft"), (1, "draft")])
def test_the_deadline_is_the_servers(seconds: int, status: str) -> None:
    application = draft()
    moment = application.cohort.closes_at + datetime.timedelta(seconds=seconds)

    with time_machine.travel(moment, tick=False):
        person = Person(application.applicant.user)
        answer = person.post(at(application, "review"), {"certify": "on", "key": str(uuid4())})

    application.refresh_from_db()
    assert application.status == status
    if status == "draft":
        assert answer.status_code == 422
        assert "The window to apply is closed" in words(answer)
        assert "Not submitted" in words(answer)


def test_after_the_deadline_a_draft_says_not_submitted_and_keeps_its_answers() -> None:
    application = draft(cohort=past_window())
    person = Person(application.applicant.user)

    assert "Not submitted" in words(person.get("/apply/"))
    review = words(person.get(at(application, "review")))
    assert "this draft was not submitted" in review
    assert "Certify and submit" not in review
    assert person.fill(at(application, "employers"), now="Harbor Board").status_code == 302


def test_what_was_submitted_changes_only_with_a_new_certification() -> None:
    application = submitted()
    person = Person(application.applicant.user)
    address = at(application, "employers")

    refused = person.fill(address, now="Harbor Board")
    accepted = person.fill(address, now="Harbor Board", certify="on")

    assert refused.status_code == 422
    assert "Harbor Board" in words(refused)
    assert accepted.headers["Location"] == at(application, "receipt")
    latest = application.snapshots.order_by("-sequence").first()
    assert latest.sequence == 2
    assert latest.content["answers"]["employers"]["now"] == ["Harbor Board"]
    assert len(receipts_to(application.applicant.user)) == 2


def submitted() -> Application:
    application = draft()
    submit_application(application=application, by=application.applicant.user)
    application.refresh_from_db()
    return application


def test_a_submitted_application_stays_complete() -> None:
    application = submitted()
    person = Person(application.applicant.user)

    consent = typed(person.get(at(application, "consent"))) | {"certify": "on"}
    del consent["is_shareable"]
    refused = person.post(at(application, "consent"), consent)

    assert refused.status_code == 422
    assert "withdraw" in words(refused)
    assert application.snapshots.count() == 1


def test_other_disciplines_are_one_further_submission() -> None:
    application = submitted()

    Person(application.applicant.user).fill(
        at(application, "disciplines"), choice_1="data", track="experienced", certify="on"
    )

    latest = application.snapshots.order_by("-sequence").first()
    assert (latest.sequence, latest.content["disciplines"], latest.content["track"]) == (
        2,
        ["data"],
        "experienced",
    )


def test_once_review_begins_only_contact_details_change() -> None:
    application = submitted()
    person = Person(application.applicant.user)
    page = person.get(at(application, "employers"))
    start_review(application=application, by=opm_staff(OpmRole.HR_DECIDER))

    late = person.post(at(application, "employers"), typed(page) | {"now": "Harbor Board", "certify": "on"})

    assert late.headers["Location"] == at(application, "receipt")
    assert person.get(at(application, "review")).headers["Location"] == at(application, "receipt")
    assert application.snapshots.count() == 1
    assert person.fill(at(application, "contact"), city="Boulder").status_code == 302
    application.applicant.refresh_from_db()
    assert application.applicant.city == "Boulder"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_32_submits_at_once_from_as_many_tabs_are_one_application_one_snapshot_one_receipt() -> None:
    """I2: each tab has its own form and key; every one of them ends on the same receipt."""
    application = draft()
    tabs = [Person(application.applicant.user) for _tab in range(32)]
    forms = [typed(tab.get(at(application, "review"))) | {"certify": "on"} for tab in tabs]
    assert len({form["key"] for form in forms}) == 32

    answers = at_once(32, lambda n: tabs[n].post(at(application, "review"), forms[n]))

    assert {answer.headers["Location"] for answer in answers} == {at(application, "receipt")}
    assert Application.objects.count() == 1
    assert application.snapshots.count() == 1
    assert AuditEvent.objects.filter(action="applicants.application:submit").count() == 1
    assert len(receipts_to(application.applicant.user)) == 1
