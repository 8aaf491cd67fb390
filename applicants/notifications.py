"""What applicants are told by mail."""

from collections.abc import Mapping
from typing import Any

from applicants.models import Snapshot
from techforce.core.models import OutboxMessage
from techforce.core.notifications import template


@template("application_received")
def load_receipt(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The reference number and the moment; nothing of what was submitted."""
    snapshot = Snapshot.objects.select_related("application").filter(pk=message.subject_id).first()
    if snapshot is None:
        return None
    return {
        "reference_number": snapshot.application.reference_number,
        "at": snapshot.created_at,
        "is_again": snapshot.sequence > 1,
    }
