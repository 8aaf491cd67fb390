"""Addresses that a mail server refused for good: noted, gone around where the person has another one, told to staff.

Where there is no other address it is asked again with each later message; the first one that it takes settles the
matter.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.errors import NotPermitted
from techforce.core.models import Bounce, OutboxMessage
from techforce.core.services import service


def destination(message: OutboxMessage) -> str:
    """Where it goes now: the person's present address, another verified one while that takes no mail, or the address
    of someone without an account."""
    person = message.recipient
    if person is None:
        return message.address
    return _other_address(person) or person.email if _is_refused(person.email) else person.email


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
    Bounce.objects.unsettled().filter(address=address.lower()).update(settled_at=timezone.now())


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


def _other_address(person: Any) -> str:
    """A verified address that takes mail, as far as anybody knows."""
    refused = Bounce.objects.unsettled().values("address")
    others = EmailAddress.objects.filter(user=person, verified=True).exclude(email__in=refused)
    return (
        others.exclude(email__iexact=person.email).order_by("pk").values_list("email", flat=True).first()
        or ""
    )
