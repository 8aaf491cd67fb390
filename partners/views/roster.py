"""The company's roster: who is nominated, where each stands in one word, and what comes next."""

from typing import Any
from uuid import UUID

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.models import LoanTerms, Nomination, Partner, PartnerAgreement
from partners.services.history import history_of
from partners.services.standing import Standing, standings_of
from partners.views.own import own_nomination, own_nominations, own_partners
from partners.workflow import NominationStatus
from techforce.core.calendar import today
from techforce.core.paging import keyset_page
from techforce.core.workflow import available_transitions

SENT_AGAIN_FROM = (NominationStatus.DRAFT, NominationStatus.INVITED, NominationStatus.EXPIRED)
TERMS_FROM = (NominationStatus.CONFIRMED, NominationStatus.ACTIVE)


@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """The newest nomination first."""
    partners = own_partners(request.user)
    rows = own_nominations(request.user).annotate(newest=-F("id"))
    page = keyset_page(rows, request.GET, keys=("newest",))
    agreements = agreements_of(partners)
    context = {
        "partners": partners,
        "agreements": agreements,
        "may_nominate": any(is_able(partner, agreements) for partner in partners),
        "standings": standings_of(page.rows),
        "columns": [_("Nominee"), _("State"), _("Next step"), _("Terms of the loan")],
        "agreement_columns": [_("Agreement"), _("Company"), _("From"), _("To"), _("State")],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return render(request, "partner/roster.html", context)


def agreements_of(partners: list[Partner]) -> list[dict[str, Any]]:
    """All on file, the newest first, each with its state in a word."""
    rows = PartnerAgreement.objects.filter(partner__in=partners).select_related("partner__company")
    return [{"row": row, **_state_of(row)} for row in rows.order_by("-starts_on", "-pk")]


def is_able(partner: Partner, agreements: list[dict[str, Any]]) -> bool:
    """Whether the company may nominate today; the service asks again."""
    bound = any(one["is_in_force"] and one["row"].partner_id == partner.pk for one in agreements)
    return partner.status == "active" and bound


def _state_of(agreement: PartnerAgreement) -> dict[str, Any]:
    if agreement.signed_on is None:
        return {"is_in_force": False, "label": _("Not signed"), "kind": "warning"}
    if agreement.ends_on < today():
        return {"is_in_force": False, "label": _("Ended"), "kind": "neutral"}
    if agreement.starts_on > today():
        return {"is_in_force": False, "label": _("Begins later"), "kind": "neutral"}
    return {"is_in_force": True, "label": _("In force"), "kind": "success"}


@require_safe
def nomination(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return nomination_page(request, own_nomination(request.user, public_id))


def nomination_page(
    request: HttpRequest, nomination: Nomination, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """One nominee, with the buttons for `request.user`; `refusal` says why the last one failed."""
    (standing,) = standings_of([nomination])
    user = request.user
    context = {
        "standing": standing,
        "nomination": nomination,
        "facts": facts_of(standing),
        "terms": terms_of(standing.terms),
        "events": history_of(standing),
        "refusal": refusal,
        "may_revoke": any(arrow.name == "revoke" for arrow in available_transitions(nomination, user)),
        "may_send": nomination.status in SENT_AGAIN_FROM and user.has_perm("partners.nominate", nomination),
        "may_record_terms": may_record_terms(standing, user),
    }
    return render(request, "partner/nomination.html", context, status=status)


def may_record_terms(standing: Standing, user: Any) -> bool:
    nomination = standing.nomination
    return nomination.status in TERMS_FROM and user.has_perm("partners.add_loanterms", nomination)


def facts_of(standing: Standing) -> list[dict[str, Any]]:
    """What the company itself wrote."""
    row = standing.nomination
    found = [
        {"label": _("Company"), "value": row.partner.company.name},
        {"label": _("Cohort"), "value": row.cohort.name},
        {"label": _("Invitation sent to"), "value": row.invited_email},
        {"label": _("Role in the company"), "value": row.present_role},
        {"label": _("Division"), "value": row.division},
        {
            "label": _("Federal customers in the last 24 months"),
            "value": row.federal_accounts or _("None named"),
        },
        {"label": _("Federal bids in the last 24 months"), "value": row.federal_bids or _("None named")},
    ]
    if row.planned_kind:
        found.append({"label": _("Planned"), "value": row.get_planned_kind_display()})
    return found


def terms_of(terms: LoanTerms | None) -> list[dict[str, Any]]:
    """The terms on file as rows; the company and the nominee read the same."""
    if terms is None:
        return []
    if terms.last_day_on:
        return [
            {"label": _("Kind"), "value": terms.get_kind_display()},
            {"label": _("Last day at the company"), "value": terms.last_day_on},
            {"label": _("Right to return"), "value": _("No")},
        ]
    return [
        {"label": _("Kind"), "value": f"{terms.get_kind_display()}: {terms.get_leave_type_display()}"},
        {"label": _("First day of the leave"), "value": terms.leave_starts_on},
        {"label": _("Right to return"), "value": _("Yes") if terms.has_return_right else _("No")},
        {"label": _("Expected return"), "value": terms.expected_return_on or _("Not set")},
    ]
