"""What of accounts goes into a person's download: everything but secrets. The kernel's tables are named here too,
because the kernel knows no people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from techforce.accounts.models import Delegation, OpmMembership, User
from techforce.core.models import AccessEvent, Bounce, MailChoice, OutboxMessage
from techforce.core.privacy.shares import Topic, give, withhold

give(
    "account",
    _("Your account"),
    User,
    owner="pk",
    columns=("email", "full_name", "language", "time_zone", "date_joined", "last_login"),
)
withhold(User, "a secret, and only its hash is known", "password")
give("addresses", _("E-mail addresses"), EmailAddress, owner="user", columns=("email", "verified", "primary"))
give(
    "bounces", _("Addresses that did not take our mail"), Bounce, owner="user", columns=("address", "last_at")
)
give("mail_choice", _("Mails that you chose"), MailChoice, owner="user", columns=("has_early_reminders",))
give(
    "linked_sign_ins", _("Linked sign-ins"), SocialAccount, owner="user", columns=("provider", "date_joined")
)
give("second_factors", _("Second factors"), Authenticator, owner="user", columns=("type", "created_at"))
give(
    "sessions",
    _("Where you are signed in"),
    UserSession,
    owner="user",
    columns=("ip", "user_agent", "created_at", "last_seen_at"),
)
give(
    "opm_roles",
    _("Roles in the program office"),
    OpmMembership,
    owner="user",
    under=Topic.ROLES,
    columns=("role", "invited_email", "starts_on", "ends_on"),
)
give(
    "delegations_given",
    _("Duties that you handed over"),
    Delegation,
    owner="giver",
    under=Topic.ROLES,
    columns=("starts_on", "ends_on", "revoked_at"),
)

withhold(
    OutboxMessage,
    "the address of somebody without an account, or one that stands among the addresses",
    "address",
)
withhold(
    AccessEvent, "what staff read in the course of their work; given out by the records officer on request"
)
