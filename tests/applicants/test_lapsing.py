"""Whose result no longer counts hears it once, and whether the application ever reached an agency."""

import datetime

import pytest
from django.core import mail

from applicants.models import Application
from applicants.services import lapse_expired
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.mail.mailer import send_due
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from tests.factories.applicants import QualifiedApplicationFactory

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def run_out() -> Application:
    application: Application = QualifiedApplicationFactory()
    application.outcomes.update(decided_on=today() - 366 * DAY, expires_on=today() - DAY)
    return application


def mails_after_the_sweeps() -> list[str]:
    for _beat in range(2):
        lapse_expired(by=User.objects.system())
    while send_due():
        pass
    return [message.body for message in mail.outbox if "is over" in message.subject]


def test_not_referred() -> None:
    run_out()
    (body,) = mails_after_the_sweeps()
    assert "You were not referred to an agency" in body


def test_referred_and_not_selected() -> None:
    application = run_out()
    enqueue(
        "application_referred",
        message_class=MessageClass.TRANSACTIONAL,
        subject=application,
        recipient=application.applicant.user,
        dedupe_key="referred",
    )
    (body,) = mails_after_the_sweeps()
    assert "No agency selected you" in body
    assert application.reference_number in body
