"""Requests of filers for more time, for the ethics official who answers them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import AgencyRole
from placements import services
from placements.forms.extensions import DeclineForm, GrantForm
from placements.models import DisclosureExtension
from placements.querysets import NOT_HANDED_IN, DisclosureExtensionQuerySet, concerns, in_office
from placements.services.disclosure_extensions import days_left, granted_days
from placements.views.actions import carry_out, offered, take
from placements.views.agency_rooms import members_only, show
from placements.workflow import EXTENSION
from techforce.core.audit import record_access

CASE = "item__checklist__placement"

EXTENSION_ACTIONS = (
    take(
        EXTENSION,
        "grant",
        text=gettext_lazy(
            "The step gets its new day at once, and the person is told. Your name stands beside it."
        ),
        done=gettext_lazy("Granted. The new day is set and the person is told."),
        form=GrantForm,
        is_fitting=lambda row: row.item.status in NOT_HANDED_IN and days_left(row.item, row.form) > 0,
        work=lambda row, by, days: services.grant_extension(extension=row, days=days, by=by),
    ),
    take(
        EXTENSION,
        "decline",
        text=gettext_lazy("The day stays as it is, and the person is told. Your name stands beside it."),
        done=gettext_lazy("Declined. The person is told."),
        form=DeclineForm,
        work=lambda row, by, answer: services.decline_extension(extension=row, answer=answer, by=by),
    ),
)


def extensions_of(user: Any) -> DisclosureExtensionQuerySet:
    """Those of the offices whose ethics official the user is; never about oneself."""
    at_desk = in_office(user, f"{CASE}__opening", AgencyRole.ETHICS_OFFICIAL)
    rows: DisclosureExtensionQuerySet = DisclosureExtension.objects.visible_to(user)
    mine = rows.filter(at_desk, ~concerns(user, f"{CASE}__applicant"))
    return mine.select_related("item__step", f"{CASE}__applicant", f"{CASE}__opening", "decided_by")


@require_safe
@members_only
def extension(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _extension(request, public_id)
    record_access(row, purpose="agency-extension", by=request.user)
    context = {
        "extension": row,
        "item": row.item,
        "person": row.item.checklist.placement.applicant,
        "granted": granted_days(row.item),
        "is_moot": row.status == "lapsed",
        "actions": offered(EXTENSION_ACTIONS, row, request.user),
        "act_url": _address(row),
    }
    return show(request, "agency/extension.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def extension_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    row = _extension(request, public_id)
    title = f"{row.item.code} {row.item.step.title} · {row.item.checklist.placement.applicant}"
    return carry_out(request, EXTENSION_ACTIONS, action, row, title=title, back=_address(row))


def _extension(request: HttpRequest, public_id: UUID) -> DisclosureExtension:
    row: DisclosureExtension = get_object_or_404(extensions_of(request.user), public_id=public_id)
    if not request.user.has_perm("placements.decide_extension", row):
        raise Http404
    return row


def _address(row: DisclosureExtension) -> str:
    return reverse("agency_extension", args=[row.public_id])
