"""A message is queued with its cause, claimed by one worker, and leaves once (I9)."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from techforce.core.mail import mailer, notifications, outbox
from techforce.core.models import Delivery, MessageClass, OutboxMessage
from tests.factories.accounts import UserFactory
from tests.parallel import at_once


@pytest.fixture(autouse=True)
def _greeting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A message that shows a date, with the reminder's texts."""
    loader = notifications.MessageTemplate(
        "deadline_reminder", lambda message: {"due_on": timezone.now(), "path": "/"}
    )
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", loader)
    return


def queue(number: int = 1, **fields: Any) -> None:
    person = UserFactory()
    for n in range(number):
        defaults = {"message_class": MessageClass.TRANSACTIONAL, "dedupe_key": f"greeting:{person.pk}:{n}"}
        outbox.enqueue("deadline_reminder", subject=person, recipient=person, **{**defaults, **fields})


def later(seconds: int) -> Any:
    return timezone.now() + timedelta(seconds=seconds)


@pytest.mark.django_db
def test_a_queued_message_is_sent_with_the_message_id_of_its_row() -> None:
    queue()
    mailer.send_due()
    row = OutboxMessage.objects.get()
    assert row.delivery == Delivery.SENT
    assert mail.outbox[0].extra_headers["Message-ID"] == row.message_id


@pytest.mark.django_db
def test_a_rolled_back_cause_takes_its_message_with_it() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        queue()
        raise ZeroDivisionError
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_the_same_cause_queues_one_message() -> None:
    queue(dedupe_key="receipt:7")
    queue(dedupe_key="receipt:7")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
def test_a_decision_waits_fifteen_minutes_and_can_be_cancelled() -> None:
    queue(message_class=MessageClass.DECISION)
    assert mailer.send_due() == 0
    assert outbox.cancel(OutboxMessage.objects.all()) == 1
    assert outbox.claim(now=later(16 * 60)) == []


@pytest.mark.django_db
def test_a_worker_lost_before_sending_leaves_the_message_pending() -> None:
    queue()
    outbox.claim()
    outbox.recover(now=later(31))
    assert OutboxMessage.objects.get().delivery == Delivery.PENDING


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("receiver", "delivery"), [("has_everything", Delivery.SENT), ("has_nothing", Delivery.PENDING)]
)
def test_a_doubtful_message_is_settled_by_asking_the_receiver(
    receiver: str, delivery: str, settings: Any
) -> None:
    settings.MAIL_RECEIPTS = f"tests.core.receivers.{receiver}"
    lose_worker_while_sending()
    outbox.recover(now=later(31))
    assert OutboxMessage.objects.get().delivery == delivery


@pytest.mark.django_db
def test_a_doubtful_message_is_left_to_staff_when_nobody_can_be_asked() -> None:
    lose_worker_while_sending()
    outbox.recover(now=later(31))
    assert OutboxMessage.objects.needing_staff().get().delivery == Delivery.UNCONFIRMED
    assert outbox.claim(now=later(99)) == []


def lose_worker_while_sending() -> None:
    queue()
    (message,) = outbox.claim()
    outbox.settle(message, expected=Delivery.CLAIMED, delivery=Delivery.SENDING)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_does_not_send() -> None:
    queue()
    (stale,) = outbox.claim()
    outbox.recover(now=later(31))
    outbox.claim(now=later(31))
    with mail.get_connection() as smtp:
        mailer.send(stale, smtp)
    assert mail.outbox == []


@pytest.mark.django_db
def test_while_its_lease_runs_a_message_is_left_to_its_worker() -> None:
    """Otherwise it would leave a second time beside the worker that has it."""
    queue(2)
    first, _second = outbox.claim()
    outbox.begin_sending(first)
    outbox.recover(now=later(25))
    assert sorted(OutboxMessage.objects.values_list("delivery", flat=True)) == ["claimed", "sending"]


@pytest.mark.django_db
def test_what_a_lost_worker_says_later_does_not_take_the_message_from_the_next() -> None:
    queue()
    (stale,) = outbox.claim()
    outbox.recover(now=later(31))
    outbox.claim(now=later(31))
    assert not outbox.settle(stale, expected=Delivery.CLAIMED, delivery=Delivery.PENDING)
    assert outbox.claim(now=later(31)) == []


class Watched(EmailBackend):
    """Notes how the messages stand while the bytes of one leave."""

    stood: ClassVar[list[list[str]]] = []

    def send_messages(self, messages: Any) -> int:
        self.stood.append(list(OutboxMessage.objects.order_by("pk").values_list("delivery", flat=True)))
        return super().send_messages(messages)


@pytest.mark.django_db
def test_of_a_batch_only_the_one_that_leaves_is_in_doubt(settings: Any) -> None:
    """What the server took is written down with the beginning of the next one, the last at the end."""
    settings.EMAIL_BACKEND = f"{__name__}.Watched"
    Watched.stood.clear()
    queue(3)
    mailer.send_due()
    assert Watched.stood == [
        ["sending", "claimed", "claimed"],
        ["sent", "sending", "claimed"],
        ["sent", "sent", "sending"],
    ]
    assert set(OutboxMessage.objects.values_list("delivery", flat=True)) == {Delivery.SENT}


