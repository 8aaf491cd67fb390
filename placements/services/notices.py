"""What people are told by mail when something of theirs moves. The words are in placements/notifications.py."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from agencies.models import Opening
from applicants.models import Application
from placements.models import CertificateEntry, DispositionCode, Offer, Placement, Referral, Selection
from techforce.core.mail.notifications import template
from techforce.core.mail.outbox import draft, enqueue, enqueue_many
from techforce.core.models import MessageClass, OutboxMessage

TOLD_OUTCOMES = frozenset(
    set(DispositionCode) - {DispositionCode.DECLINED_LOCATION, DispositionCode.DECLINED_PAY}
)


def tell_offer(offer: Offer) -> None:
    _tell_person("offer_sent", offer)


def tell_withdrawal(offer: Offer) -> None:
    _tell_person("offer_withdrawn", offer)


def tell_beginning(placement: Placement) -> None:
    _tell_person("service_begins", placement)


def tell_start_moved(placement: Placement, moved_from: datetime.date) -> None:
    """Once a move: the version of the placement tells them apart."""
    enqueue(
        "start_moved",
        message_class=MessageClass.TRANSACTIONAL,
        subject=placement,
        recipient=placement.applicant.user,
        context={"from": moved_from.isoformat(), "to": placement.starts_on.isoformat()},
        dedupe_key=f"start_moved:{placement.public_id}:{placement.version}",
    )


@template("start_moved")
def load_moved_start(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Both days, while the start is still to come."""
    before_duty = Placement.objects.filter(pk=message.subject_id, status__in=["pending_checks", "ready"])
    if not before_duty.exists():
        return None
    days = {name: datetime.date.fromisoformat(message.context[name]) for name in ("from", "to")}
    return {"old_day": days["from"], "new_day": days["to"]}


def _tell_person(key: str, row: Any) -> None:
    enqueue(
        key,
        message_class=MessageClass.TRANSACTIONAL,
        subject=row,
        recipient=row.applicant.user,
        dedupe_key=f"{key}:{row.public_id}",
    )


def tell_referred(referral: Referral) -> None:
    """Whoever is on a referred certificate hears it once an agency, however many openings it is referred for."""
    entries = CertificateEntry.objects.filter(certificate=referral.certificate_id, removed_at__isnull=True)
    agency = referral.opening.agency
    enqueue_many(
        draft(
            "application_referred",
            message_class=MessageClass.TRANSACTIONAL,
            subject=entry.application,
            recipient=entry.application.applicant.user,
            context={"referral": referral.pk},
            dedupe_key=f"application-referred:{entry.application.public_id}:{agency.public_id}",
        )
        for entry in entries.select_related("application__applicant__user").order_by("pk")
    )


def tell_outcome(selection: Selection) -> None:
    """A decision notice: it waits fifteen minutes with a visible Cancel (I19)."""
    _tell_decisions([selection.application], selection.opening)


def tell_dispositions(entries: Iterable[CertificateEntry], opening: Opening, code: str) -> None:
    """The name's outcome, heard once however it was recorded; whoever declined knows it, and of a selection the offer
    speaks first."""
    if code in TOLD_OUTCOMES:
        _tell_decisions([entry.application for entry in entries], opening)


def _tell_decisions(applications: Iterable[Application], opening: Opening) -> None:
    enqueue_many(
        draft(
            "selection_decided",
            message_class=MessageClass.DECISION,
            subject=application,
            recipient=application.applicant.user,
            context={"opening": opening.pk},
            dedupe_key=f"selection-decided:{application.public_id}:{opening.public_id}",
        )
        for application in applications
    )
