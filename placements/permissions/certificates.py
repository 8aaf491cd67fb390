"""Who may do what with certificates and referrals."""

from typing import Any

import rules

from agencies.permissions import live_memberships
from agencies.workflow import AgencyRole
from placements.models import Certificate, CertificateEntry, Referral
from placements.permissions.acting import (
    certifies,
    is_concerned,
    is_hr_specialist,
    is_member,
    reads_cases,
    works_at,
)
from techforce.accounts.permissions import is_program_manager
from techforce.core.permissions import is_system


@rules.predicate
def is_of_draft(user: Any, obj: Any) -> bool:
    """The entry's certificate is still a draft; without a row, there may be such entries."""
    return obj is None or obj.certificate.status == "draft"


@rules.predicate
def has_referral(user: Any, obj: Any) -> bool:
    """The certificate of the row was referred to an agency of the user."""
    certificate = obj.certificate if isinstance(obj, CertificateEntry) else obj
    if not isinstance(certificate, Certificate) or not live_memberships(user):
        return False
    return any(
        works_at(user, referral.opening, frozenset(AgencyRole.values))
        for referral in Referral.objects.filter(certificate=certificate)
        .select_related("opening")
        .order_by("pk")
    )


rules.add_perm("placements.view_certificate", is_system | certifies | has_referral)
rules.add_perm("placements.view_certificateentry", is_system | ((reads_cases | has_referral) & ~is_concerned))
rules.add_perm("placements.view_referral", is_system | certifies | is_member)
rules.add_perm("placements.view_disposition", is_system | ((reads_cases | is_member) & ~is_concerned))
for name in ("certificate", "certificateentry", "referral"):
    rules.add_perm(f"placements.add_{name}", is_program_manager)
for name in ("certificate", "referral"):
    rules.add_perm(f"placements.change_{name}", is_program_manager)
rules.add_perm("placements.change_certificateentry", is_program_manager & is_of_draft)
rules.add_perm("placements.remove_certificateentry", is_program_manager)
rules.add_perm("placements.certify", is_program_manager)
rules.add_perm("placements.expire_certificate", is_system)
rules.add_perm("placements.return_referral", is_hr_specialist)
rules.add_perm("placements.add_disposition", is_hr_specialist & ~is_concerned)
