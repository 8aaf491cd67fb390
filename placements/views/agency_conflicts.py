"""The ethics official's desk: what the rules propose, the facts that it stands on, the signature, and what passes a
block. Nobody else reaches these pages (trust.md I18)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import AgencyRole, OfficePartnerRelationship
from placements import conflicts as rules
from placements import services
from placements.forms.agency_conflicts import (
    NewRelationshipForm,
    RelationshipForm,
    RevokeWaiverForm,
    ScreenAgainForm,
    SignForm,
    WaiverForm,
    standing_waivers,
)
from placements.models import Determination, EthicsWaiver
from placements.querysets import in_office
from placements.services.facts import Known, is_by_rule, is_outdated, known_about
from placements.views.actions import Action, attempt, carry_out, offered, take
from placements.views.agency_rooms import members_only, show
from placements.workflow import DETERMINATION
from techforce.core.audit import record_access
from techforce.core.paging import keyset_page

RULE_WORDS = {
    rules.RULE_BLOCK: gettext_lazy(
        "The person has a right to return to a company that is a party to this office, and the duties touch it "
        "(18 U.S.C. 208)."
    ),
    rules.RULE_TIE: gettext_lazy("The person has a tie to a company. An official looks at what it means."),
}

DECLARED = (
    "expects_return",
    "has_family_tie",
    "holds_vested_stock",
    "holds_unvested_units",
    "holds_options",
    "holds_private_equity",
)
"""What the person said about a company when confirming the nomination."""

CASE_ACTIONS = (
    take(
        DETERMINATION,
        "sign",
        text=gettext_lazy("Your name and the time stand beside the decision."),
        done=gettext_lazy("Your decision is signed."),
        form=SignForm,
        work=lambda row, by, result: services.sign_determination(determination=row, result=result, by=by),
    ),
    Action(
        name="waiver",
        label=gettext_lazy("Record a waiver"),
        text=gettext_lazy("The waiver of an appointing official, issued before the person first acts."),
        done=gettext_lazy("The waiver is recorded."),
        permission="placements.add_ethicswaiver",
        states=("proposed", "signed"),
        is_fitting=lambda row: row.selection_id is not None and row.standing_result != "clear",
        form=WaiverForm,
        work=lambda row, by, **answers: services.record_ethics_waiver(
            selection=row.selection, by=by, **answers
        ),
    ),
    Action(
        name="end-waiver",
        label=gettext_lazy("End a waiver"),
        text=gettext_lazy("It is withdrawn before its last day. What rested on it is looked at again."),
        done=gettext_lazy("The waiver has ended."),
        permission="placements.change_ethicswaiver",
        states=("proposed", "signed"),
        is_fitting=lambda row: standing_waivers(row).exists(),
        is_grave=True,
        form=RevokeWaiverForm,
        work=lambda row, by, **answers: services.revoke_ethics_waiver(by=by, **answers),
    ),
    Action(
        name="relationship",
        label=gettext_lazy("Record another relationship"),
        text=gettext_lazy(
            "What the office has to do with a company. Everyone whom it concerns is screened again."
        ),
        done=gettext_lazy("Recorded. Everyone whom it concerns is screened again."),
        permission="placements.sign_determination",
        states=("proposed", "signed"),
        form=NewRelationshipForm,
        work=lambda row, by, **answers: services.record_relationship(
            office=row.case.opening.office, by=by, **answers
        ),
    ),
    take(
        DETERMINATION,
        "supersede",
        label=gettext_lazy("Screen again"),
        text=gettext_lazy("The rules look at what is known today. What was signed has to be signed anew."),
        done=gettext_lazy("Screened again. The new proposal waits for a signature."),
        form=ScreenAgainForm,
        work=lambda row, by, reason_code: services.screen_again(
            determination=row, reason_code=reason_code, by=by
        ),
    ),
)


def _mine(user: Any) -> QuerySet[Determination]:
    """Determinations of the offices whose ethics official the user is."""
    role = AgencyRole.ETHICS_OFFICIAL
    at_desk = in_office(user, "selection__opening", role) | in_office(user, "placement__opening", role)
    rows = Determination.objects.visible_to(user).current().filter(at_desk)
    return rows.select_related(
        "selection__opening__office",
        "selection__applicant",
        "placement__opening__office",
        "placement__applicant",
        "signed_by",
    )


@require_safe
@members_only
def conflicts(request: HttpRequest) -> HttpResponse:
    """Who waits for a signature, the longest first; `?state=signed` shows what was decided."""
    if not request.user.has_perm("placements.sign_determination"):
        raise Http404
    state = "signed" if request.GET.get("state") == "signed" else "proposed"
    page = keyset_page(_mine(request.user).filter(status=state), request.GET, keys=("pk",))
    context = {
        "rows": [{"determination": row, "case": row.case} for row in page.rows],
        "columns": [_("Person"), _("Opening"), _("Proposed"), _("Signed"), _("Since")],
        "is_signed": state == "signed",
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return show(request, "agency/conflicts.html", context)


@require_safe
@members_only
def conflict(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The facts first, then the decision."""
    row = _determination(request, public_id)
    record_access(row, purpose="agency-conflict", by=request.user)
    case = row.case
    known = known_about(case)
    actions = offered(CASE_ACTIONS, row, request.user)
    can_sign = any(action.name == "sign" for action in actions)
    context = {
        "determination": row,
        "case": case,
        "rules": [RULE_WORDS.get(code, code) for code in row.rule_codes],
        "is_outdated": is_by_rule(row) and is_outdated(row, rules.screen(known.facts())),
        "ties": list(_ties(known)),
        "relationships": _relationships(request.user, known),
        "duties": list(_duties(known)),
        "waivers": _waivers(row, request.user),
        "sign_form": SignForm(row=row) if can_sign else None,
        "actions": [action for action in actions if action.name != "sign"],
        "act_url": _address(row),
    }
    return show(request, "agency/conflict.html", context)


