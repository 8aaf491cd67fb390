"""Audit rows for what is not a transition: decisions recorded, exports made, rights given."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from techforce.core.models import AccessEvent, AuditEvent


def record_event(
    action: str,
    *,
    subject: models.Model,
    by: Any,
    reason_code: str = "",
    detail: Mapping[str, Any] | None = None,
    on_behalf_of: Any = None,
) -> AuditEvent:
    """Write one audit event in the caller's transaction. `detail` holds codes, keys and dates, never personal text."""
    return AuditEvent.objects.create(
        actor=by,
        on_behalf_of=on_behalf_of,
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        reason_code=reason_code,
        detail=dict(detail or {}),
    )


def record_access(subject: models.Model, *, purpose: str, by: Any) -> AccessEvent:
    """Write that `by` read a file or a sensitive record (trust.md §6)."""
    (event,) = record_accesses([subject], purpose=purpose, by=by)
    return event


def record_accesses(subjects: Iterable[models.Model], *, purpose: str, by: Any) -> list[AccessEvent]:
    """The same of several records that a page showed."""
    return AccessEvent.objects.bulk_create(
        AccessEvent(actor=by, subject_type=subject._meta.label_lower, subject_id=subject.pk, purpose=purpose)
        for subject in subjects
    )
