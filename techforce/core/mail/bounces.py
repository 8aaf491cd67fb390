"""Addresses that a mail server refused for good: noted, gone around where the person has another one, told to staff.

Where there is no other address it is asked again with each later message; the first one that it takes settles the
matter.
"""

from collections.abc import Collection
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.delivery_reports import Report
from techforce.core.models import Bounce, Delivery, OutboxMessage
from techforce.core.services import service
from techforce.core.wake import wake

REPORTED = "dsn-"
"""Begins the failure code of what a server reported later."""


def refused_now() -> frozenset[str]:
    """Every address that takes no mail, in lower case; there are few."""
    return frozenset(Bounce.objects.unsettled().values_list("address", flat=True))


def destination(message: OutboxMessage, refused: Collection[str] | None = None) -> str:
    """Where it goes now: the person's present address, another verified one while that takes no mail, or the address
    of someone without an account."""
    person = message.recipient
    if person is None:
        return message.address
    is_refused = _is_refused(person.email) if refused is None else person.email.lower() in refused
    return _other_address(person) or person.email if is_refused else person.email


def note_refusal(message: OutboxMessage, address: str, code: str) -> bool:
    """The server said that `address`, to which it went, takes no mail. True when there is another one to try."""
    address = address.lower()
    known = Bounce.objects.unsettled().filter(address=address)
    if not known.update(message_count=F("message_count") + 1, last_at=timezone.now(), failure_code=code):
        Bounce.objects.bulk_create(
            [Bounce(user=message.recipient, address=address, failure_code=code)], ignore_conflicts=True
        )
    return message.recipient is not None and bool(_other_address(message.recipient))


def note_arrival(address: str) -> None:
    """Taken by its server. That alone does not settle what a server reported after it had taken a message."""
    refused = Bounce.objects.unsettled().filter(address=address.lower())
    refused.exclude(failure_code__startswith=REPORTED).update(settled_at=timezone.now())


class StillLeaving(Exception):
    """Nobody has written down yet that the message was sent. Its report is taken a little later."""


@transaction.atomic
def take_report(*, report: Report) -> OutboxMessage:
    """A server took a message and could not deliver it: as if it had refused it at once. Another verified address gets
    it; where there is none, it has failed. The same report again only counts. Raises StillLeaving."""
    known = OutboxMessage.objects.select_for_update(of=("self",)).filter(public_id=report.message)
    message: OutboxMessage | None = known.first()
    if message is None:
        raise Refused(_("The report names no message of ours."))
    if report.addresses and message.delivery in (Delivery.CLAIMED, Delivery.SENDING):
        raise StillLeaving
    last = _went_to(message)
    for address, status in _given_up(report, message, last).items():
        code = f"{REPORTED}{status}"
        has_other = note_refusal(message, address, code)
        if address == last and message.delivery == Delivery.SENT:
            _undo_sending(message, Delivery.PENDING if has_other else Delivery.FAILED, code)
    return message


def _given_up(report: Report, message: OutboxMessage, last: str) -> dict[str, str]:
    """Addresses of ours with their status. What the report calls otherwise, an alias or a member of a list, is the one
    address to which the returned message went."""
    ours = _addresses(message)
    went_to = report.went_to if report.went_to in ours else last
    return {(named if named in ours else went_to): status for named, status in report.addresses.items()}


def _went_to(message: OutboxMessage) -> str:
    """Where it was sent last, as far as is known: by what was refused by then, not by what was refused since."""
    before = Bounce.objects.unsettled().filter(created_at__lt=message.sent_at or message.created_at)
    refused = frozenset(before.values_list("address", flat=True))
    person = message.recipient
    if person is None or person.email.lower() not in refused:
        return destination(message, refused).lower()
    return (_other_address(person, refused) or person.email).lower()


def _addresses(message: OutboxMessage) -> set[str]:
    """Those to which it may have gone."""
    person = message.recipient
    if person is None:
        return {message.address.lower()}
    own = EmailAddress.objects.filter(user=person, verified=True).values_list("email", flat=True)
    return {person.email.lower(), *(address.lower() for address in own)}


def _undo_sending(message: OutboxMessage, delivery: str, code: str) -> None:
    message.delivery, message.sent_at, message.failure_code = delivery, None, code
    message.save(update_fields=["delivery", "sent_at", "failure_code"])
    if delivery == Delivery.PENDING:
        transaction.on_commit(partial(wake, "techforce.core.tasks.send_outbox"), robust=True)


def refused_addresses(person: Any) -> list[str]:
    """What the person's own pages say."""
    return list(
        Bounce.objects.unsettled().filter(user=person).order_by("pk").values_list("address", flat=True)
    )


@service
def settle_bounce(*, bounce: Bounce, by: Any) -> None:
    """Somebody cleared it up with the person."""
    if not by.has_perm("core.settle_bounce", bounce):
        raise NotPermitted(_("Only the program office settles this."))
    open_one = Bounce.objects.unsettled().filter(pk=bounce.pk)
    open_one.update(settled_at=timezone.now(), settled_by=by)


def _is_refused(address: str) -> bool:
    return Bounce.objects.unsettled().filter(address=address.lower()).exists()


def _other_address(person: Any, refused: Collection[str] | None = None) -> str:
    """A verified address that takes mail, as far as anybody knows."""
    known = refused_now() if refused is None else refused
    others = EmailAddress.objects.filter(user=person, verified=True).exclude(email__iexact=person.email)
    found = others.order_by("pk").values_list("email", flat=True)
    return next((address for address in found if address.lower() not in known), "")
