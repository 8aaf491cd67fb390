"""A person closes their own account: what that does to sign-in, mails, applications and nominations."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from applicants.models import Application, CaseThread
from applicants.services import submit_application
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import close_account
from techforce.core.errors import NotPermitted
from techforce.core.mail.mailer import send_due
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass, OutboxMessage
from tests.accounts.visitor import Visitor
from tests.applicants.filling import draft
from tests.factories.accounts import UserFactory, give_second_factor, opm_staff
from tests.factories.applicants import ApplicantFactory, ApplicationFactory, CaseThreadFactory
from tests.factories.core import LegalHoldFactory
from tests.factories.partners import ConfirmedNominationFactory, coordinator
from tests.factories.placements import ActivePlacementFactory, SentOfferFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

CLOSE = "/accounts/close/"
UNDERSTOOD = {"is_understood": "on"}


@pytest.fixture
def person() -> User:
    return UserFactory()


def at_home(person: User) -> Visitor:
    browser = Visitor()
    browser.sign_in(person)
    return browser


def page_of(person: User) -> str:
    return at_home(person).get(CLOSE).content.decode()


def test_it_ends_every_session_and_nobody_signs_in_again(person: User) -> None:
    phone, laptop = at_home(person), at_home(person)

    answer = laptop.post(CLOSE, UNDERSTOOD, follow=True)

    assert "Your account is closed" in answer.content.decode()
    assert not phone.is_signed_in()
    phone.sign_in(person)
    assert not phone.is_signed_in()


def test_the_box_must_be_ticked(person: User) -> None:
    answer = at_home(person).post(CLOSE, {})

    assert answer.status_code == 422
    assert User.objects.get(pk=person.pk).is_active


def test_the_address_opens_a_new_account_that_knows_nothing_of_the_old_one(person: User) -> None:
    address, application = person.email, submitted_by(person)
    at_home(person).post(CLOSE, UNDERSTOOD)

    assert not EmailAddress.objects.filter(email=address).exists()
    new = UserFactory(email=address)
    assert not Application.objects.visible_to(new).exists()
    application.refresh_from_db()
    assert application.applicant.user.full_name == person.full_name


def submitted_by(person: User) -> Application:
    application = draft(applicant=ApplicantFactory(user=person))
    return submit_application(application=application, by=person, is_certified=True)


def test_drafts_go_and_what_was_submitted_is_withdrawn_and_kept(person: User) -> None:
    application = submitted_by(person)
    begun = ApplicationFactory(applicant=application.applicant)
    nomination = ConfirmedNominationFactory(nominee=person, cohort=application.cohort)
    page = page_of(person)
    assert f"Your draft for {begun.cohort.name} is destroyed at once" in page
    assert f"{application.reference_number} for {application.cohort.name} is withdrawn at once" in page

    at_home(person).post(CLOSE, UNDERSTOOD)

    assert Application.objects.get() == application
    application.refresh_from_db()
    nomination.refresh_from_db()
    assert (application.status, nomination.status) == ("withdrawn", "closed")
    assert application.snapshots.count() == 1


def test_mails_stop_also_those_that_wait(person: User) -> None:
    submitted_by(person)  # queues a receipt
    at_home(person).post(CLOSE, UNDERSTOOD)
    enqueue(
        "account/notice",
        message_class=MessageClass.TRANSACTIONAL,
        subject=person,
        recipient=person,
        context={"occasion": "password_changed"},
        dedupe_key="late",
    )
    mail.outbox.clear()

    while send_due():
        pass

    assert mail.outbox == []
    assert set(OutboxMessage.objects.filter(recipient=person).values_list("delivery", flat=True)) == {
        "cancelled"
    }


@pytest.mark.parametrize("standing", ["offer", "service", "company", "staff"])
def test_what_must_be_settled_first_is_said_and_keeps_the_account(standing: str) -> None:
    person, sentence = {
        "offer": lambda: (SentOfferFactory().applicant.user, "waits for your answer"),
        "service": lambda: (ActivePlacementFactory().applicant.user, "closes after your service"),
        "company": lambda: (coordinator(), "You hold the role"),
        "staff": lambda: (opm_staff(OpmRole.AUDITOR), "You hold the role"),
    }[standing]()
    browser = Visitor()
    if standing in ("company", "staff"):
        give_second_factor(person)
        browser.sign_in_fully(person)
    else:
        browser.sign_in(person)

    page = browser.get(CLOSE).content.decode()
    answer = browser.post(CLOSE, UNDERSTOOD)

    assert sentence in page
    assert 'name="is_understood"' not in page
    assert answer.status_code == 422
    assert User.objects.get(pk=person.pk).is_active


@pytest.mark.parametrize(("topic", "outcome"), [("question", ""), ("accommodation", "given_up")])
def test_open_conversations_end_and_who_owns_one_reads_why(person: User, topic: str, outcome: str) -> None:
    owner = opm_staff(OpmRole.CASE_MANAGER)
    thread = CaseThreadFactory(application=submitted_by(person), topic=topic, owner=owner)
    assert "Your conversations with the program office end" in page_of(person)

    at_home(person).post(CLOSE, UNDERSTOOD)

    thread.refresh_from_db()
    assert (thread.status, thread.outcome, thread.due_on) == ("closed", outcome, None)
    page = Desk(owner).get(f"/admin/applicants/casethread/{thread.pk}/change/").content.decode()
    assert "The person closed the account" in page


def test_what_somebody_asked_who_never_applied_goes_with_the_account(person: User) -> None:
    CaseThreadFactory(application=None, applicant=ApplicantFactory(user=person))
    at_home(person).post(CLOSE, UNDERSTOOD)
    assert not CaseThread.objects.exists()


def test_under_a_hold_it_is_closed_and_nothing_is_destroyed(person: User) -> None:
    begun = ApplicationFactory(applicant__user=person)
    LegalHoldFactory(subject_type="applicants.application", subject_id=begun.pk)

    at_home(person).post(CLOSE, UNDERSTOOD)

    assert not User.objects.get(pk=person.pk).is_active
    assert Application.objects.filter(pk=begun.pk).exists()


def test_a_hold_on_the_person_keeps_all_that_is_theirs(person: User) -> None:
    begun = ApplicationFactory(applicant__user=person)
    LegalHoldFactory(subject_type="accounts.user", subject_id=person.pk)

    at_home(person).post(CLOSE, UNDERSTOOD)

    person.refresh_from_db()
    assert not person.is_active
    assert person.full_name == begun.applicant.user.full_name
    assert Application.objects.filter(pk=begun.pk).exists()
    assert EmailAddress.objects.filter(user=person).exists()


def test_nobody_closes_the_account_of_somebody_else(person: User) -> None:
    for other in (UserFactory(), opm_staff(OpmRole.ADMINISTRATOR), opm_staff(OpmRole.RECORDS_OFFICER)):
        with pytest.raises(NotPermitted):
            close_account(user=person, by=other)

    assert User.objects.get(pk=person.pk).is_active


def test_staff_see_that_it_is_closed(person: User) -> None:
    application = submitted_by(person)
    at_home(person).post(CLOSE, UNDERSTOOD)
    manager, browser = opm_staff(OpmRole.CASE_MANAGER), Visitor()
    give_second_factor(manager)
    browser.sign_in_fully(manager)

    page = browser.get(f"/admin/applicants/application/{application.pk}/change/").content.decode()
    people = browser.get("/admin/applicants/applicant/").content.decode()

    assert "Closed" in page
    assert ">Closed<" in people
