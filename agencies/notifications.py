"""What agencies are told by mail. What OPM wrote stays behind the sign-in."""

from collections.abc import Mapping
from typing import Any

from agencies.models import Opening, OpeningRevision
from agencies.workflow import PUBLIC_OPENING_STATES, OpeningStatus, RevisionStatus
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage


@template("opening_returned")
def load_returned(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Nothing, once the agency has submitted it again."""
    return _load(message, OpeningStatus.DRAFT)


@template("opening_published")
def load_published(message: OutboxMessage) -> Mapping[str, Any] | None:
    return _load(message, *PUBLIC_OPENING_STATES)


@template("revision_approved")
def load_approved_change(message: OutboxMessage) -> Mapping[str, Any] | None:
    return _load_change(message, RevisionStatus.APPROVED)


@template("revision_returned")
def load_returned_change(message: OutboxMessage) -> Mapping[str, Any] | None:
    return _load_change(message, RevisionStatus.RETURNED)


def _load_change(message: OutboxMessage, status: str) -> Mapping[str, Any] | None:
    changes = OpeningRevision.objects.filter(pk=message.subject_id, status=status)
    change = changes.select_related("opening").first()
    return {"opening": change.opening} if change else None


def _load(message: OutboxMessage, *states: str) -> Mapping[str, Any] | None:
    opening = Opening.objects.filter(pk=message.subject_id, status__in=states).first()
    return {"opening": opening} if opening else None
