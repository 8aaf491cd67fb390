"""Files arrive in quarantine; only the scanner lets them out, written anew (I14)."""

from __future__ import annotations

import hashlib
import unicodedata
import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, Document, DocumentKind, DocumentStatus, DocumentText
from applicants.models.document import MOST_KEPT
from applicants.services.applications import lock_application
from applicants.sniffing import SOCIAL_SECURITY_NUMBER
from techforce.core import privacy
from techforce.core.audit import record_access, record_accesses, record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many

A_DAY = timedelta(days=1)
MOST_DOCUMENTS = 10
MOST_A_DAY = 20
"""Files of one application in 24 hours: each is kept, scanned and, once it is submitted, answered by a mail."""


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
    is_made_here: bool = False,
) -> Document:
    """Take note of a file whose bytes already lie in the store under the row's `arrived_name`, in
    quarantine."""
    locked = lock_application(application, by)
    _refuse_too_many(locked)
    document = Document.objects.create(
        application=locked,
        kind=kind,
        label=label,
        format=format,
        size=size,
        sha256=sha256,
        storage_key=storage_key or uuid.uuid4(),
        is_made_here=is_made_here,
    )
    record_event("applicants.document:add", subject=document, by=by, detail={"kind": kind, "format": format})
    return document


def _refuse_too_many(application: Application) -> None:
    held = application.documents.exclude(status__in=[DocumentStatus.REPLACED, DocumentStatus.REFUSED])
    if held.count() >= MOST_DOCUMENTS:
        raise Refused(_("An application holds at most %(count)s files.") % {"count": MOST_DOCUMENTS})
    if application.documents.filter(created_at__gt=timezone.now() - A_DAY).count() >= MOST_A_DAY:
        raise Refused(
            _("You sent %(count)s files within a day. Wait until tomorrow.") % {"count": MOST_A_DAY}
        )


@service
def accept_document(*, document: Document, rewritten: bytes, text: str, by: Any) -> Document:
    """The scanner found nothing. What it wrote anew is stored, what arrived goes, and a clean résumé takes the place of
    the one before; where a newer one was scanned first, that one stays."""
    Application.objects.select_for_update(of=("self",)).get(pk=document.application_id)
    kept = kept_text(text)
    found = {
        "has_text": bool(kept),
        "shows_ssn": SOCIAL_SECURITY_NUMBER.search(text) is not None,
        "clean_sha256": hashlib.sha256(rewritten).hexdigest(),
    }
    is_resume = document.kind == DocumentKind.RESUME
    is_late = is_resume and _clean_resumes(document).filter(pk__gt=document.pk).exists()
    if is_resume and not is_late:
        _replace_earlier(document, by)
    accepted: Document = transition(document, "accept_too_late" if is_late else "accept", by=by, values=found)
    if kept and is_resume and not is_late:
        DocumentText.objects.create(document=accepted, text=kept)
    default_storage.delete(accepted.stored_name)  # of a scan that was cut off
    default_storage.save(accepted.stored_name, ContentFile(rewritten))
    transaction.on_commit(partial(delete_arrived, accepted), robust=True)
    return accepted


def _clean_resumes(document: Document) -> QuerySet[Document]:
    return Document.objects.filter(
        application=document.application_id, kind=DocumentKind.RESUME, status=DocumentStatus.CLEAN
    )


def _replace_earlier(document: Document, by: Any) -> None:
    """Staff search what counts now, so the text of the one before goes with it."""
    earlier = _clean_resumes(document)
    DocumentText.objects.filter(document__in=earlier).delete()
    transition_many(earlier, "replace", by=by)


def kept_text(text: str) -> str:
    """A text as PostgreSQL and the search take it: no NUL, no halves of characters, ligatures as letters, and without
    what looks like a Social Security number."""
    whole = text.encode("utf-8", "replace").decode().replace("\x00", " ")
    plain = SOCIAL_SECURITY_NUMBER.sub(_("[removed]"), unicodedata.normalize("NFKC", whole))
    return plain.strip()[:MOST_KEPT]


@service
def refuse_document(*, document: Document, reason_code: str, by: Any) -> Document:
    """The row keeps label, size and reason; the bytes go, unless a legal hold keeps them, and the person is told."""
    refused: Document = transition(
        document, "refuse", by=by, reason_code=reason_code, values={"refusal": reason_code}
    )
    transaction.on_commit(partial(delete_arrived, refused), robust=True)
    enqueue(
        "document_refused",
        message_class=MessageClass.TRANSACTIONAL,
        subject=refused,
        recipient=refused.application.applicant.user,
        dedupe_key=f"document-refused:{refused.public_id}",
    )
    return refused


def delete_arrived(document: Document) -> None:
    """What arrived, once it was judged; of a refused file also what an earlier scan may have written."""
    if not privacy.is_held(document):
        is_clean = document.status in (DocumentStatus.CLEAN, DocumentStatus.REPLACED)
        delete_bytes([document.arrived_name] if is_clean else document.stored_names)


def delete_bytes(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


@service
def read_document(*, document: Document, by: Any) -> File[Any]:
    """The rewritten file of a clean document. Whoever is not its author leaves a trace (trust.md §6)."""
    if document.status != DocumentStatus.CLEAN or not by.has_perm("applicants.view_document", document):
        raise NotPermitted(_("This file is not open to you."))
    if document.application.applicant.user_id != by.pk:
        record_access(document, purpose="document", by=by)
    return default_storage.open(document.stored_name)


@service
def note_results(*, texts: Iterable[DocumentText], by: Any) -> None:
    """Whoever sees an excerpt has read in the file."""
    record_accesses([text.document for text in texts], purpose="search", by=by)
