"""Pages as PDF, where the machine has the libraries for it; elsewhere the page itself is printed."""

from collections.abc import Mapping
from ctypes.util import find_library
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header


@cache
def is_available() -> bool:
    return bool(find_library("pango-1.0") or find_library("pango-1.0-0"))


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA) of a template. It may name no file and no address: nothing is fetched."""
    # Imported here because importing it loads the libraries.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    page = HTML(
        string=render_to_string(template, dict(context)), url_fetcher=URLFetcher(allowed_protocols=("data",))
    )
    content: bytes = page.write_pdf(pdf_variant="pdf/ua-1")
    return content


def attachment(content: bytes, name: str) -> HttpResponse:
    """An answer that a browser keeps as a file."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
