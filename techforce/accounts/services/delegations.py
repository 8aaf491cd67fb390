"""Handing one's duties to a colleague for a time."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.accounts.models import Delegation, User
from techforce.accounts.services.rights import require
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.services import service


@service
def delegate(
    *, giver: User, taker: User, starts_on: datetime.date, ends_on: datetime.date, by: Any
) -> Delegation:
    """Record a dated hand-over; the giver does it, or an administrator when the giver cannot."""
    delegation = Delegation(giver=giver, taker=taker, starts_on=starts_on, ends_on=ends_on)
    require("accounts.add_delegation", delegation, by=by)
    _check(delegation)
    delegation.save()
    record_event("accounts.delegation:given", subject=delegation, by=by, detail={"taker": taker.pk})
    return delegation


@service
def revoke_delegation(*, delegation: Delegation, by: Any) -> None:
    """End a hand-over now; either party may."""
    require("accounts.revoke_delegation", delegation, by=by)
    live = Delegation.objects.filter(pk=delegation.pk, revoked_at__isnull=True)
    if live.update(revoked_at=timezone.now()):
        record_event("accounts.delegation:revoked", subject=delegation, by=by)


def _check(delegation: Delegation) -> None:
    if delegation.giver == delegation.taker:
        raise Refused(_("Choose somebody else to act for this person."))
    if not all(
        person.is_active and person.kind == User.Kind.PERSON
        for person in (delegation.giver, delegation.taker)
    ):
        raise Refused(_("Duties pass only between people with an active account."))
    if delegation.ends_on < max(delegation.starts_on, today()):
        raise Refused(_("The last day must not be before the first day or in the past."))
