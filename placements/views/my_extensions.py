"""The filer asks for more time for a financial disclosure, and reads the answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from placements import services
from placements.checklists.extensions import DISCLOSURE_STEPS
from placements.forms.extensions import AskForm
from placements.models import ChecklistItem, DisclosureExtension
from placements.services.disclosure_extensions import days_left, form_of, may_ask, open_request_of
from placements.services.items import ASKED_OF_ITEMS
from placements.views.actions import attempt
from techforce.core.errors import Refused


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_extension(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Only for a report of one's own. Once the day has come or the report is handed in, what was said is only shown."""
    item = _report(request, public_id)
    if request.method != "POST":
        return _page(request, item, AskForm())
    form = AskForm(request.POST)
    status = attempt(
        form, lambda: services.ask_for_extension(item=item, by=request.user, **form.cleaned_data)
    )
    if status:
        return _page(request, item, form, status)
    messages.success(
        request, _("The ethics office has your request. Until it answers, the day stays as it is.")
    )
    return redirect("my_extension", public_id)


@require_POST
def my_extension_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    extension = open_request_of(_report(request, public_id))
    if extension is None:
        messages.info(request, _("Your request is answered already."))
        return redirect("my_extension", public_id)
    try:
        services.withdraw_extension(extension=extension, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your request is withdrawn."))
    return redirect("my_extension", public_id)


def _report(request: HttpRequest, public_id: UUID) -> ChecklistItem:
    own = ChecklistItem.objects.visible_to(request.user).filter(
        checklist__placement__applicant__user=request.user, code__in=DISCLOSURE_STEPS
    )
    item: ChecklistItem = get_object_or_404(own.select_related(*ASKED_OF_ITEMS), public_id=public_id)
    if not request.user.has_perm("placements.add_disclosureextension", item):
        raise Http404
    return item


def _page(request: HttpRequest, item: ChecklistItem, form: AskForm, status: int = 200) -> HttpResponse:
    waiting = open_request_of(item)
    asked = DisclosureExtension.objects.visible_to(request.user).filter(item=item)
    context = {
        "item": item,
        "form": form,
        "waiting": waiting,
        "is_open": waiting is None and may_ask(item),
        "most": days_left(item, form_of(item)),
        "answered": list(asked.exclude(status__in=["asked", "withdrawn"]).order_by("-pk")),
    }
    return render(request, "my/extension.html", context, status=status)
