"""What would have been mailed in the last days: queued, so that the worker sends it when the demonstration starts."""

from applicants.models import Snapshot
from applicants.services.applications import queue_receipt
from placements.models import Determination, Offer, Placement
from placements.services.agency_notices import tell_determination_waits, tell_ready
from placements.services.notices import tell_offer
from techforce.core.seeding import Seeded
from techforce.demo.loading.content import moment

RECENT_DAYS = 4
TO_SIGN_SOON = ("selected", "offered", "accepted")


def load_mail(seeded: Seeded) -> None:
    """Each message has a key of its own, so loading again queues nothing twice."""
    since = moment(-RECENT_DAYS)
    for snapshot in Snapshot.objects.filter(created_at__gte=since).select_related(
        "application__applicant__user"
    ):
        queue_receipt(snapshot)
    for offer in Offer.objects.filter(status="sent", sent_at__gte=since).select_related("applicant__user"):
        tell_offer(offer)
    waiting = Determination.objects.filter(status="proposed", selection__status__in=TO_SIGN_SOON)
    for determination in waiting.select_related("selection__opening").order_by("pk"):
        tell_determination_waits(determination)
    for placement in Placement.objects.filter(status="ready").select_related("opening", "supervisor"):
        tell_ready(placement)
