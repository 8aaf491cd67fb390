"""What happens to partner companies and nominations. Importing this package registers the guards."""

from partners.services.answer import (
    confirm_nomination,
    decline_nomination,
    may_answer_from,
    nomination_behind,
)
from partners.services.nomination import (
    attach_application,
    close_nomination,
    expire_invitations,
    invite_again,
    invite_nominee,
    nominate,
    propose_nominee,
    revoke_nomination,
)
from partners.services.partner import (
    activate_partner,
    add_agreement,
    begin_agreement,
    suspend_partner,
    withdraw_partner,
)
from partners.services.seeding import seed_partners
from partners.services.terms import declare_equity, record_leave_of_absence, record_separation

__all__ = [
    "activate_partner",
    "add_agreement",
    "attach_application",
    "begin_agreement",
    "close_nomination",
    "confirm_nomination",
    "declare_equity",
    "decline_nomination",
    "expire_invitations",
    "invite_again",
    "invite_nominee",
    "may_answer_from",
    "nominate",
    "nomination_behind",
    "propose_nominee",
    "record_leave_of_absence",
    "record_separation",
    "revoke_nomination",
    "seed_partners",
    "suspend_partner",
    "withdraw_partner",
]