@pytest.mark.django_db
def test_what_arrived_is_written_down_also_when_the_next_breaks_the_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queue(2)
    broken = iter([outbox.begin_sending])
    monkeypatch.setattr(outbox, "begin_sending", lambda *row, **more: next(broken)(*row, **more))
    with pytest.raises(StopIteration):
        mailer.send_due()
    assert list(OutboxMessage.objects.order_by("pk").values_list("delivery", flat=True)) == [
        "sent",
        "claimed",
    ]


@pytest.mark.django_db
def test_a_message_in_a_workers_hands_can_still_be_cancelled() -> None:
    queue()
    (claimed,) = outbox.claim()
    assert outbox.cancel(OutboxMessage.objects.all()) == 1
    with mail.get_connection() as smtp:
        mailer.send(claimed, smtp)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED


def refusing(error: Exception) -> Callable[..., int]:
    def send_messages(self: Any, messages: Any) -> int:
        raise error

    return send_messages


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "delivery"),
    [
        (smtplib.SMTPDataError(451, b"later"), Delivery.PENDING),
        (smtplib.SMTPDataError(554, b"no"), Delivery.FAILED),
        (smtplib.SMTPRecipientsRefused({"a@example.org": (550, b"unknown")}), Delivery.FAILED),
        (smtplib.SMTPServerDisconnected("in the middle"), Delivery.SENDING),
        (smtplib.SMTPDataError(-1, b""), Delivery.SENDING),
    ],
)
def test_what_the_server_said_decides_what_happens_next(
    error: Exception, delivery: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", refusing(error))
    queue()
    mailer.send_due()
    assert OutboxMessage.objects.get().delivery == delivery


@pytest.mark.django_db
def test_after_a_refusal_that_ends_the_connection_the_next_message_is_not_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(EmailBackend, "send_messages", refusing(smtplib.SMTPDataError(421, b"bye")))
    queue(2)
    mailer.send_due()
    assert set(OutboxMessage.objects.values_list("delivery", flat=True)) == {Delivery.PENDING}


@pytest.mark.django_db
def test_a_worker_stops_in_time_and_puts_the_rest_back() -> None:
    queue(3)
    mailer.send_due(stop_at=0)
    assert mail.outbox == []
    assert OutboxMessage.objects.filter(delivery=Delivery.PENDING).count() == 3


@pytest.mark.django_db
def test_a_receiver_that_cannot_be_asked_now_is_asked_again_later(settings: Any) -> None:
    settings.MAIL_RECEIPTS = "tests.core.receivers.is_away"
    lose_worker_while_sending()
    outbox.recover(now=later(31))
    assert OutboxMessage.objects.get().delivery == Delivery.SENDING
    settings.MAIL_RECEIPTS = "tests.core.receivers.has_everything"
    outbox.recover(now=later(62))
    assert OutboxMessage.objects.get().delivery == Delivery.SENT


@pytest.mark.django_db
def test_a_broken_template_does_not_hold_back_the_next_message(monkeypatch: pytest.MonkeyPatch) -> None:
    queue(dedupe_key="good")
    queue(dedupe_key="bad", context={"broken": True})
    loader = notifications.MessageTemplate(
        "deadline_reminder", lambda message: {"due_on": 1 // (not message.context), "path": "/"}
    )
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", loader)
    mailer.send_due()
    states = dict(OutboxMessage.objects.values_list("dedupe_key", "delivery"))
    assert states == {"good": Delivery.SENT, "bad": Delivery.FAILED}


@pytest.mark.django_db
def test_what_arrived_is_written_down_before_a_message_of_unknown_length_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lease of the one before runs while the next is put together."""
    queue(2)
    seen = []

    def load(message: OutboxMessage) -> dict[str, Any]:
        seen.append(sorted(OutboxMessage.objects.values_list("delivery", flat=True)))
        return {"due_on": timezone.now(), "path": "/"}

    loader = notifications.MessageTemplate("deadline_reminder", load)
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", loader)
    mailer.send_due()
    assert seen == [[Delivery.CLAIMED, Delivery.CLAIMED], [Delivery.CLAIMED, Delivery.SENT]]


@pytest.mark.django_db
def test_a_message_without_reason_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    loader = notifications.MessageTemplate("deadline_reminder", lambda message: None)
    monkeypatch.setitem(notifications._TEMPLATES, "deadline_reminder", loader)
    queue()
    mailer.send_due()
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_eight_workers_never_claim_the_same_message() -> None:
    queue(200)
    claimed = [m.pk for batch in at_once(8, lambda _n: outbox.claim(limit=25)) for m in batch]
    assert len(claimed) == len(set(claimed)) == 200


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_workers_do_claim_the_same_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(OutboxMessage.objects.all()), "select_for_update", lambda self, **options: self)
    queue(200)
    claimed = [m.pk for batch in at_once(8, lambda _n: outbox.claim(limit=25)) for m in batch]
    assert len(claimed) > len(set(claimed))
