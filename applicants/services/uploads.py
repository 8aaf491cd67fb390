"""A résumé arrives: looked at from outside, stored in quarantine, noted. Nobody is ever served it before the scanner
let it out (I14).

The bytes are written before the row, so that no row is without its file; when the row is refused, they go again.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, ApplicationStatus, Document, DocumentKind, DocumentStatus
from applicants.models.document import LARGEST_DOCUMENT
from applicants.services.answers import digest, state_of
from applicants.services.applications import freeze_again, lock_application
from applicants.services.documents import add_document, delete_bytes
from applicants.services.drafts import certify_again
from applicants.services.gaps import newest_resume
from applicants.services.scanning import SUFFIXES, refusal_of_name
from applicants.sniffing import sniff
from techforce.core import privacy
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, Refused
from techforce.core.services import service
from techforce.core.wake import wake

LONGEST_LABEL = 120

# Why a file is not taken, and what to do about it.
REFUSALS: dict[str, Any] = {
    "empty": gettext_lazy("This file is empty. Choose the file again, or save it anew first."),
    "too_large": gettext_lazy(
        "This file is too large. It may have up to 5 MB: save it with smaller pictures."
    ),
    "wrong_type": gettext_lazy(
        "This is not a PDF, Word (.docx) or text file. Open it in the program you wrote it with and save it as PDF."
    ),
    "misnamed": gettext_lazy(
        "The name of this file does not fit what is in it. Open it in the program you wrote it with and save it as PDF."
    ),
    "damaged": gettext_lazy("This file cannot be read to its end. Save it anew as PDF and upload that."),
    "encrypted": gettext_lazy("This file needs a password. Save it without one and upload it again."),
    "active_content": gettext_lazy(
        "This file contains macros or parts that could do harm. Save it as PDF and upload that."
    ),
    "malware": gettext_lazy(
        "A virus scanner reports this file. Write your résumé into a new document, save it as PDF and upload that."
    ),
}


@dataclass(frozen=True)
class Arrival:
    """What is known of a file before anything of it is kept."""

    label: str
    format: str
    size: int
    sha256: str
    storage_key: uuid.UUID
    is_made_here: bool


def receive_resume(
    *,
    application: Application,
    file: File[Any],
    by: Any,
    is_certified: bool = False,
    is_made_here: bool = False,
    seen: str = "",
) -> Document:
    """Store a résumé in quarantine; of a draft it replaces the one before. Raises Refused with a sentence that says
    what to do, and Conflict when another file came since the page that was `seen`. One that we wrote from the person's
    answers goes the same way; the same file sent again is the one that is here."""
    arrival = _look_at(file, is_made_here=is_made_here)
    name = Document(storage_key=arrival.storage_key).arrived_name
    default_storage.save(name, file)
    try:
        document: Document = _take_note(
            application=application, arrival=arrival, is_certified=is_certified, seen=seen, by=by
        )
    except BaseException:
        default_storage.delete(name)
        raise
    if document.storage_key != arrival.storage_key:
        default_storage.delete(name)
    return document


@service
def _take_note(
    *, application: Application, arrival: Arrival, is_certified: bool, seen: str, by: Any
) -> Document:
    locked = lock_application(application, by)
    if same := _sent_before(locked, arrival):
        return same
    if seen and seen != digest(state_of(locked, "resume")):
        raise Conflict(
            _("Another file was sent in the meantime. Choose again if yours is to take its place.")
        )
    is_submitted = locked.status == ApplicationStatus.SUBMITTED
    if is_submitted:
        is_late_allowed = may_send_another(locked)
        certify_again(locked, is_certified=is_certified, is_late_allowed=is_late_allowed)
    else:
        _drop_earlier(locked, by)
    document: Document = add_document(application=locked, **asdict(arrival), by=by)
    transaction.on_commit(partial(wake, "applicants.tasks.scan_document", document.pk), robust=True)
    if is_submitted:
        freeze_again(locked, by, changed="resume")
    return document


def _sent_before(application: Application, arrival: Arrival) -> Document | None:
    newest = newest_resume(application)
    if newest is None or newest.status == DocumentStatus.REFUSED:
        return None
    return newest if newest.sha256 == arrival.sha256 else None


def _look_at(file: File[Any], *, is_made_here: bool) -> Arrival:
    """By content; a name that says something else is refused, because one of the two lies."""
    if file.size > LARGEST_DOCUMENT:
        raise Refused(REFUSALS["too_large"])
    found = sniff(file)  # type: ignore[arg-type]
    name = file.name or ""
    if refusal := found.refusal or refusal_of_name(name, found.format):
        raise Refused(REFUSALS[refusal])
    return Arrival(clean_label(name), found.format, file.size, _digest(file), uuid.uuid4(), is_made_here)


def _drop_earlier(draft: Application, by: Any) -> None:
    """Nobody has seen what a draft held before; a file under a legal hold stays."""
    earlier = draft.documents.filter(kind=DocumentKind.RESUME, status=DocumentStatus.QUARANTINED)
    for document in earlier.order_by("pk"):
        if not privacy.is_held(document):
            transaction.on_commit(partial(delete_bytes, document.stored_names), robust=True)
            record_event("applicants.document:drop", subject=document, by=by)
            document.delete()


def _digest(file: File[Any]) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def clean_label(name: str) -> str:
    """The file's own name as it may be shown: no folders, no control or direction marks, not too long."""
    base = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in base if char.isprintable() or char == "\N{ZERO WIDTH JOINER}").strip()
    stem, _dot, suffix = shown.rpartition(".")
    if f".{suffix.lower()}" in SUFFIXES and stem:
        shown = f"{stem[: LONGEST_LABEL - len(suffix) - 1]}.{suffix}"
    return shown[:LONGEST_LABEL] or _("Résumé")


def refused_resume(application: Application) -> Document | None:
    """The résumé that was sent last, when it was refused: the person should know, and send another."""
    resumes = application.documents.filter(kind=DocumentKind.RESUME).exclude(status=DocumentStatus.REPLACED)
    last = resumes.order_by("-pk").first()
    return last if last and last.status == DocumentStatus.REFUSED else None


def may_send_another(application: Application) -> bool:
    """A file that came in time and was refused afterwards may be sent anew until review starts, window or not."""
    is_waiting = application.status == ApplicationStatus.SUBMITTED and not application.is_withdrawing
    return is_waiting and refused_resume(application) is not None


def why_refused(document: Document) -> str:
    """In plain words, with what to do."""
    return str(REFUSALS.get(document.refusal, REFUSALS["damaged"]))
