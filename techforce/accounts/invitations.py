"""The link in an invitation: the row's public identifier and a signed token that works for 30 days.

The token names the moment of the invitation, so inviting again makes the older link useless. Holding the link
is what counts; the address it was sent to is never compared with the account that opens it.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core import signing

from techforce.accounts.models import Membership
from techforce.accounts.registry import membership_model

LINK_LASTS = timedelta(days=30)
_SALT = "techforce.accounts.invitations"


def token_for(membership: Membership) -> str:
    facts = [membership._meta.label_lower, str(membership.public_id), moment_of(membership)]
    return signing.dumps(facts, salt=_SALT)


def invitation_behind(token: str, public_id: UUID) -> Any:
    """The open invitation that this link is for; None when it expired, was used, or was made again since."""
    try:
        label, named_id, moment = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
        model = membership_model(label)
    except (signing.BadSignature, LookupError, ValueError):
        return None
    membership = model._base_manager.filter(
        public_id=public_id, accepted_at__isnull=True, ends_on__isnull=True
    ).first()
    is_same = membership is not None and str(public_id) == named_id and moment_of(membership) == moment
    return membership if is_same else None


def moment_of(membership: Membership) -> str:
    """Which of possibly several invitations of this row a link or a mail belongs to."""
    return membership.invited_at.isoformat() if membership.invited_at else ""
