"""Predicates on people: OPM roles, oneself. Apps combine them in their own `permissions.py`."""

from typing import Any

import rules

from techforce.accounts.models import KNOWS_PEOPLE, OpmMembership, OpmRole
from techforce.accounts.second_factor import require_for
from techforce.core.permissions import is_system


def has_opm_role(*roles: str) -> rules.predicates.Predicate:
    """Holds at least one of these OPM roles today."""
    wanted = frozenset(roles)

    @rules.predicate(f"has_opm_role:{'|'.join(sorted(wanted))}")
    def check(user: Any) -> bool:
        return bool(wanted & getattr(user, "opm_roles", frozenset()))

    return check


@rules.predicate
def is_opm(user: Any) -> bool:
    return bool(getattr(user, "is_staff", False))


@rules.predicate
def is_self(user: Any, obj: Any) -> bool:
    return obj is not None and obj == user


@rules.predicate
def is_colleague(user: Any, obj: Any) -> bool:
    """Holds an OPM role too; without a row, there are such."""
    return obj is None or OpmMembership.objects.live().filter(user=obj).exists()


@rules.predicate
def is_holder(user: Any, membership: Any) -> bool:
    """The membership is the user's own."""
    return membership is not None and membership.user_id == user.pk


@rules.predicate
def is_party(user: Any, delegation: Any) -> bool:
    """Gave the delegation or took it."""
    return delegation is not None and user.pk in (delegation.giver_id, delegation.taker_id)


@rules.predicate
def is_giver(user: Any, delegation: Any) -> bool:
    return delegation is not None and delegation.giver_id == user.pk


@rules.predicate
def is_unsettled(user: Any, bounce: Any) -> bool:
    return bounce is None or bounce.settled_at is None


@rules.predicate
def carries_duties(user: Any) -> bool:
    """Acts for a colleague today."""
    return bool(getattr(user, "givers", ()))


is_reviewer = has_opm_role(OpmRole.REVIEWER)
is_hr_decider = has_opm_role(OpmRole.HR_DECIDER)
is_program_manager = has_opm_role(OpmRole.PROGRAM_MANAGER)
is_case_manager = has_opm_role(OpmRole.CASE_MANAGER)
is_administrator = has_opm_role(OpmRole.ADMINISTRATOR)
is_records_officer = has_opm_role(OpmRole.RECORDS_OFFICER)
is_auditor = has_opm_role(OpmRole.AUDITOR)
knows_people = has_opm_role(*KNOWS_PEOPLE)

searches_audit = is_auditor | is_records_officer | is_administrator

# The kernel knows no roles; its tables get their readers here.
rules.add_perm("core.search_audit", searches_audit)
rules.add_perm("core.view_auditevent", searches_audit)
rules.add_perm("core.view_accessevent", searches_audit)
# Who got which message names people: a blind reviewer must not read it, nor anybody who stands aside (I11, I16).
for table in ("outboxmessage", "reminderledger", "watch", "ladder"):
    rules.add_perm(f"core.view_{table}", is_administrator | is_auditor)
rules.add_perm("core.view_bounce", is_administrator | is_case_manager | is_auditor)
rules.add_perm("core.view_mailchoice", is_holder)
rules.add_perm("core.settle_bounce", (is_administrator | is_case_manager) & is_unsettled)
for table in ("heartbeat", "legalhold"):
    rules.add_perm(f"core.view_{table}", is_opm)
for verb in ("add", "change"):
    rules.add_perm(f"core.{verb}_legalhold", is_records_officer)
    rules.add_perm(f"core.{verb}_closure", is_administrator | is_program_manager)
rules.add_perm("core.change_ladder", is_administrator)
rules.add_perm("core.view_closure", rules.always_allow)
rules.add_perm("accounts.view_user", knows_people | is_self | is_system | (is_reviewer & is_colleague))
rules.add_perm("accounts.change_user", is_administrator)
rules.add_perm("accounts.edit_profile", is_self | is_administrator)
rules.add_perm("accounts.download_data", is_self)
rules.add_perm("accounts.close_account", is_self)
rules.add_perm("core.approve_destruction", is_records_officer)
rules.add_perm("accounts.deactivate_user", (is_administrator & ~is_self) | is_system)
rules.add_perm("accounts.reassign_duties", is_administrator | is_program_manager | is_system)
rules.add_perm("accounts.view_opmmembership", is_opm | is_holder)
rules.add_perm("accounts.add_opmmembership", is_administrator | is_system)
# Nobody prolongs or widens a role of their own.
rules.add_perm("accounts.change_opmmembership", is_administrator & ~is_holder)
rules.add_perm("accounts.view_delegation", is_opm | is_party)
rules.add_perm("accounts.add_delegation", is_administrator | is_giver)
rules.add_perm("accounts.revoke_delegation", is_administrator | is_party)

require_for(is_opm)
require_for(carries_duties)
