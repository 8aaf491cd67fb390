"""Several steps recorded at once, and rows from an agency's own system."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from placements import pasting, services
from placements.forms.vetting import PasteForm, StepsForm, pasted_words
from placements.models import ChecklistItem
from placements.services.pasted_rows import RowResult
from placements.views.actions import REFUSED
from placements.views.agency_rooms import members_only, of_my_agencies, show
from placements.views.agency_waiting import PATH
from techforce.core.errors import Refused
from techforce.core.rate_limits import is_too_often

MOST_STEPS = 50
TRIES_A_MINUTE = 20
TOO_OFTEN = 429


# ── Several steps ─────────────────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def record_steps(request: HttpRequest) -> HttpResponse:
    """One day for all, an outcome and a reference for each. Each is recorded for itself: what is refused stays on the
    page with its sentence."""
    chosen = request.POST if request.method == "POST" else request.GET
    keys = set(chosen.getlist("item"))
    back = _back(request.user)
    if len(keys) > MOST_STEPS:
        messages.error(request, _("Choose at most %(most)d steps at once.") % {"most": MOST_STEPS})
        return redirect(back)
    items = _items(request.user, keys)
    if not items:
        messages.info(request, _("Choose at least one step that you record."))
        return redirect(back)
    form = StepsForm(request.POST if request.method == "POST" else None, items=items)
    if request.method != "POST":
        return _steps_page(request, form, items, back)
    if not form.is_valid():
        return _steps_page(request, form, items, back, REFUSED)
    refused = _record(form, items, request.user)
    if done := len(items) - len(refused):
        sentence = ngettext("%(count)d step is recorded.", "%(count)d steps are recorded.", done)
        messages.success(request, sentence % {"count": done})
    return _steps_page(request, form, refused, back, REFUSED) if refused else redirect(back)


def _items(user: Any, texts: Iterable[str]) -> list[ChecklistItem]:
    """Those of the chosen steps that the reader may record; a step that is decided elsewhere is not among them."""
    keys = [UUID(text) for text in texts if _is_key(text)]
    rows = of_my_agencies(ChecklistItem, user, PATH).filter(public_id__in=keys, step__decided_by="")
    related = ("step", "checklist__placement__applicant__user", PATH)
    found = rows.select_related(*related).order_by("code", "pk")
    return [item for item in found if user.has_perm("placements.record_item", item)]


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _record(form: StepsForm, items: Sequence[ChecklistItem], by: Any) -> list[ChecklistItem]:
    """Returns the steps that were refused, each with its sentence in the form."""
    refused = []
    for item in items:
        try:
            services.complete_item(item=item, by=by, **form.answers_for(item))
        except Refused as refusal:
            form.add_error(None, f"{item.code}, {item.checklist.placement.applicant}: {refusal}")
            item.refresh_from_db(fields=["status", "version"])
            form.look_again(item)
            refused.append(item)
    return refused


def _steps_page(
    request: HttpRequest, form: StepsForm, items: Sequence[ChecklistItem], back: str, status: int = 200
) -> HttpResponse:
    context = {"form": form, "items": items, "back": back}
    return show(request, "agency/record_steps.html", context, status=status)


def _back(user: Any) -> str:
    """The reader's own workbench, or their work page."""
    if user.has_perm("placements.keep_vetting"):
        return reverse("agency_vetting")
    return reverse("agency_ethics" if user.has_perm("placements.keep_ethics") else "agency")


# ── Rows from another system ──────────────────────────────────────────────────────────────────────
@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def import_rows(request: HttpRequest) -> HttpResponse:
    """Tried first: each row with what it does, or why not. Recorded on the second press."""
    if not request.user.has_perm("placements.record_item"):
        raise Http404
    if request.method != "POST":
        return show(request, "agency/import.html", {"form": PasteForm(), "results": []})
    form = PasteForm(request.POST, request.FILES)
    if status := _refusal(form, request.user):
        return show(request, "agency/import.html", {"form": form, "results": []}, status=status)
    rows, words, wish = form.cleaned_data["rows"], pasted_words(), request.POST.get("wish", "try")
    work = services.record_rows if wish == "record" else services.try_rows
    results = work(rows=rows, words=words, by=request.user)
    if wish == "errors":
        return _errors_file(results)
    context = {
        "form": form,
        "text": form.cleaned_data["text"],
        "results": results,
        "columns": [_("Line"), _("Reference number"), _("Person"), _("What it does")],
        "good": sum(bool(result.settled) for result in results),
        "wrong": sum(bool(result.error) for result in results),
        "is_recorded": wish == "record",
    }
    return show(request, "agency/import.html", context)


def _refusal(form: PasteForm, user: Any) -> int:
    """The status of the answer when nothing is tried; the form says why."""
    if not form.is_valid():
        return REFUSED
    if is_too_often(None, f"import-rows:{user.pk}", TRIES_A_MINUTE, seconds=60):
        form.add_error(None, _("These are many tries in a short time. Wait a minute, then send it again."))
        return TOO_OFTEN
    return 0


def _errors_file(results: Iterable[RowResult]) -> HttpResponse:
    """The rows that were refused, each with the reason, to be mended and sent again. No cell begins a formula."""
    columns = (_("Reference number"), _("Milestone"), _("Date"), _("Outcome"), _("External number"))
    heading = (*columns, _("Line"), _("What is wrong"))
    wrong = ((*one.row.cells(), str(one.row.line), one.error) for one in results if one.error)
    answer = HttpResponse(
        "\ufeff" + pasting.as_csv([heading, *wrong]), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="rows-to-mend.csv"'
    return answer
