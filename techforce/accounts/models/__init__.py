from techforce.accounts.models.membership import (
    Delegation,
    Membership,
    MembershipQuerySet,
    OpmMembership,
    OpmRole,
)
from techforce.accounts.models.user import User

__all__ = ["Delegation", "Membership", "MembershipQuerySet", "OpmMembership", "OpmRole", "User"]
