"""Who acts for the company here, and inviting one more."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners.forms import ColleagueForm
from partners.models import PartnerMembership, PartnerRole
from partners.views.own import REFUSED, own_partners, succeeds
from techforce.accounts.services import invite, withdraw_invitation
from techforce.core.calendar import today
from techforce.core.paging import keyset_page


@require_http_methods(["GET", "HEAD", "POST"])
def colleagues(request: HttpRequest) -> HttpResponse:
    partners = own_partners(request.user)
    form = ColleagueForm(request.POST if request.method == "POST" else None, partners=partners)
    if request.method == "POST" and succeeds(form, lambda: _invite(form, request.user)):
        messages.success(request, _("An invitation is on its way."))
        return redirect("partner_colleagues")
    rows = _current(request.user).filter(partner__in=partners).select_related("user", "partner__company")
    page = keyset_page(rows, request.GET, keys=("id",))
    context = {
        "form": form,
        "memberships": page.rows,
        "columns": [_("Colleague"), _("Role"), _("Company"), _("State")],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return render(request, "partner/colleagues.html", context, status=REFUSED if form.errors else 200)


@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The link of an invitation that nobody has accepted stops working."""
    partners = own_partners(request.user)
    open_rows = _current(request.user).filter(partner__in=partners, accepted_at__isnull=True)
    withdraw_invitation(membership=get_object_or_404(open_rows, public_id=public_id), by=request.user)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("partner_colleagues")


def _current(user: Any) -> Any:
    """Those who act for the company today or are invited; past colleagues are the record's business."""
    not_over = Q(ends_on__isnull=True) | Q(ends_on__gte=today(), accepted_at__isnull=False)
    return PartnerMembership.objects.visible_to(user).filter(not_over)


def _invite(form: ColleagueForm, by: Any) -> PartnerMembership:
    membership = PartnerMembership(
        partner=form.company(), role=PartnerRole.COORDINATOR, invited_email=form.cleaned_data["email"]
    )
    return invite(membership=membership, by=by)
