from techforce.accounts.models.membership import (
    KNOWS_PEOPLE,
    Delegation,
    Membership,
    MembershipQuerySet,
    OpmMembership,
    OpmRole,
)
from techforce.accounts.models.user import User

__all__ = [
    "KNOWS_PEOPLE",
    "Delegation",
    "Membership",
    "MembershipQuerySet",
    "OpmMembership",
    "OpmRole",
    "User",
]
