"""Staff find people by the words of their résumés. Raters do not: they read blind."""

from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applicants.models import DocumentText
from applicants.services import note_results
from techforce.core.paging import Page, keyset_page
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register

LONGEST_SEARCH = 200
HIT_BEGINS, HIT_ENDS = "\ue000", "\ue001"
"""Two characters without a meaning stand around each hit until the page puts its marks there."""

register(
    WorkEntry(
        order=160,
        label=gettext_lazy("Search résumés"),
        text=gettext_lazy("Find people by the words of the résumé that counts now."),
        model=DocumentText,
        page="admin:search_resumes",
        permission="applicants.view_documenttext",
        waiting=lambda user: DocumentText.objects.visible_to(user).searchable(),
    )
)


@staff_page("search-resumes/", "search_resumes")
@require_safe
def search_resumes(request: HttpRequest) -> HttpResponse:
    """Words, "phrases in quotation marks", or, -without. Each résumé shown leaves a trace of its reader."""
    if not request.user.has_perm("applicants.view_documenttext"):
        raise PermissionDenied
    words = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    page = _found(request, words) if words else None
    if page:
        note_results(texts=page.rows, by=request.user)
    context = {
        "title": _("Search résumés"),
        "words": words,
        "page": page,
        "results": [_result(row) for row in page.rows] if page else [],
    }
    return staff_response(request, "admin/search_resumes.html", context)


def _found(request: HttpRequest, words: str) -> Page:
    """The newest first."""
    query = SearchQuery(words, config="english", search_type="websearch")
    rows = DocumentText.objects.visible_to(request.user).searchable().matching(query)
    excerpt = SearchHeadline(
        "text",
        query,
        config="english",
        start_sel=HIT_BEGINS,
        stop_sel=HIT_ENDS,
        max_fragments=2,
        max_words=30,
        min_words=10,
        fragment_delimiter=" … ",
    )
    shown = rows.annotate(excerpt=excerpt).defer("text", "words")
    parents = ("document__application__applicant", "document__application__cohort")
    return keyset_page(shown.select_related(*parents), request.GET, keys=("-id",))


def _result(row: Any) -> dict[str, Any]:
    return {"document": row.document, "application": row.document.application, "pieces": _pieces(row.excerpt)}


def _pieces(excerpt: str) -> list[tuple[str, bool]]:
    """The excerpt cut at its hits: text, and whether it is one."""
    pieces: list[tuple[str, bool]] = []
    for number, part in enumerate(excerpt.split(HIT_BEGINS)):
        hit, _end, rest = part.partition(HIT_ENDS) if number else ("", "", part)
        pieces += [(hit, True), (rest, False)]
    return [(text, is_hit) for text, is_hit in pieces if text]
