"""What accounts hold of a person (trust.md §6)."""

import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import PROTECT, Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from techforce.accounts import shares  # noqa: F401  (registers what goes into the download)
from techforce.accounts.models import Delegation, OpmMembership, User
from techforce.core import privacy
from techforce.core.mail import outbox
from techforce.core.models import AuditEvent, Bounce, IdempotencyKey, MailChoice, OutboxMessage
from techforce.core.records.destruction import destroy_rows
from techforce.core.records.disposition import Schedule, register_schedule, years_before
from techforce.core.versions import save_version

NO_MAILBOX = "@techforce.invalid"

LOGS = ("core.AuditEvent", "core.AccessEvent", "core.OutboxMessage", "core.ReminderLedger")
"""They name a person by key only and keep no text about anybody."""


def erase(user: Any) -> None:
    """Addresses, ways to sign in and traces of sessions go at once, so that the address can open another account. The
    name stays as long as a record names the person; then the row is an empty key that the logs can still point to."""
    for model in (Authenticator, SocialAccount, UserSession):
        model.objects.filter(user=user).delete()
    _forget_addresses(user)
    outbox.cancel(OutboxMessage.objects.filter(recipient=user))
    user.email = f"erased-{user.public_id}{NO_MAILBOX}"
    if not _is_named_by_a_record(user):
        IdempotencyKey.objects.filter(user=user).delete()
        user.full_name, user.is_active = "", False
        user.set_unusable_password()
    save_version(user, expected=user.version, fields=["email", "full_name", "is_active", "password"])


def _forget_addresses(user: Any) -> None:
    """Here, and where a message was once sent to one of them."""
    own = EmailAddress.objects.filter(user=user)
    known = {user.email.lower(), *(email.lower() for email in own.values_list("email", flat=True))}
    sent = OutboxMessage.objects.annotate(to=Lower("address")).filter(to__in=known)
    sent.update(address=f"erased{NO_MAILBOX}")
    Bounce.objects.filter(Q(user=user) | Q(address__in=known)).delete()
    MailChoice.objects.filter(user=user).delete()
    own.delete()


def _is_named_by_a_record(user: Any) -> bool:
    return not _named_by_no_record().filter(pk=user.pk).exists()


def _named_by_no_record() -> QuerySet[Any]:
    """People to whom no row other than a log, or an empty one, still refers. Records protect whom they name; sign-in
    data goes with the account."""
    fields: list[Any] = User._meta.get_fields(include_hidden=True)
    relations = [field for field in fields if not field.concrete]
    naming = (
        Exists(privacy.telling(relation.related_model).filter(**{relation.field.name: OuterRef("pk")}))
        for relation in relations
        if relation.on_delete is PROTECT and relation.related_model._meta.label not in LOGS
    )
    return User.objects.filter(*(~exists for exists in naming))


def repoint(old: Any, new: Any) -> None:
    """Two accounts turned out to be one person: addresses and roles move, second factors do not."""
    EmailAddress.objects.filter(user=old).update(user=new, primary=False)
    OpmMembership.objects.filter(user=old).update(user=new)
    Bounce.objects.filter(user=old).update(user=new)


CLOSED = "accounts.user:closed"
"""What the audit says of an account that its person closed."""


def _closed_and_not_empty(day: datetime.date) -> QuerySet[Any]:
    """Names that no record needs any more, and what a hold once kept."""
    closed = AuditEvent.objects.filter(action=CLOSED, subject_type="accounts.user", subject_id=OuterRef("pk"))
    is_nameless = Q(pk__in=_named_by_no_record().values("pk"))
    is_left = ~Q(email__endswith=NO_MAILBOX) | (~Q(full_name="") & is_nameless)
    return User.objects.filter(Exists(closed), is_left, kind=User.Kind.PERSON, is_active=False)


def _empty(user: Any) -> None:
    for holding in reversed(tuple(privacy.holdings())):
        holding.erase(user)


ACCESS = _("Accounts and roles")
SIX_YEARS = 6


def register_roles(label: str, title: Any, model: type[Model]) -> None:
    """Roles and delegations: six years after they end (GRS 3.2/030, from general knowledge: to be confirmed)."""
    register_schedule(
        Schedule(
            label=label,
            title=title,
            family=ACCESS,
            authority="GRS 3.2/030",
            due=lambda day: model._base_manager.filter(ends_on__lte=years_before(day, SIX_YEARS)),
            destroy=lambda row: destroy_rows(model._base_manager.filter(pk=row.pk)),
            subjects=_parties,
            gone=(model,),
        )
    )


def _parties(row: Any) -> list[Any]:
    """The people between whom it was."""
    people = (getattr(row, name, None) for name in ("user", "giver", "taker"))
    return [person for person in people if person]


register_schedule(
    Schedule(
        label="closed_accounts",
        title=_("Closed accounts"),
        family=ACCESS,
        authority="GRS 3.2/030",
        due=_closed_and_not_empty,
        destroy=_empty,
    )
)
register_roles("opm_roles", _("Roles in the program office"), OpmMembership)
register_roles("delegations", _("Delegations"), Delegation)
privacy.register("accounts", erase=erase, repoint=repoint)
