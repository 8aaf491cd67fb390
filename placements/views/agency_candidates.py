"""People on the certificates referred to an agency: the list, and one person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from applicants.models import OpeningInterest, Snapshot
from applicants.services.answers import read_snapshot
from placements import services
from placements.forms.acting import reason_form
from placements.forms.agency_candidates import (
    STANDINGS,
    CandidateFilter,
    PayExceptionForm,
)
from placements.forms.interviews import InterviewForm
from placements.models import CertificateEntry, Offer, Referral, Selection
from placements.services.interviews import TALKS_IN
from placements.services.resumes import resume_for
from placements.views.actions import Action, carry_out, offered, take
from placements.views.agency_interviews import interviews_on
from placements.views.agency_rooms import members_only, mine_or_404, of_my_agencies, show
from placements.views.agency_words import standing_of
from placements.workflow import SELECTION
from techforce.core.audit import record_access
from techforce.core.paging import keyset_page

KEYS = ("newest", "legal_name", "pk")


SELECTION_ACTIONS = (
    take(
        SELECTION,
        "shortlist",
        done=gettext_lazy("On the short list."),
        work=lambda row, by: services.put_on_shortlist(selection=row, by=by),
    ),
    Action(
        name="schedule",
        label=gettext_lazy("Schedule an interview"),
        text=gettext_lazy("The person gets a mail and a file for their calendar."),
        done=gettext_lazy("The interview is scheduled. The person gets a mail."),
        permission="placements.consider",
        states=TALKS_IN,
        form=InterviewForm,
        work=lambda row, by, **answers: services.arrange_interview(selection=row, by=by, **answers),
    ),
    take(
        SELECTION,
        "interview",
        label=gettext_lazy("Record an interview"),
        done=gettext_lazy("The interview is recorded."),
        work=lambda row, by: services.record_interview(selection=row, by=by),
    ),
    take(
        SELECTION,
        "select",
        done=gettext_lazy("Selected. HR can prepare the tentative offer now."),
        work=lambda row, by: services.select_candidate(selection=row, by=by),
    ),
    take(
        SELECTION,
        "revive",
        label=gettext_lazy("Select again"),
        done=gettext_lazy("Selected again."),
        work=lambda row, by: services.revive_selection(selection=row, by=by),
    ),
    Action(
        name="allow-pay",
        label=gettext_lazy("Allow pay outside the band"),
        text=gettext_lazy("An exception is good for this person and for exactly this rate."),
        done=gettext_lazy("The exception is recorded. HR can use this rate in the offer."),
        permission="placements.add_payexception",
        states=("selected", "accepted"),
        form=PayExceptionForm,
        work=lambda row, by, **answers: services.allow_pay_outside_band(selection=row, by=by, **answers),
    ),
    take(
        SELECTION,
        "reject",
        label=gettext_lazy("Do not select"),
        text=gettext_lazy("The person is told that your agency decided, never why."),
        done=gettext_lazy("Recorded as not selected."),
        form=reason_form(SELECTION, "reject"),
        is_grave=True,
        work=lambda row, by, reason_code: services.reject_candidate(
            selection=row, reason_code=reason_code, by=by
        ),
    ),
)


# ── The list ──────────────────────────────────────────────────────────────────────────────────────
@require_safe
@members_only
def candidates(request: HttpRequest) -> HttpResponse:
    """Everybody on a certificate for one of our openings, with where we stand with them; the latest certificate first.
    Who is on a certificate that went back is found by opening or by standing."""
    referrals = of_my_agencies(Referral, request.user).select_related("opening", "certificate").order_by("pk")
    form = CandidateFilter(request.GET or None, referrals=referrals)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    if opening := wanted.get("opening"):
        referrals = referrals.filter(opening=opening)
    elif not wanted.get("standing"):
        referrals = referrals.filter(status="open")
    people = _people_on(referrals, request.user)
    if standing := wanted.get("standing"):
        people = people.filter(Exists(_ours().filter(status__in=STANDINGS[standing])))
    page = keyset_page(people, request.GET, keys=KEYS)
    known = {referral.pk: referral for referral in referrals}
    context = {
        "filter": form,
        "rows": _rows(page.rows, known),
        "certificates": [referral for referral in known.values() if referral.status == "open"],
        "columns": [
            _("Name"),
            _("Opening"),
            _("Disciplines"),
            _("Track"),
            _("Interested"),
            _("Where it stands"),
        ],
        "previous_url": page.previous_url,
        "next_url": page.next_url,
    }
    return show(request, "agency/candidates.html", context)


def _people_on(referrals: QuerySet[Referral], user: Any) -> QuerySet[CertificateEntry]:
    """Names by the letter, so that the order tells nobody's rank; a name that is on two certificates comes twice."""
    entries = CertificateEntry.objects.visible_to(user).filter(
        certificate__referrals__in=referrals.order_by().values("pk"), removed_at__isnull=True
    )
    return (
        entries.annotate(
            referral_pk=F("certificate__referrals"),
            newest=F("certificate__referrals") * -1,
            opening_pk=F("certificate__referrals__opening"),
            legal_name=F("application__applicant__legal_name"),
        )
        .select_related("application__applicant")
        .prefetch_related("application__choices__discipline")
    )


def _ours() -> QuerySet[Selection]:
    """Our selection of the person for the opening of the row."""
    return Selection.objects.filter(application=OuterRef("application"), opening=OuterRef("opening_pk"))


