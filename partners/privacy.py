"""What this app holds of a person: given out in full, destroyed where it may be, moved between accounts."""

from typing import Any

from django.db.models import F

from applicants.models import ApplicationStatus
from partners.models import EquityDeclaration, LoanTerms, Nomination, PartnerMembership
from partners.workflow import NominationStatus
from techforce.accounts.models import User
from techforce.core import privacy
from techforce.core.workflow import transition_many


def export(user: Any) -> dict[str, Any]:
    """What a company said of the person, and what the person declared."""
    return {
        "nominations": list(
            Nomination.objects.filter(nominee=user)
            .order_by("pk")
            .values(
                "partner__company__name", "status", "full_name", "invited_email", "present_role", "division"
            )
        ),
        "loan_terms": list(
            LoanTerms.objects.filter(nomination__nominee=user)
            .order_by("pk")
            .values(
                "kind",
                "has_return_right",
                "leave_starts_on",
                "expected_return_on",
                "last_day_on",
                "executed_on",
            )
        ),
        "equity": list(
            EquityDeclaration.objects.filter(nomination__nominee=user)
            .order_by("pk")
            .values(
                "company__name",
                "holds_vested_stock",
                "holds_unvested_units",
                "holds_options",
                "holds_private_equity",
                "expects_return",
                "has_family_tie",
                "conditions",
            )
        ),
    }


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


privacy.register("partners", export=export, erase=erase, repoint=repoint)
