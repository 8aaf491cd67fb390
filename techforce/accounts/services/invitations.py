"""Inviting people into memberships, and accepting."""

from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.accounts.invitations import moment_of
from techforce.accounts.models import Membership
from techforce.accounts.registry import membership_models
from techforce.accounts.services.rights import require
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.services import service

AnyMembership = TypeVar("AnyMembership", bound=Membership)


@service
def invite(*, membership: AnyMembership, by: Any) -> AnyMembership:
    """Save an invitation (a membership with `invited_email` and without a user) and mail its link.

    For an invitation that is saved already this sends a new link and makes the old one useless. The actor
    needs the permission to add such a membership, asked about this very row, so that each app decides its
    scope.
    """
    if type(membership) not in membership_models():
        raise LookupError(f"{type(membership).__name__} is no registered membership")
    require(_permission("add", membership), membership, by=by)
    if membership.user_id or not membership.invited_email:
        raise Refused(_("Enter the e-mail address of the person you invite."))
    membership.invited_by, membership.invited_at = by, timezone.now()
    membership.save()
    _mail_link(membership)
    record_event(_action("invited", membership), subject=membership, by=by, detail={"role": membership.role})
    return membership


@service
def accept_invitation(*, membership: AnyMembership, by: Any) -> AnyMembership:
    """The signed-in person takes the role. Nobody gives a role to themselves: not whoever invited."""
    rows = type(membership)._base_manager.select_for_update(of=("self",))
    locked = rows.filter(pk=membership.pk, accepted_at__isnull=True, ends_on__isnull=True).first()
    if locked is None:
        raise Refused(_("This invitation was used or withdrawn. Ask for a new one."))
    if locked.invited_by_id == by.pk:
        raise Refused(_("You sent this invitation yourself. Sign in as the person whom you invited."))
    locked.user, locked.accepted_at, locked.starts_on = by, timezone.now(), max(locked.starts_on, today())
    _save_once(locked)
    record_event(_action("accepted", locked), subject=locked, by=by)
    return locked


@service
def withdraw_invitation(*, membership: Membership, by: Any) -> None:
    """The link stops working at once."""
    require(_permission("add", membership), membership, by=by)
    open_rows = type(membership)._base_manager.filter(
        pk=membership.pk, accepted_at__isnull=True, ends_on__isnull=True
    )
    last_day = max(membership.starts_on, today())
    if not open_rows.update(ends_on=last_day):
        raise Refused(_("This invitation was used or withdrawn already."))
    record_event(_action("withdrawn", membership), subject=membership, by=by)


def _save_once(membership: Membership) -> None:
    membership.version += 1
    try:
        with transaction.atomic():
            membership.save(update_fields=["user", "accepted_at", "starts_on", "version"])
    except IntegrityError as error:
        raise Refused(_("You hold this role already.")) from error


def _mail_link(membership: Membership) -> None:
    moment = moment_of(membership)
    enqueue(
        "membership_invitation",
        message_class=MessageClass.TRANSACTIONAL,
        subject=membership,
        address=membership.invited_email,
        context={"invited_at": moment},
        dedupe_key=f"membership-invitation:{membership.public_id}:{moment}",
    )


def _permission(verb: str, membership: Membership) -> str:
    return f"{membership._meta.app_label}.{verb}_{membership._meta.model_name}"


def _action(verb: str, membership: Membership) -> str:
    return f"{membership._meta.label_lower}:{verb}"
