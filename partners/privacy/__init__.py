"""What this app holds of a person: given out in full, destroyed where it may be, moved between accounts."""

from typing import Any

from django.db.models import F, Q

from applicants.models import ApplicationStatus
from partners.models import Nomination, PartnerMembership
from partners.privacy import schedules, shares  # noqa: F401  (register when it is destroyed, and the download)
from partners.workflow import NominationStatus
from techforce.accounts.models import User
from techforce.core import privacy
from techforce.core.workflow import transition_many


def erase(user: Any) -> None:
    """A confirmed nomination, its terms and its declarations are federal records and are destroyed at their
    disposition date; it only lets go of the draft, which goes at once. What was never confirmed does not know the
    person's account."""
    attached = Nomination.objects.filter(
        application__applicant__user=user, application__status=ApplicationStatus.DRAFT
    )
    begun = attached.filter(status=NominationStatus.ACTIVE)
    transition_many(begun, "close", by=User.objects.system(), reason_code="withdrew")
    attached.update(application=None, version=F("version") + 1)


def repoint(old: Any, new: Any) -> None:
    """The person signs in with another account from now on."""
    Nomination.objects.filter(nominee=old).update(nominee=new)
    PartnerMembership.objects.filter(user=old).update(user=new)


privacy.register("partners", erase=erase, repoint=repoint)
privacy.register_tombstones(
    Nomination, lambda: Q(full_name="", loan_terms__isnull=True, equity_declarations__isnull=True)
)
