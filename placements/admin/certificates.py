"""Issuing a certificate: choose cohort and discipline, see who is on the list and who is not, then issue it."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from applicants.models import Application
from applicants.permissions import may_decide_about
from placements.admin.forms import ListForm
from placements.models import Certificate, CertificateEntry, Disposition, Referral
from placements.services import eligibles_of, issue_list
from placements.services.eligibles import Eligibles
from techforce.core.admin.forms import OK, UNPROCESSABLE, attempt
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register

NAMES_SHOWN = 500


def _uncertified(user: Any) -> models.QuerySet[Application]:
    """Qualified people who are on no certificate that an agency may use."""
    usable = CertificateEntry.objects.filter(
        application=models.OuterRef("pk"), certificate__status="issued", removed_at__isnull=True
    )
    qualified = Application.objects.visible_to(user).filter(status="qualified", withdraws_at__isnull=True)
    return qualified.exclude(models.Exists(usable))


register(
    WorkEntry(
        order=210,
        label=gettext_lazy("Qualified people to certify"),
        text=gettext_lazy("They are on no certificate in use, so no agency can consider them."),
        model=Application,
        page="admin:certificate_new",
        permission="placements.add_certificate",
        waiting=_uncertified,
    ),
    WorkEntry(
        order=220,
        label=gettext_lazy("Certificates to return"),
        text=gettext_lazy("Referred to an agency, which has not returned them yet."),
        model=Referral,
        query={"status__exact": "open"},
        permission="placements.add_referral",
        waiting=lambda user: Referral.objects.visible_to(user).filter(status="open"),
    ),
)


@staff_page("certificates/new/", "certificate_new")
@require_http_methods(["GET", "HEAD", "POST"])
def new_certificate(request: HttpRequest) -> HttpResponse:
    """By GET with answers: the preview. By POST: issue exactly that list."""
    if not request.user.has_perm("placements.add_certificate"):
        raise PermissionDenied
    if request.method == "POST":
        return _issue(request)
    if "cohort" not in request.GET:
        return _page(request, ListForm(initial={"cohort": _suggested()}))
    form = ListForm(request.GET)
    return _page(request, form, status=OK if form.is_valid() else UNPROCESSABLE)


def _suggested() -> Any:
    """The youngest cohort that has qualified people."""
    field: Any = ListForm.base_fields["cohort"]
    return field.queryset.filter(applications__status="qualified").first()


def _issue(request: HttpRequest) -> HttpResponse:
    form, done = ListForm(request.POST), []
    digest = request.POST.get("digest", "") or "none"
    status = attempt(
        form, lambda: done.append(issue_list(**form.cleaned_data, digest=digest, by=request.user))
    )
    if status != OK:
        return _page(request, form, status)
    (certificate,) = done
    count = certificate.entries.count()
    told = ngettext(
        "%(number)s is issued with %(count)d name.", "%(number)s is issued with %(count)d names.", count
    )
    messages.success(request, told % {"number": certificate, "count": count})
    return redirect("admin:placements_certificate_change", certificate.pk)


def _page(request: HttpRequest, form: ListForm, status: int = OK) -> HttpResponse:
    preview = None
    if form.is_bound and {"cohort", "discipline"} <= form.cleaned_data.keys():
        found = eligibles_of(form.cleaned_data["cohort"], form.cleaned_data["discipline"])
        preview = _preview(found, request.user)
    context = {
        "title": _("Issue a certificate"),
        "form": form,
        "preview": preview,
        "may_issue": bool(preview and preview["count"] and "expires_on" in form.cleaned_data),
        "errors": form.errors,
    }
    return staff_response(request, "admin/certificates/new.html", context, status=status)


def _preview(found: Eligibles, user: Any) -> dict[str, Any]:
    """Names, except of people from whom the reader stands aside: those are counted only."""
    named = [application for application in found.listed if may_decide_about(user, application)]
    left_out = [each for each in found.left_out if may_decide_about(user, each.application)]
    return {
        "count": len(found.listed),
        "named": named[:NAMES_SHOWN],
        "unnamed": len(found.listed) - len(named[:NAMES_SHOWN]),
        "left_out": left_out[:NAMES_SHOWN],
        "digest": found.digest,
    }


def referrals_of(certificate: Certificate, user: Any) -> list[dict[str, Any]]:
    """Where the certificate went, and how many names got which outcome where it came back."""
    referrals = Referral.objects.visible_to(user).filter(certificate=certificate)
    counts: dict[int, Counter[str]] = {}
    codes = Disposition.objects.filter(certificate=certificate).values("referral", "code")
    for row in codes.annotate(number=models.Count("pk")).order_by("referral", "code"):
        counts.setdefault(row["referral"], Counter())[row["code"]] = row["number"]
    words = dict(Disposition._meta.get_field("code").flatchoices)
    return [
        {
            "referral": referral,
            "outcomes": [
                (words[code], number) for code, number in counts.get(referral.pk, Counter()).items()
            ],
        }
        for referral in referrals.select_related("opening__agency").order_by("-pk")
    ]
