"""What applicants are told by mail."""

from collections.abc import Mapping
from typing import Any

from applicants.models import (
    Application,
    CaseMessage,
    Document,
    DocumentStatus,
    Interview,
    InterviewStatus,
    Snapshot,
)
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage


@template("application_received")
def load_receipt(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The reference number and the moment; nothing of what was submitted."""
    snapshot = Snapshot.objects.select_related("application__cohort").filter(pk=message.subject_id).first()
    if snapshot is None:
        return None
    return {
        "reference_number": snapshot.application.reference_number,
        "at": snapshot.created_at,
        "time_zone": snapshot.application.cohort.time_zone,
        "is_again": snapshot.sequence > 1,
    }


@template("application_decided")
def load_decision(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That there is a decision, never which; nothing once the review was reopened."""
    application = Application.objects.filter(pk=message.subject_id).exclude(status="in_review").first()
    if application is None or str(application.decided_at) != message.context["decided_at"]:
        return None
    return {"reference_number": application.reference_number}


@template("application_lapsed")
def load_lapse(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That its time is over, and whether we wrote before that it was referred."""
    application = Application.objects.filter(pk=message.subject_id, status="lapsed").first()
    if application is None:
        return None
    about = {"subject_type": message.subject_type, "subject_id": message.subject_id}
    was_referred = OutboxMessage.objects.filter(template_key="application_referred", **about).exists()
    return {"reference_number": application.reference_number, "was_referred": was_referred}


@template("information_needed")
def load_request(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That something is missing, while it is."""
    waiting = Application.objects.filter(pk=message.subject_id, status="needs_information").first()
    return {"reference_number": waiting.reference_number} if waiting else None


@template("application_withdrawal")
def load_withdrawal(message: OutboxMessage) -> Mapping[str, Any] | None:
    """Asked for, with the moment until which it can be undone, or in effect; nothing once it was undone."""
    application = Application.objects.filter(pk=message.subject_id, withdraws_at__isnull=False).first()
    is_in_effect = message.context["stage"] == "withdrawn"
    if application is None or (application.withdrawn_at is not None) != is_in_effect:
        return None
    return {
        "reference_number": application.reference_number,
        "at": application.withdraws_at,
        "is_in_effect": is_in_effect,
    }


@template("document_refused")
def load_refusal(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That a file was not taken, never which; nothing once another one took its place."""
    document = Document.objects.filter(pk=message.subject_id, status=DocumentStatus.REFUSED).first()
    if document is None or document.is_replaced:
        return None
    return {}


@template("case_answered")
def load_answer(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That the office wrote, and where; neither what nor about what."""
    answer = CaseMessage.objects.select_related("thread").filter(pk=message.subject_id).first()
    return {"public_id": answer.thread.public_id} if answer else None


@template("interview_changed")
def load_interview(message: OutboxMessage) -> Mapping[str, Any] | None:
    """That an interview is planned, moved or cancelled: when, and nothing of with whom; nothing once it was changed
    again, because that sent a mail of its own."""
    interview = Interview.objects.filter(pk=message.subject_id, version=message.context["version"]).first()
    if interview is None:
        return None
    return {
        "starts_at": interview.starts_at,
        "time_zone": interview.time_zone,
        "is_cancelled": interview.status == InterviewStatus.CANCELLED,
    }


@template("deadline_moved")
def load_new_deadline(message: OutboxMessage) -> Mapping[str, Any] | None:
    """The new deadline of a draft, while it is one and the deadline stands."""
    row = Application.objects.select_related("cohort").filter(pk=message.subject_id).first()
    if row is None or not row.is_in_time or row.closes_at.isoformat() != message.context["closes_at"]:
        return None
    if row.status != "draft":
        return None
    return {"closes_at": row.closes_at, "time_zone": row.cohort.time_zone, "draft": row.public_id}
