"""What people do with accounts. Pages ask only these functions, so that each act leaves its audit row."""

from techforce.accounts.services import invariants
from techforce.accounts.services.closing import close_account, consequences_of, obstacles_of
from techforce.accounts.services.delegations import delegate, revoke_delegation
from techforce.accounts.services.downloads import note_download
from techforce.accounts.services.invitations import accept_invitation, invite, withdraw_invitation
from techforce.accounts.services.people import deactivate_user, reassign_all, update_profile

__all__ = [
    "accept_invitation",
    "close_account",
    "consequences_of",
    "deactivate_user",
    "delegate",
    "invariants",
    "invite",
    "note_download",
    "obstacles_of",
    "reassign_all",
    "revoke_delegation",
    "update_profile",
    "withdraw_invitation",
]
