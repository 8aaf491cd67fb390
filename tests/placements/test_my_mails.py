"""What a person is written: once each, with nothing sensitive in it."""

from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from applicants.models import Application
from applicants.services import (
    ask_for_information,
    decide_application,
    record_outcome,
    reopen_review,
    request_withdrawal,
    undo_withdrawal,
    withdraw_due,
)
from placements import services
from placements.models import Selection
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.mail.notifications import NothingToSay, render
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import QualifiedApplicationFactory, RatingFactory, SubmittedApplicationFactory
from tests.placements.people import DAY

pytestmark = pytest.mark.django_db

SENSITIVE = ("150,000", "Software Engineer", "Agency ", "qualified", "not selected", "experience")


def to(user: User, key: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(recipient=user, template_key=key).order_by("pk"))


def mail_of(message: OutboxMessage) -> EmailMultiAlternatives:
    mail = render(message)
    text = f"{mail.subject} {mail.body} {mail.alternatives[0][0]}"
    assert [word for word in SENSITIVE if word in text] == []
    assert "http" in mail.body
    return mail


def decided(reason: str = "") -> Application:
    application = SubmittedApplicationFactory(status="in_review")
    for _number in range(2):
        RatingFactory(application=application, submitted_at=timezone.now())
    decider, (choice,) = opm_staff(OpmRole.HR_DECIDER), application.choices.all()
    result: dict[str, Any] = {"reason_code": reason} if reason else {"expires_on": today() + 365 * DAY}
    record_outcome(application=application, discipline=choice.discipline, by=decider, **result)
    return decide_application(application=application, reason_code=reason, by=decider)


@pytest.mark.parametrize("reason", ["", "experience"])
def test_a_decision_is_written_once_after_its_fifteen_minutes_and_does_not_say_which(reason: str) -> None:
    application = decided(reason)
    (message,) = to(application.applicant.user, "application_decided")
    assert message.not_before > timezone.now() + DAY / 100
    assert "There is a decision on your application" in mail_of(message).subject


def test_a_decision_that_was_reopened_in_the_meantime_is_not_written() -> None:
    application = decided("experience")
    (message,) = to(application.applicant.user, "application_decided")
    reopen_review(application=application, reason_code="error", by=opm_staff(OpmRole.HR_DECIDER))
    with pytest.raises(NothingToSay):
        render(message)


def test_a_request_for_information_is_written() -> None:
    application = SubmittedApplicationFactory(status="in_review")
    staff = opm_staff(OpmRole.HR_DECIDER)
    ask_for_information(application=application, reason_code="dates_unclear", by=staff)
    (message,) = to(application.applicant.user, "information_needed")
    assert "/my/information/" in mail_of(message).body


def test_a_withdrawal_is_confirmed_when_asked_for_and_when_in_effect() -> None:
    application = QualifiedApplicationFactory()
    user = application.applicant.user
    for _click in range(2):
        request_withdrawal(application=application, by=user)
    (asked,) = to(user, "application_withdrawal")
    assert "Until then you can undo it" in mail_of(asked).body
    with time_machine.travel(timezone.now() + 2 * DAY):
        withdraw_due(by=User.objects.system())
    asked, effective = to(user, "application_withdrawal")
    assert "is withdrawn" in render(effective).subject
    with pytest.raises(NothingToSay):
        render(asked)


def test_a_withdrawal_that_was_undone_is_not_confirmed() -> None:
    application = QualifiedApplicationFactory()
    user = application.applicant.user
    request_withdrawal(application=application, by=user)
    undo_withdrawal(application=application, by=user)
    with pytest.raises(NothingToSay):
        render(to(user, "application_withdrawal")[0])


def test_not_selected_is_written_once_whoever_records_it_first() -> None:
    entry = made.CertificateEntryFactory(certificate=made.CertificateFactory())
    referral = made.ReferralFactory(certificate=entry.certificate)
    selection = made.SelectionFactory(
        application=entry.application, opening=referral.opening, referral=referral, status="interviewing"
    )
    hr = agency_member(agency=referral.opening.agency)
    services.reject_candidate(selection=selection, reason_code="skills_fit", by=hr)
    services.record_dispositions(referral=referral, entries=[entry], code="not_selected", by=hr)
    (message,) = to(entry.application.applicant.user, "selection_decided")
    assert message.message_class == "decision"
    assert "An agency has decided" in mail_of(message).body


def test_whoever_declined_is_not_told_that_they_did() -> None:
    entry = made.CertificateEntryFactory(certificate=made.CertificateFactory())
    referral = made.ReferralFactory(certificate=entry.certificate)
    hr = agency_member(agency=referral.opening.agency)
    services.record_dispositions(referral=referral, entries=[entry], code="declined_pay", by=hr)
    assert to(entry.application.applicant.user, "selection_decided") == []


def test_selected_is_not_written_where_the_offer_says_it() -> None:
    entry = made.CertificateEntryFactory(certificate=made.CertificateFactory())
    referral = made.ReferralFactory(certificate=entry.certificate)
    made.SelectionFactory(application=entry.application, opening=referral.opening, status="offered")
    hr = agency_member(agency=referral.opening.agency)
    services.record_dispositions(referral=referral, entries=[entry], code="selected", by=hr)
    with pytest.raises(NothingToSay):
        render(to(entry.application.applicant.user, "selection_decided")[0])


def test_an_offer_is_written_with_its_day_and_only_while_it_waits() -> None:
    offer = made.OfferFactory()
    hr = agency_member(agency=offer.opening.agency)
    services.send_offer(offer=offer, response_due_at=timezone.now() + 5 * DAY, by=hr)
    (message,) = to(offer.applicant.user, "offer_sent")
    mail = mail_of(message)
    assert "You have an offer to answer by" in mail.subject
    assert f"/my/offers/{offer.public_id}/" in mail.body
    services.decline_offer(offer=offer, reason_code="personal", by=offer.applicant.user)
    with pytest.raises(NothingToSay):
        render(message)


def test_a_firm_offer_is_written_as_one() -> None:
    offer = made.SentOfferFactory(kind="firm")
    from placements.services.notices import tell_offer

    tell_offer(offer)
    assert "Your firm offer is here" in mail_of(to(offer.applicant.user, "offer_sent")[0]).body


def test_an_offer_that_the_agency_takes_back_is_written() -> None:
    offer = made.SentOfferFactory()
    hr = agency_member(agency=offer.opening.agency)
    services.withdraw_offer(offer=offer, reason_code="error_corrected", by=hr)
    (message,) = to(offer.applicant.user, "offer_withdrawn")
    assert "change to your offer" in mail_of(message).subject
    draft = made.OfferFactory(selection=Selection.objects.get(pk=offer.selection_id))
    services.withdraw_offer(offer=draft, reason_code="error_corrected", by=hr)
    assert len(to(offer.applicant.user, "offer_withdrawn")) == 1


def test_the_first_day_brings_a_welcome() -> None:
    placement = made.checked_placement(status="ready")
    hr = agency_member(agency=placement.opening.agency)
    services.enter_on_duty(placement=placement, effective_on=today(), by=hr)
    (message,) = to(placement.applicant.user, "service_begins")
    assert mail_of(message).subject == "Welcome to Tech Force"
