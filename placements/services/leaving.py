"""An account is not closed in the middle of an offer or of service: somebody waits for an answer, or for the person."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from placements.models import Offer, Placement
from placements.workflow import LIVE_STATES
from techforce.accounts.registry import Departure, register_departure


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
        ) % {"day": f"{placement.ends_on:%B} {placement.ends_on.day}, {placement.ends_on.year}"}


def consequences(user: Any) -> Iterator[str]:
    if Placement.objects.filter(applicant__user=user).exists():
        yield _(
            "Records of your appointment, vetting and ethics stay with the offices that must keep them, for four to "
            "six years."
        )


register_departure(Departure(name="placements", obstacles=obstacles, consequences=consequences))
