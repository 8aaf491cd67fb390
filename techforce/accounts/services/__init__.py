"""What people do with accounts. Pages ask only these functions, so that each act leaves its audit row."""

from techforce.accounts.services import invariants
from techforce.accounts.services.delegations import delegate, revoke_delegation
from techforce.accounts.services.invitations import accept_invitation, invite, withdraw_invitation
from techforce.accounts.services.people import deactivate_user, reassign_all, update_profile

__all__ = [
    "accept_invitation",
    "deactivate_user",
    "delegate",
    "invariants",
    "invite",
    "reassign_all",
    "revoke_delegation",
    "update_profile",
    "withdraw_invitation",
]