def _rows(entries: Sequence[Any], referrals: dict[int, Referral]) -> list[dict[str, Any]]:
    applications = [entry.application_id for entry in entries]
    openings = {referrals[entry.referral_pk].opening_id for entry in entries}
    interested = set(
        OpeningInterest.objects.filter(application__in=applications, opening__in=openings).values_list(
            "application", "opening"
        )
    )
    selections = {
        (row.application_id, row.opening_id): row
        for row in Selection.objects.filter(application__in=applications, opening__in=openings).order_by("pk")
    }
    return [
        {
            "entry": entry,
            "referral": referrals[entry.referral_pk],
            "is_interested": (entry.application_id, referrals[entry.referral_pk].opening_id) in interested,
            "standing": standing_of(
                entry.application,
                selections.get((entry.application_id, referrals[entry.referral_pk].opening_id)),
            ),
        }
        for entry in entries
    ]


# ── One person ────────────────────────────────────────────────────────────────────────────────────
@require_safe
@members_only
def candidate(request: HttpRequest, referral_id: UUID, entry_id: UUID) -> HttpResponse:
    """What the person submitted for all agencies, and what we may do next. No score, no rank, nothing of others."""
    referral, entry = _person_on(request, referral_id, entry_id)
    selection = _selection_of(referral, entry)
    standing = standing_of(entry.application, selection)
    context = {
        "referral": referral,
        "entry": entry,
        "standing": standing,
        "act_url": _address(referral, entry),
        "actions": [],
        "answers": [],
        "resume": None,
        "offers": [],
        "interviews": [],
        "can_offer": False,
        "may_read": request.user.has_perm("placements.consider", referral),
    }
    if standing.is_available:
        context |= _open_part(request, referral, entry, selection)
    if standing.is_available and context["may_read"]:
        record_access(entry.application, purpose="agency-candidate", by=request.user)
        context["answers"] = _submitted(entry.application_id)
        context["resume"] = resume_for(request.user, entry.application_id)
    return show(request, "agency/candidate.html", context)


def _open_part(
    request: HttpRequest, referral: Referral, entry: CertificateEntry, selection: Selection | None
) -> dict[str, Any]:
    """What a blocked person's page leaves out."""
    interests = OpeningInterest.objects.filter(application=entry.application_id, opening=referral.opening_id)
    found: dict[str, Any] = {
        "is_interested": interests.exists(),
        "selection": selection,
        "actions": offered(_actions_for(referral, selection), selection or referral, request.user),
    }
    if selection is not None:
        found["interviews"] = interviews_on(selection, request.user)
        offers = Offer.objects.visible_to(request.user).filter(selection=selection)
        found["offers"] = list(offers.order_by("-pk"))
        found["can_offer"] = (
            selection.status == "selected"
            and request.user.has_perm("placements.make_offer", selection)
            and not any(offer.status in ("draft", "sent") for offer in found["offers"])
        )
    return found


def _submitted(application_id: int) -> list[dict[str, Any]]:
    """The answers that speak of the person's work, frozen when they were submitted, a section each. Which agencies
    somebody prefers is not told to one of them."""
    snapshot = Snapshot.objects.filter(application=application_id).order_by("-sequence").first()
    sections = read_snapshot(snapshot.content) if snapshot else []
    return [
        {
            "title": section.step.title,
            "rows": [
                row for line, row in zip(section.lines, section.rows, strict=True) if line.key != "agencies"
            ],
        }
        for section in sections
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def candidate_act(request: HttpRequest, referral_id: UUID, entry_id: UUID, action: str) -> HttpResponse:
    referral, entry = _person_on(request, referral_id, entry_id)
    selection = _selection_of(referral, entry)
    actions = _actions_for(referral, selection, entry)
    return carry_out(
        request,
        actions,
        action,
        selection or referral,
        title=f"{entry.application.applicant} · {referral.opening}",
        back=_address(referral, entry),
    )


def _actions_for(
    referral: Referral, selection: Selection | None, entry: CertificateEntry | None = None
) -> tuple[Action, ...]:
    if selection is not None:
        return SELECTION_ACTIONS
    begin = Action(
        name="propose",
        label=gettext_lazy("Put on the short list"),
        done=gettext_lazy("On the short list."),
        permission="placements.add_selection",
        states=("open",),
        work=lambda row, by: services.shortlist_candidate(
            referral=row, application=entry.application if entry else None, by=by
        ),
    )
    return (begin,)


def _person_on(request: HttpRequest, referral_id: UUID, entry_id: UUID) -> tuple[Referral, CertificateEntry]:
    referral = mine_or_404(Referral, request.user, referral_id, "opening__agency", "certificate")
    entries = CertificateEntry.objects.visible_to(request.user).filter(
        certificate=referral.certificate_id, removed_at__isnull=True
    )
    entry = get_object_or_404(entries.select_related("application__applicant"), public_id=entry_id)
    return referral, entry


def _selection_of(referral: Referral, entry: CertificateEntry) -> Selection | None:
    """The latest; whoever was not selected may be proposed anew in another round, not here."""
    rows = Selection.objects.filter(application=entry.application_id, opening=referral.opening_id)
    return rows.select_related("opening", "applicant", "cohort").order_by("-pk").first()


def _address(referral: Referral, entry: CertificateEntry) -> str:
    return reverse("agency_candidate", args=[referral.public_id, entry.public_id])
