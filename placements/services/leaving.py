"""An account is not closed in the middle of an offer or of service: somebody waits for an answer, or for the person."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from placements.models import Offer, Placement, Selection
from placements.services.closing import close_withdrawn
from placements.workflow import LIVE_STATES
from techforce.accounts.models import User
from techforce.accounts.registry import Departure, register_departure
from techforce.core.moments import deadline_text


def obstacles(user: Any) -> Iterator[str]:
    offers = Offer.objects.filter(applicant__user=user, status="sent").select_related("opening")
    for offer in offers.order_by("pk"):
        yield _("An offer for %(opening)s waits for your answer. Answer it first.") % {
            "opening": offer.opening.title
        }
    for placement in Placement.objects.filter(applicant__user=user, status__in=LIVE_STATES).order_by("pk"):
        yield _(
            "You serve, or are about to serve, until %(day)s. Your account closes after your service; to leave "
            "earlier, talk to your agency first."
        ) % {"day": deadline_text(placement.ends_on)}


def consequences(user: Any) -> Iterator[str]:
    if Placement.objects.filter(applicant__user=user).exists():
        yield _(
            "Records of your appointment, vetting and ethics stay with the offices that must keep them, for four to "
            "six years."
        )


def leave(user: Any, by: Any) -> None:
    """The applications were withdrawn before, because `applicants` leaves first."""
    withdrawn = Selection.objects.filter(applicant__user=user, application__status="withdrawn")
    close_withdrawn(withdrawn, by=User.objects.system())


register_departure(Departure(name="placements", obstacles=obstacles, consequences=consequences, leave=leave))
