"""What this app holds of a person: given out in full, destroyed where it may be, moved between accounts."""

from typing import Any

from partners.models import EquityDeclaration, LoanTerms, Nomination, PartnerMembership
from techforce.core import privacy


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
                "company__name", "holds_vested_stock", "holds_unvested_units", "holds_options", "conditions"
            )
        ),
    }


def erase(user: Any) -> None:
    """Nothing goes at once: a confirmed nomination, its terms and its declarations are federal records and are
    destroyed at their disposition date. What was never confirmed does not know the person's account."""


def repoint(old: Any, new: Any) -> None:
    """The person signs in with another account from now on."""
    Nomination.objects.filter(nominee=old).update(nominee=new)
    PartnerMembership.objects.filter(user=old).update(user=new)


privacy.register("partners", export=export, erase=erase, repoint=repoint)
