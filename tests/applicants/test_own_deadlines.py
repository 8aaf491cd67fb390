"""The limits of a deadline of one's own, given after an outage, and what follows it: the calendar and the mails."""

import datetime
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from applicants.models import Applicant, Application, DeadlineExtension
from applicants.services import extend_for_one, submit_application
from placements.services.calendar_feed import entries_for
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import EASTERN
from techforce.core.errors import Refused, TransitionRefused
from techforce.core.mail.mailer import send_due
from tests.applicants.filling import Person, at, draft, open_cohort, saved
from tests.factories.accounts import DelegationFactory, UserFactory, opm_staff

pytestmark = pytest.mark.django_db

HOUR, DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)


@pytest.fixture
def application() -> Iterator[Application]:
    """A draft, an hour after its window closed."""
    row = draft()
    with time_machine.travel(row.cohort.closes_at + HOUR, tick=False):
        yield row


def more_time_for(row: Application, until: datetime.datetime, by: Any = None) -> DeadlineExtension:
    return extend_for_one(
        cohort=row.cohort,
        reference_number=row.reference_number,
        until=until,
        reason_code="sign_in_outage",
        by=by or opm_staff(OpmRole.PROGRAM_MANAGER),
    )


def later(row: Application, days: int = 2) -> datetime.datetime:
    return row.cohort.closes_at + days * DAY


def test_nobody_gives_more_time_to_themselves_nor_to_whoever_lent_them_the_role(
    application: Application,
) -> None:
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    Applicant.objects.filter(pk=application.applicant_id).update(user=manager)
    carrier = User.objects.get(pk=DelegationFactory(giver=manager, taker=UserFactory()).taker.pk)

    for person in (manager, carrier):
        with pytest.raises(Refused, match="your own application"):
            more_time_for(application, later(application), by=person)


@pytest.mark.parametrize("status", ["planned", "assessing", "placing", "serving", "ended"])
def test_once_assessment_begins_nobody_gets_more_time_or_submits_with_it(status: str) -> None:
    late = draft(cohort=open_cohort(status=status, **past()), extended_until=timezone.now() + DAY)

    assert not late.is_in_time
    with pytest.raises(Refused, match="open or just closed"):
        more_time_for(late, later(late, 5))
    with pytest.raises(TransitionRefused, match="window to apply is closed"):
        submit_application(application=late, is_certified=True, by=late.applicant.user)


def past() -> dict[str, datetime.datetime]:
    now = timezone.now()
    return {"opens_at": now - 30 * DAY, "closes_at": now - HOUR}


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "still to come"), (2, "later than"), (63, "60 days at most")]
)
def test_it_moves_later_only_and_sixty_days_at_most(
    application: Application, days: int, sentence: str
) -> None:
    """Two days are what the person has already."""
    more_time_for(application, later(application))

    with pytest.raises(Refused, match=sentence):
        more_time_for(application, later(application, days))

    assert DeadlineExtension.objects.count() == 1


def test_the_calendar_shows_the_own_deadline_as_the_same_entry_in_a_later_version(
    application: Application,
) -> None:
    user, moments = application.applicant.user, []
    for days in (2, 4):
        more_time_for(application, later(application, days))
        (entry,) = entries_for(user)
        moments.append((entry.key, entry.starts, entry.sequence))

    (key, first, old), (same, second, new) = moments
    assert (key, first, second) == (same, later(application, 2), later(application, 4))
    assert new > old


def test_of_two_new_deadlines_only_the_later_one_is_told(application: Application) -> None:
    for days in (2, 4):
        more_time_for(application, later(application, days))
    while send_due():
        pass

    (message,) = [sent for sent in mail.outbox if application.applicant.user.email in sent.to]
    last_day = later(application, 4).astimezone(EASTERN)
    assert f"{last_day:%B} {last_day.day}" in message.body


def test_what_was_submitted_in_the_own_time_can_be_changed_until_it_ends(application: Application) -> None:
    more_time_for(application, later(application))
    person = Person(application.applicant.user)
    person.post(at(application, "review"), {"certify": "on", "key": str(uuid4())})

    changed = person.fill(at(application, "employers"), now="Harbor Board", certify="on")
    application.refresh_from_db()
    assert (changed.status_code, application.snapshots.count()) == (302, 2)

    with time_machine.travel(later(application), tick=False):
        person = Person(application.applicant.user)
        assert person.get(at(application, "employers")).status_code == 302
        assert person.post(at(application, "employers"), {"now": "Pier Nine"}).status_code == 302
        with pytest.raises(Refused, match="until review starts or the window closes"):
            saved(application, "employers", now=["Pier Nine"])
    assert application.snapshots.count() == 2
