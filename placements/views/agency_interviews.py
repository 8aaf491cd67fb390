"""An agency's interviews: fixed on the person's page, then moved, cancelled or recorded."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from applicants.models import Interview
from applicants.services import cancel_interview, move_interview, record_interview_outcome
from applicants.workflow import INTERVIEW
from placements.forms.interviews import CancelForm, MoveForm
from placements.models import CertificateEntry, Selection
from placements.views.actions import Action, carry_out, offered, take
from placements.views.agency_rooms import members_only, mine_or_404
from techforce.core.moments import deadline_text

INTERVIEW_ACTIONS = (
    Action(
        name="move",
        label=gettext_lazy("Move the interview"),
        text=gettext_lazy("The person gets a mail, and the entry in their calendar moves too."),
        done=gettext_lazy("The interview was moved. The person gets a mail."),
        permission="applicants.run_interview",
        states=("booked",),
        form=MoveForm,
        work=lambda row, by, **answers: move_interview(interview=row, by=by, **answers),
    ),
    take(
        INTERVIEW,
        "cancel",
        label=gettext_lazy("Cancel the interview"),
        text=gettext_lazy("The person gets a mail. They are not told the reason."),
        done=gettext_lazy("The interview was cancelled. The person gets a mail."),
        form=CancelForm,
        is_grave=True,
        work=lambda row, by, reason_code: cancel_interview(interview=row, reason_code=reason_code, by=by),
    ),
    take(
        INTERVIEW,
        "hold",
        done=gettext_lazy("Recorded: the interview took place."),
        work=lambda row, by: record_interview_outcome(interview=row, is_held=True, by=by),
    ),
    take(
        INTERVIEW,
        "miss",
        done=gettext_lazy("Recorded: the person did not come."),
        work=lambda row, by: record_interview_outcome(interview=row, is_held=False, by=by),
    ),
)


def interviews_on(selection: Selection, user: Any) -> list[dict[str, Any]]:
    """Each with its state, and with what `user` may do to it."""
    rows = Interview.objects.visible_to(user).filter(
        application=selection.application_id, opening=selection.opening_id
    )
    return [
        {
            "interview": row,
            "when": deadline_text(row.starts_at, row.time_zone) if row.starts_at else "",
            "actions": offered(INTERVIEW_ACTIONS, row, user),
            "act_url": reverse("agency_interview_act", args=[row.public_id, "move"]).removesuffix("move/"),
        }
        for row in rows.select_related("application__applicant", "opening").order_by("-starts_at", "-pk")
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def interview_act(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    row = mine_or_404(Interview, request.user, public_id, "application__applicant", "opening__agency")
    return carry_out(
        request,
        INTERVIEW_ACTIONS,
        action,
        row,
        title=f"{row.application.applicant} · {row.opening}",
        back=_person_page(row, request.user),
    )


def _person_page(interview: Interview, user: Any) -> str:
    """The page of the person whom the agency considers; the list for whoever is on no certificate any more."""
    selections = Selection.objects.visible_to(user).filter(
        application=interview.application_id, opening=interview.opening_id, referral__isnull=False
    )
    selection = selections.select_related("referral").order_by("-pk").first()
    referral = selection.referral if selection else None
    if referral is None:
        return reverse("agency_candidates")
    entries = CertificateEntry.objects.visible_to(user).filter(
        certificate=referral.certificate_id, application=interview.application_id, removed_at__isnull=True
    )
    entry = entries.order_by("-pk").first()
    if entry is None:
        return reverse("agency_candidates")
    return reverse("agency_candidate", args=[referral.public_id, entry.public_id])
