"""Files: handed out once they are clean, and the résumé that we can make from the answers."""

from uuid import UUID

import structlog
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applicants.models import Document, DocumentStatus
from applicants.services import made_resume, read_document
from applicants.views.apply import own_application
from techforce.core import pdf

log = structlog.get_logger(__name__)

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain; charset=utf-8",
}
# Should a browser show it all the same: an origin of its own, no script, nothing loaded.
SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


@require_safe
def document(request: HttpRequest, public_id: UUID) -> FileResponse:
    """A clean file as an attachment. What was not checked yet, was refused or replaced is not there."""
    rows = Document.objects.visible_to(request.user).filter(status=DocumentStatus.CLEAN)
    found = get_object_or_404(rows.select_related("application__applicant"), public_id=public_id)
    try:
        file = read_document(document=found, by=request.user)
    except FileNotFoundError as error:
        log.exception("document_without_bytes", document=str(found.public_id))
        raise Http404 from error
    headers = {"Content-Security-Policy": SANDBOX, "X-Content-Type-Options": "nosniff"}
    return FileResponse(
        file,
        as_attachment=True,
        filename=_file_name(found),
        content_type=CONTENT_TYPES[found.format],
        headers=headers,
    )


def _file_name(found: Document) -> str:
    """The label ends as the content says, whatever it looks like."""
    suffix = f".{found.format}"
    return found.label if found.label.lower().endswith(suffix) else f"{found.label}{suffix}"


@require_safe
def resume_preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What a résumé made from the answers would say; printed from here where no PDF can be written."""
    application = own_application(request, public_id)
    context = {
        "application": application,
        "made": made_resume(application),
        "has_pdf": pdf.is_available(),
    }
    return render(request, "apply/resume_preview.html", context)
