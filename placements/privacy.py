"""What this app holds of a person. All of it hangs on the applicant, so moving an account moves it too."""

from typing import Any

from placements.models import ChecklistItem, Offer, Placement, RecusalStatement, TrainingEnrollment
from techforce.core import privacy


def export(user: Any) -> dict[str, Any]:
    """Offers, service and steps; never a rank, a result of vetting in words, or a conflict determination."""
    return {
        "offers": list(
            Offer.objects.filter(applicant__user=user)
            .exclude(status="draft")
            .order_by("pk")
            .values("kind", "status", "opening__title", "pay_rate", "starts_on", "sent_at", "answered_at")
        ),
        "placements": list(
            Placement.objects.filter(applicant__user=user)
            .order_by("pk")
            .values("opening__title", "kind", "status", "starts_on", "ends_on", "ended_on", "outcome")
        ),
        "steps": list(
            ChecklistItem.objects.filter(checklist__placement__applicant__user=user, owner_role="candidate")
            .order_by("pk")
            .values("code", "step__title", "status", "due_on", "effective_on")
        ),
        "recusals": list(
            RecusalStatement.objects.filter(placement__applicant__user=user)
            .order_by("pk")
            .values("company__name", "scope", "signed_on", "ends_on")
        ),
        "training": list(
            TrainingEnrollment.objects.filter(placement__applicant__user=user)
            .order_by("pk")
            .values("course__title", "status", "due_on", "completed_on")
        ),
    }


def erase(user: Any) -> None:
    """Nothing goes at once: records of selection, appointment, vetting and ethics wait for their disposition date."""


def repoint(old: Any, new: Any) -> None:
    """Nothing here names the person's account."""


privacy.register("placements", export=export, erase=erase, repoint=repoint)
