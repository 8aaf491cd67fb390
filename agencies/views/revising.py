"""A change to what is published: proposed here, in force once OPM approves it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.forms import ChangeForm
from agencies.services import propose_revision
from agencies.views.own import is_revisable, own_opening
from techforce.core.errors import Conflict, NotPermitted, Refused


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    opening = own_opening(request.user, public_id)
    if not request.user.has_perm("agencies.revise_opening", opening):
        raise NotPermitted(_("Your role does not allow changing this opening."))
    if not is_revisable(opening):
        messages.info(request, _("Only a published opening is changed this way."))
        return redirect("agency_opening", public_id=public_id)
    form = ChangeForm(request.POST if request.method == "POST" else None, opening=opening)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            propose_revision(
                opening=opening, changes=form.changes(), reason=form.cleaned_data["reason"], by=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409 if isinstance(refusal, Conflict) else 422
        else:
            messages.success(request, _("OPM has your change. What is published stays until it is approved."))
            return redirect("agency_opening", public_id=public_id)
    context = {"form": form, "opening": opening}
    return render(request, "agency/openings/change.html", context, status=status)