def _ties(known: Known) -> Iterator[dict[str, Any]]:
    for nomination in known.nominations:
        terms = known.terms.get(nomination.pk)
        yield {"company": nomination.partner.company, "terms": terms, "is_declared": False, "declared": ()}
    for row in known.equity:
        declared = [_label_of(row, flag) for flag in DECLARED if getattr(row, flag)]
        yield {"company": row.company, "terms": None, "is_declared": True, "declared": declared}


def _relationships(user: Any, known: Known) -> list[OfficePartnerRelationship]:
    """As the official may see them, each with whether they may correct it."""
    keys = [row.pk for row in known.relationships]
    rows = (
        OfficePartnerRelationship.objects.visible_to(user)
        .filter(pk__in=keys)
        .select_related("company", "office")
    )
    return list(rows.order_by("company__name", "pk"))


def _duties(known: Known) -> Iterator[Any]:
    for flag in known.opening.DUTY_FLAGS:
        if getattr(known.opening, flag):
            yield _label_of(known.opening, flag)


def _label_of(row: Any, name: str) -> Any:
    return row._meta.get_field(name).verbose_name


def _waivers(row: Determination, user: Any) -> list[EthicsWaiver]:
    if row.selection_id is None:
        return []
    waivers = EthicsWaiver.objects.visible_to(user).filter(selection=row.selection_id)
    return list(waivers.select_related("company").order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def conflict_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    """What comes after may be a new determination, so the way back leads to the list."""
    row = _determination(request, public_id)
    case = row.case
    back = _address(row) if action == "waiver" else reverse("agency_conflicts")
    return carry_out(
        request, CASE_ACTIONS, action, row, title=f"{case.applicant} · {case.opening}", back=back
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def relationship(request: HttpRequest, public_id: UUID, relationship_id: UUID) -> HttpResponse:
    """Correct what the office has to do with a company; everyone whom it concerns is screened again."""
    row = _determination(request, public_id)
    case = row.case
    rows = (
        OfficePartnerRelationship.objects.visible_to(request.user).live().select_related("company", "office")
    )
    fact = get_object_or_404(rows, public_id=relationship_id, office=case.opening.office_id)
    if not request.user.has_perm("agencies.change_officepartnerrelationship", fact):
        raise Http404
    form, status = RelationshipForm(row=fact), 200
    if request.method == "POST":
        form = RelationshipForm(request.POST, row=fact)
        status = attempt(
            form,
            lambda: services.correct_relationship(relationship=fact, by=request.user, **form.cleaned_data),
        )
        if not status:
            messages.success(request, _("Corrected. Everyone whom it concerns is screened again."))
            return redirect("agency_conflicts")
    context = {"form": form, "fact": fact, "back": _address(row)}
    return show(request, "agency/relationship.html", context, status=status)


def _determination(request: HttpRequest, public_id: UUID) -> Determination:
    return get_object_or_404(_mine(request.user), public_id=public_id)


def _address(row: Determination) -> str:
    return reverse("agency_conflict", args=[row.public_id])
