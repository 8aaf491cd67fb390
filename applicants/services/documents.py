"""Files arrive in quarantine; only the scanner lets them out (I14)."""

import uuid
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from applicants.models import Application, Document, DocumentKind, DocumentStatus
from applicants.services.applications import lock_application
from techforce.core import privacy
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.models import MessageClass
from techforce.core.outbox import enqueue
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many

MOST_DOCUMENTS = 10


@service
def add_document(
    *,
    application: Application,
    label: str,
    format: str,
    size: int,
    sha256: str,
    by: Any,
    kind: str = DocumentKind.RESUME,
    storage_key: uuid.UUID | None = None,
) -> Document:
    """Take note of a file whose bytes already lie in the store under the row's `stored_name`, in
    quarantine."""
    locked = lock_application(application, by)
    if (
        locked.documents.exclude(status__in=[DocumentStatus.REPLACED, DocumentStatus.REFUSED]).count()
        >= MOST_DOCUMENTS
    ):
        raise Refused(_("An application holds at most %(count)s files.") % {"count": MOST_DOCUMENTS})
    document = Document.objects.create(
        application=locked,
        kind=kind,
        label=label,
        format=format,
        size=size,
        sha256=sha256,
        storage_key=storage_key or uuid.uuid4(),
    )
    record_event("applicants.document:add", subject=document, by=by, detail={"kind": kind, "format": format})
    return document


@service
def accept_document(*, document: Document, has_text: bool, by: Any) -> Document:
    """The scanner found nothing. A clean résumé takes the place of the one before."""
    Application.objects.select_for_update(of=("self",)).get(pk=document.application_id)
    if document.kind == DocumentKind.RESUME:
        older = Document.objects.filter(
            application=document.application_id, kind=DocumentKind.RESUME, status=DocumentStatus.CLEAN
        )
        transition_many(older, "replace", by=by)
    accepted: Document = transition(document, "accept", by=by, values={"has_text": has_text})
    return accepted


@service
def refuse_document(*, document: Document, reason_code: str, by: Any) -> Document:
    """The row keeps label, size and reason; the bytes go, unless a legal hold keeps them, and the person is told."""
    refused: Document = transition(
        document, "refuse", by=by, reason_code=reason_code, values={"refusal": reason_code}
    )
    transaction.on_commit(partial(delete_bytes, refused), robust=True)
    enqueue(
        "document_refused",
        message_class=MessageClass.TRANSACTIONAL,
        subject=refused,
        recipient=refused.application.applicant.user,
        dedupe_key=f"document-refused:{refused.public_id}",
    )
    return refused


def delete_bytes(document: Document) -> None:
    if not privacy.is_held(document):
        default_storage.delete(document.stored_name)
