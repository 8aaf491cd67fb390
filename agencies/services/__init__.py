"""What agencies do. Importing this package registers guards and invariants."""

from agencies.services import guards, invariants
from agencies.services.agency_list import LoadReport, load_agencies
from agencies.services.api_clients import create_api_client, revoke_api_client
from agencies.services.drafts import create_opening, draft_problems, edit_opening
from agencies.services.guards import open_points
from agencies.services.opening_import import ImportReport, import_openings
from agencies.services.openings import (
    close_opening,
    close_past_openings,
    pause_opening,
    publish_opening,
    resume_opening,
    return_opening,
    submit_opening,
)
from agencies.services.pay import allow_pay_outside_band
from agencies.services.revisions import approve_revision, propose_revision, return_revision, withdraw_revision
from agencies.services.seats import cut_seats, release_seat, take_seat

__all__ = [
    "ImportReport",
    "LoadReport",
    "allow_pay_outside_band",
    "approve_revision",
    "close_opening",
    "close_past_openings",
    "create_api_client",
    "create_opening",
    "cut_seats",
    "draft_problems",
    "edit_opening",
    "guards",
    "import_openings",
    "invariants",
    "load_agencies",
    "open_points",
    "pause_opening",
    "propose_revision",
    "publish_opening",
    "release_seat",
    "resume_opening",
    "return_opening",
    "return_revision",
    "revoke_api_client",
    "submit_opening",
    "take_seat",
    "withdraw_revision",
]
