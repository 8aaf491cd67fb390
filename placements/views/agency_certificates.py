"""A referred certificate on its way back: an outcome for every name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from placements import services
from placements.forms.agency_candidates import ReturnForm
from placements.models import CertificateEntry, Referral, Selection
from placements.views.actions import attempt
from placements.views.agency_rooms import members_only, mine_or_404, show


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def certificate(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """An outcome for every name, then the certificate is returned. What was decided here stands there already."""
    referral = mine_or_404(Referral, request.user, referral_id, "opening", "certificate")
    can_return = request.user.has_perm("placements.return_referral", referral) and referral.status == "open"
    form, status = ReturnForm(_unsettled(request, referral)), 200
    if request.method == "POST":
        form = ReturnForm(_unsettled(request, referral), request.POST)
        status = attempt(
            form,
            lambda: services.return_with_outcomes(
                referral=referral, outcomes=form.outcomes(), by=request.user
            ),
        )
        if not status:
            messages.success(request, _("The certificate is returned. Thank you."))
            return redirect("agency_candidates")
    context = {
        "referral": referral,
        "form": form,
        "can_return": can_return,
        "dispositions": list(
            referral.dispositions.visible_to(request.user)
            .select_related("entry__application__applicant")
            .order_by("entry__application__applicant__legal_name", "pk")
        ),
        "columns": [_("Name"), _("Outcome")],
    }
    return show(request, "agency/certificate.html", context, status=status)


def _unsettled(request: HttpRequest, referral: Referral) -> list[tuple[CertificateEntry, Selection | None]]:
    """Names without an outcome, each with our selection."""
    settled = referral.dispositions.values("entry")
    entries = (
        CertificateEntry.objects.visible_to(request.user)
        .filter(certificate=referral.certificate_id, removed_at__isnull=True)
        .exclude(pk__in=settled)
        .select_related("application__applicant")
        .order_by("application__applicant__legal_name", "pk")
    )
    rows = Selection.objects.filter(
        opening=referral.opening_id, application__in=entries.values("application")
    )
    selections = {row.application_id: row for row in rows.order_by("pk")}
    return [(entry, selections.get(entry.application_id)) for entry in entries]
