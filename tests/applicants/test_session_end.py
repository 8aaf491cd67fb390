"""A session ends in the middle of a page: what was typed comes back to the same person, and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from applicants.models import Application
from techforce.accounts import unsaved
from tests.accounts.visitor import Visitor
from tests.applicants.filling import Person, at, draft, typed
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

TYPED = {"now": "Harbor Board\nPier Nine", "has_none": ""}


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.fixture
def application() -> Application:
    return draft()


@pytest.fixture
def clock(time_machine: Any) -> Any:
    time_machine.move_to(timezone.now().replace(microsecond=0), tick=False)
    return time_machine


def sends_too_late(visitor: Visitor, application: Application, clock: Any, **answers: str) -> Any:
    """Signs in, opens a page, and sends it after the session has ended."""
    visitor.sign_in(application.applicant.user)
    form = typed(visitor.get(at(application, "employers")))
    clock.shift(timedelta(minutes=31))
    return visitor.post(at(application, "employers"), form | TYPED | answers)


def test_what_was_typed_is_there_after_signing_in_again(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    answer = sends_too_late(visitor, application, clock)
    address = at(application, "employers")
    assert answer.headers["Location"] == f"/accounts/login/?next={address}"
    visitor.sign_in(application.applicant.user, next=address)
    page = visitor.get(address)
    assert "Here is what you typed" in page.content.decode()
    assert page.context["form"]["now"].value() == TYPED["now"]
    saved = visitor.post(address, typed(page))
    assert saved.status_code == 302
    application.refresh_from_db()
    assert application.answers["employers"]["now"] == ["Harbor Board", "Pier Nine"]


def test_it_is_shown_once(application: Application, visitor: Visitor, clock: Any) -> None:
    sends_too_late(visitor, application, clock)
    visitor.sign_in(application.applicant.user)
    for is_there in (True, False):
        page = visitor.get(at(application, "employers")).content.decode()
        assert ("Here is what you typed" in page) == is_there


def test_another_page_does_not_take_it(application: Application, visitor: Visitor, clock: Any) -> None:
    sends_too_late(visitor, application, clock)
    visitor.sign_in(application.applicant.user)
    for step, is_there in (("experience", False), ("employers", True)):
        page = visitor.get(at(application, step)).content.decode()
        assert ("Here is what you typed" in page) == is_there


def test_whoever_signs_in_next_at_the_same_browser_reads_nothing(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    sends_too_late(visitor, application, clock)
    stranger = draft(applicant__user=UserFactory(), cohort=application.cohort)
    visitor.sign_in(stranger.applicant.user)
    for one in (stranger, application):
        assert "Pier Nine" not in visitor.get(at(one, "employers")).content.decode()


def test_it_lies_sealed_while_nobody_is_signed_in(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    sends_too_late(visitor, application, clock)
    assert "Pier Nine" not in visitor.session._get_session_from_db().session_data
    assert "Pier+Nine" not in visitor.session._get_session_from_db().session_data


def test_a_newer_save_elsewhere_is_not_overwritten(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    sends_too_late(visitor, application, clock)
    saved = {"employers": {"now": ["Saved elsewhere"], "before": [], "has_none": False}}
    Application.objects.filter(pk=application.pk).update(answers=saved)
    visitor.sign_in(application.applicant.user)
    page = visitor.get(at(application, "employers"))
    answer = visitor.post(at(application, "employers"), typed(page))
    assert answer.status_code == 409
    assert "Saved elsewhere" in answer.content.decode()


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_form_that_another_site_sent_is_not_kept(
    application: Application, clock: Any, is_ours: bool
) -> None:
    person = Person(application.applicant.user, enforce_csrf_checks=True)
    form = typed(person.get(at(application, "employers"))) | TYPED
    if is_ours:
        form["csrfmiddlewaretoken"] = person.cookies["csrftoken"].value
    clock.shift(timedelta(minutes=31))
    answer = person.post(at(application, "employers"), form)
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert (unsaved.KEY in person.session) == is_ours


def test_what_no_person_typed_is_too_long_to_be_kept(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    sends_too_late(visitor, application, clock, before="x" * unsaved.LARGEST)
    assert unsaved.KEY not in visitor.session


def test_no_other_form_is_kept(visitor: Visitor, clock: Any) -> None:
    """A password, say."""
    visitor.sign_in(UserFactory())
    clock.shift(timedelta(minutes=31))
    visitor.post("/accounts/password/change/", {"oldpassword": "secret words of mine"})
    assert unsaved.KEY not in visitor.session


def test_a_letter_to_the_program_office_comes_back_too(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    address = reverse("my_question_ask")
    visitor.sign_in(application.applicant.user)
    form = typed(visitor.get(address))
    clock.shift(timedelta(minutes=31))
    visitor.post(address, form | {"subject": "My dates", "body": "A long letter about dates."})
    visitor.sign_in(application.applicant.user, next=address)
    page = visitor.get(address)
    assert "A long letter about dates." in page.content.decode()
    assert visitor.post(address, typed(page)).status_code == 302
    assert application.applicant.case_threads.get().subject == "My dates"


def test_a_long_form_in_a_script_of_three_bytes_a_letter_is_kept(
    application: Application, visitor: Visitor, clock: Any
) -> None:
    long = "\u6d77" * 3000
    visitor.sign_in(application.applicant.user)
    address = at(application, "experience")
    jobs = {f"job{number}_duties": long for number in range(15)} | {"job_count": "15"}
    form = typed(visitor.get(address))
    clock.shift(timedelta(minutes=31))
    visitor.post(address, form | jobs)
    visitor.sign_in(application.applicant.user, next=address)
    assert visitor.get(address).content.decode().count(long) == 15
