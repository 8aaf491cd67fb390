"""Letting files out of quarantine, or refusing them (I14): each that arrived is judged by the scanner.

A worker is woken for each file. What it did not finish, because it was killed or the broker or the virus scanner was
away, a sweep finds; two workers that judge one file come to one outcome, because only the first one finds it still in
quarantine.
"""

import shutil
import tempfile
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.core.files.storage import default_storage
from django.utils import timezone

from applicants.models import Application, Document, DocumentStatus
from applicants.models.document import QUARANTINE
from applicants.services.documents import accept_document, delete_arrived, refuse_document
from applicants.services.scanning import REJECT, Verdict, check_file
from applicants.workflow import RefusalReason
from techforce.core import clamd
from techforce.core.services import service

log = structlog.get_logger(__name__)

OVERDUE_AFTER = timedelta(minutes=1)
"""A file waits so long for the worker that was woken for it."""

SECONDS_A_SWEEP, MOST_A_SWEEP = 45, 500
"""Half of the soft limit of a task; the next sweep goes on."""

LEFT_BEHIND_FOR = timedelta(days=1)
"""Bytes whose row was never written are no longer on their way in."""


def scan_document(*, document: Document, by: Any) -> None:
    """Judge one file and note the outcome, unless somebody else did, or the person replaced it meanwhile. Without a
    verdict of the virus scanner it stays in quarantine."""
    try:
        _scan(document, by)
    except clamd.ScannerAway as away:
        log.warning("virus_scanner_away", document=str(document.public_id), why=str(away))


def _scan(document: Document, by: Any) -> None:
    try:
        verdict = _judge(document)
    except FileNotFoundError:
        # Replaced a moment ago, or the store is away: the next sweep looks again.
        log.warning("document_without_bytes", document=str(document.public_id))
    except clamd.ScannerAway:
        raise
    except clamd.NoVerdict as answer:
        log.warning("document_without_verdict", document=str(document.public_id), answer=str(answer))
    else:
        _settle(document=document, verdict=verdict, by=by)


def _judge(document: Document) -> Verdict:
    """On a copy in a folder of our own, because the store need not be a folder of this machine. The copy is named after
    what was found in the file on arrival."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"document.{document.format}"
        with default_storage.open(document.arrived_name) as stored, copy.open("wb") as file:
            shutil.copyfileobj(stored, file)
        return Verdict(REJECT, "malware") if _has_virus(copy) else check_file(copy)


def _has_virus(copy: Path) -> bool:
    if not clamd.is_configured():
        return False
    with copy.open("rb") as file:
        return bool(clamd.find_virus(file))


@service
def _settle(*, document: Document, verdict: Verdict, by: Any) -> None:
    Application.objects.select_for_update(of=("self",)).filter(pk=document.application_id).first()
    waiting = Document.objects.filter(pk=document.pk, status=DocumentStatus.QUARANTINED).first()
    if waiting is None:
        return
    if verdict.verdict == REJECT:
        refuse_document(document=waiting, reason_code=_reason(verdict), by=by)
    else:
        accept_document(document=waiting, rewritten=verdict.rewritten, text=verdict.text, by=by)


def _reason(verdict: Verdict) -> str:
    """What is neither read nor known counts as damaged."""
    return verdict.reason if verdict.reason in RefusalReason.values else RefusalReason.DAMAGED.value


def scan_quarantined(*, by: Any) -> int:
    """Judge what has waited too long, as far as the time goes; returns how many. Beat calls it.

    In no order, so that files which never get a verdict, and those on which the scanner dies, do not stand before the
    same others in every sweep.
    """
    _delete_left_behind()
    stop_at = time.monotonic() + SECONDS_A_SWEEP
    overdue = Document.objects.in_quarantine().filter(created_at__lte=timezone.now() - OVERDUE_AFTER)
    scanned = 0
    for document in overdue.order_by("?")[:MOST_A_SWEEP]:
        if time.monotonic() > stop_at:
            break
        try:
            _scan(document, by)
        except clamd.ScannerAway as away:
            log.warning("virus_scanner_away", why=str(away))
            break
        scanned += 1
    return scanned


def _delete_left_behind() -> None:
    """What arrived goes after the commit that judged it, and is stored before the row that speaks of it; a process may
    have been killed between the two."""
    names = _names_in_quarantine()
    rows = {row.storage_key: row for row in Document.objects.filter(storage_key__in=names).order_by("pk")}
    for key, name in names.items():
        if key not in rows:
            _delete_if_old(name)
        elif rows[key].status != DocumentStatus.QUARANTINED:
            delete_arrived(rows[key])


def _names_in_quarantine() -> dict[uuid.UUID, str]:
    """Those that we gave. The store may hold files of others: of the file system, or of whoever looks after it."""
    try:
        _folders, names = default_storage.listdir(QUARANTINE)
    except FileNotFoundError:  # nothing has arrived yet
        return {}
    return {key: f"{QUARANTINE}/{name}" for name in names if (key := _key(name))}


def _key(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


def _delete_if_old(name: str) -> None:
    try:
        is_old = default_storage.get_modified_time(name) < timezone.now() - LEFT_BEHIND_FOR
    except FileNotFoundError:  # just judged
        return
    if is_old:
        default_storage.delete(name)
