"""The nomination behind a placement, and how the person comes by it."""

from typing import Any

from partners.models import LoanTerms, Nomination
from partners.services import attach_application
from placements.models import Placement, PlacementKind
from techforce.accounts.models import User


def standing_nomination(applicant: Any, cohort_id: int) -> Nomination | None:
    """What a company has nominated the person for and they confirmed, locked: whoever files its terms at this moment
    comes before or after."""
    confirmed = Nomination.objects.confirmed().exclude(status="closed")
    mine = confirmed.filter(nominee=applicant.user_id, cohort=cohort_id)
    nomination: Nomination | None = mine.select_for_update(of=("self",), no_key=True).first()
    return nomination


def kind_of(nomination: Nomination | None) -> str:
    """A nominee without terms on file is taken to be on leave, the stricter of the two."""
    if nomination is None:
        return PlacementKind.OUTSIDE
    return kind_on_file(nomination) or PlacementKind.LEAVE


def kind_on_file(nomination: Nomination) -> str:
    """What the terms in force say; empty where there are none."""
    terms = LoanTerms.objects.in_force().filter(nomination=nomination).first()
    return terms.kind if terms else ""


def bind_nomination(placement: Placement) -> None:
    """From here on the company cannot take the nomination back, and reads that the person is in process."""
    nomination = placement.nomination
    if nomination is not None and nomination.status == "confirmed":
        application = _application_of(placement)
        attach_application(nomination=nomination, application=application, by=User.objects.system())


def _application_of(placement: Placement) -> Any:
    """Of the selection with which the person's service began; what follows a transfer has none of its own."""
    while placement.selection is None and placement.transferred_from is not None:
        placement = placement.transferred_from
    return placement.selection and placement.selection.application
