"""Letting files out of quarantine, or refusing them (I14): each that arrived is judged by the scanner.

A worker is woken for each file. What it did not finish, because it was killed or the broker was away, a sweep finds;
two workers that judge one file come to one outcome, because only the first one finds it still in quarantine.
"""

import shutil
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.utils import timezone

from applicants.models import Application, Document, DocumentStatus
from applicants.services.documents import accept_document, delete_bytes, refuse_document
from applicants.services.scanning import ACCEPT, REJECT, Verdict, check_file
from applicants.workflow import RefusalReason
from techforce.core.services import service

log = structlog.get_logger(__name__)

OVERDUE_AFTER = timedelta(minutes=1)
"""A file waits so long for the worker that was woken for it."""

SECONDS_A_SWEEP, MOST_A_SWEEP = 45, 500
"""Half of the soft limit of a task; the next sweep goes on."""

LEFT_BEHIND_FOR = timedelta(days=1)


def scan_document(*, document: Document, by: Any) -> None:
    """Judge one file and note the outcome, unless somebody else did, or the person replaced it meanwhile."""
    try:
        verdict = _judge(document)
    except FileNotFoundError:
        # Replaced a moment ago, or the store is away: the next sweep looks again.
        log.warning("document_without_bytes", document=str(document.public_id))
        return
    _settle(document=document, verdict=verdict, by=by)


def _judge(document: Document) -> Verdict:
    """On a copy in a folder of our own, because the store need not be a folder of this machine. The copy is named after
    what was found in the file on arrival."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"document.{document.format}"
        with default_storage.open(document.stored_name) as stored, copy.open("wb") as file:
            shutil.copyfileobj(stored, file)
        return check_file(copy)


@service
def _settle(*, document: Document, verdict: Verdict, by: Any) -> None:
    Application.objects.select_for_update(of=("self",)).filter(pk=document.application_id).first()
    waiting = Document.objects.filter(pk=document.pk, status=DocumentStatus.QUARANTINED).first()
    if waiting is None:
        return
    if verdict.verdict == REJECT:
        refuse_document(document=waiting, reason_code=_reason(verdict), by=by)
    else:
        accept_document(document=waiting, has_text=verdict.verdict == ACCEPT, by=by)


def _reason(verdict: Verdict) -> str:
    """What is neither read nor known counts as damaged."""
    return verdict.reason if verdict.reason in RefusalReason.values else RefusalReason.DAMAGED.value


def scan_quarantined(*, by: Any) -> int:
    """Judge what has waited too long, the oldest first, as far as the time goes; returns how many. Beat calls it."""
    _delete_left_behind()
    stop_at = time.monotonic() + SECONDS_A_SWEEP
    overdue = Document.objects.in_quarantine().filter(created_at__lte=timezone.now() - OVERDUE_AFTER)
    scanned = 0
    for document in overdue.order_by("created_at", "pk")[:MOST_A_SWEEP]:
        if time.monotonic() > stop_at:
            break
        scan_document(document=document, by=by)
        scanned += 1
    return scanned


def _delete_left_behind() -> None:
    """The bytes of a refused file go after the commit; a worker may have been killed between the two."""
    lately = timezone.now() - LEFT_BEHIND_FOR
    refused = Document.objects.filter(status=DocumentStatus.REFUSED, scanned_at__gte=lately)
    for document in refused.order_by("pk"):
        if default_storage.exists(document.stored_name):
            delete_bytes(document)
