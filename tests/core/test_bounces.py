"""An address that takes no mail: another one is tried, staff get a task, the person's own pages say so."""

import smtplib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from techforce.accounts.models import OpmRole, User
from techforce.core.mail import mailer, notifications, outbox
from techforce.core.models import Bounce, Delivery, MessageClass, OutboxMessage
from techforce.core.work import work_of
from tests.factories.accounts import UserFactory, opm_staff
from tests.placements.people import read
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

GONE: set[str] = set()
CODE = {"of refusals": 550}
MEANWHILE: list[Callable[[], Any]] = []


class SomeMailboxesAreGone(EmailBackend):
    """A mail server that knows nobody at the addresses in GONE."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            refused = {to: (CODE["of refusals"], b"no such mailbox") for to in message.to if to in GONE}
            if refused:
                while MEANWHILE:
                    MEANWHILE.pop()()
                raise smtplib.SMTPRecipientsRefused(refused)
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    greeting = notifications.MessageTemplate(
        "deadline_reminder", lambda message: {"due_on": timezone.now(), "path": "/"}
    )
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", greeting)
    settings.EMAIL_BACKEND = f"{__name__}.SomeMailboxesAreGone"
    yield
    GONE.clear()
    CODE["of refusals"] = 550


def write_to(person: User) -> OutboxMessage:
    key = f"greeting:{OutboxMessage.objects.count()}"
    outbox.enqueue(
        "deadline_reminder",
        subject=person,
        recipient=person,
        message_class=MessageClass.TRANSACTIONAL,
        dedupe_key=key,
    )
    for _round in range(4):  # enough for two addresses, and an end where one is asked for ever
        mailer.send_due()
    return OutboxMessage.objects.get(dedupe_key=key)


def second_address(person: User, *, verified: bool = True) -> str:
    address = f"second-{person.pk}@mail.example"
    EmailAddress.objects.create(user=person, email=address, verified=verified)
    return address


def test_a_second_verified_address_gets_what_the_first_did_not_take() -> None:
    person = UserFactory()
    second = second_address(person)
    GONE.add(person.email)
    assert write_to(person).delivery == Delivery.SENT
    assert [message.to for message in mail.outbox] == [[second]]
    write_to(person)
    assert [message.to for message in mail.outbox] == [[second], [second]]


def test_an_address_that_nobody_verified_gets_nothing() -> None:
    person = UserFactory()
    second_address(person, verified=False)
    GONE.add(person.email)
    message = write_to(person)
    assert (message.delivery, message.failure_code) == (Delivery.FAILED, "smtp-550")
    assert mail.outbox == []


def test_only_the_address_that_was_tried_counts_as_refused() -> None:
    """Another worker is refused at the same time, so that by now the next address would be the second one."""
    person = UserFactory()
    second = second_address(person)
    GONE.add(person.email)
    MEANWHILE.append(
        lambda: Bounce.objects.create(user=person, address=person.email, failure_code="smtp-550")
    )
    assert write_to(person).delivery == Delivery.SENT
    assert [message.to for message in mail.outbox] == [[second]]
    assert list(Bounce.objects.values_list("address", "message_count")) == [(person.email, 2)]


def test_two_refused_addresses_are_tried_once_each() -> None:
    person = UserFactory()
    GONE.update({person.email, second_address(person)})
    message = write_to(person)
    assert (message.delivery, message.attempts) == (Delivery.FAILED, 2)
    assert Bounce.objects.unsettled().count() == 2


def test_staff_get_a_task_and_settle_it_with_the_person() -> None:
    person, manager = UserFactory(), opm_staff(OpmRole.CASE_MANAGER)
    GONE.add(person.email)
    write_to(person)
    write_to(person)
    (task,) = (entry for entry in work_of(manager) if "does not reach" in str(entry["label"]))
    assert task["count"] == "1"
    bounce = Bounce.objects.get()
    assert (bounce.address, bounce.user, bounce.message_count) == (person.email, person, 2)
    Desk(manager).post(f"/admin/core/bounce/{bounce.pk}/act/settle/")
    bounce.refresh_from_db()
    assert bounce.settled_by == manager
    assert not opm_staff(OpmRole.REVIEWER).has_perm("core.view_bounce")


def test_the_persons_own_pages_say_so_until_a_mail_arrives() -> None:
    person = UserFactory()
    GONE.add(person.email)
    write_to(person)
    assert f"takes no mail: {person.email}" in read(person, "/reminders/")
    assert f"takes no mail: {person.email}" in read(person, "/accounts/profile/")
    GONE.clear()
    write_to(person)
    assert "takes no mail" not in read(person, "/reminders/")
    assert Bounce.objects.get().settled_at <= timezone.now()


def test_a_refusal_for_now_is_no_bounce() -> None:
    """A mailbox that is busy or unknown only today is tried again later (4xx)."""
    person = UserFactory()
    CODE["of refusals"] = 451
    GONE.add(person.email)
    assert write_to(person).delivery == Delivery.PENDING
    assert not Bounce.objects.exists()
