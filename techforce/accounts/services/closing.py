"""A person closes their own account (trust.md I15): what may go goes at once, records stay their time, and nobody signs
in any more."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from techforce.accounts.models import User
from techforce.accounts.privacy import CLOSED
from techforce.accounts.registry import departures, membership_models
from techforce.accounts.services.people import deactivate_user
from techforce.accounts.services.rights import require
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.mail import outbox
from techforce.core.models import OutboxMessage
from techforce.core.privacy import erase_person
from techforce.core.services import service


def obstacles_of(user: User) -> list[str]:
    """What must be settled before this account can be closed, in sentences; empty when nothing stands in the way."""
    return [*_roles_of(user), *(sentence for each in departures() for sentence in each.obstacles(user))]


def consequences_of(user: User) -> list[str]:
    """What becomes of what is held of this person."""
    return [sentence for each in departures() for sentence in each.consequences(user)]


def _roles_of(user: User) -> Iterator[str]:
    """A role is ended by whoever gives it out, so that nobody's work is left without an owner unnoticed."""
    for model in membership_models():
        for membership in model.objects.live().filter(user=user).order_by("pk"):
            yield _("You hold the role “%(role)s”. Ask whoever invited you to end it first.") % {
                "role": membership.get_role_display()
            }


@service
def close_account(*, user: User, by: Any) -> None:
    """Close one's own account. Raises Refused when something must be settled first. What a legal hold covers stays as
    it is; the account is closed all the same."""
    require("accounts.close_account", user, by=by)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return  # a second press, or another tab, was faster: it is closed once
    for departure in departures():
        departure.lock(user)
    if obstacles := obstacles_of(user):
        raise Refused(" ".join(obstacles))
    for departure in departures():
        departure.leave(user, by)
    record_event(CLOSED, subject=user, by=by)
    # The system ends the access: nobody but an administrator deactivates an account otherwise.
    deactivate_user(user=user, reason_code="closed_by_person", by=User.objects.system())
    outbox.cancel(OutboxMessage.objects.filter(recipient=user))
    erase_person(User.objects.get(pk=user.pk), by=by, is_partial_allowed=True)
