"""OPM's side of an application: review, questions, results in each discipline, the decision."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, DisciplineOutcome
from applicants.models.outcome import OutcomeResult
from applicants.services.guards import not_again, set_aside_for, undecided
from applicants.workflow import ApplicationStatus
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.mail.outbox import draft, enqueue, enqueue_many
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many
from techforce.program.models import Discipline

DECIDE_AGAIN = "applicants.application:decide_again"
"""What a review set aside in a decision that otherwise stands."""


@service
def start_review(*, application: Application, by: Any) -> Application:
    """From now on the submitted content is closed to the person."""
    reviewed: Application = transition(application, "start_review", by=by)
    return reviewed


@service
def record_outcome(
    *,
    application: Application,
    discipline: Discipline,
    by: Any,
    expires_on: datetime.date | None = None,
    reason_code: str = "",
) -> DisciplineOutcome:
    """The result in one chosen discipline: qualified until `expires_on`, or not qualified for
    `reason_code`."""
    if not by.has_perm("applicants.add_disciplineoutcome", application):
        raise NotPermitted(_("Your role does not allow deciding about this application."))
    if application.ratings.filter(rater__in=by.stands_for).exists():
        raise NotPermitted(_("You rated this person, so somebody else decides."))
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    _refuse_unless_open(locked, discipline, by)
    if not locked.choices.filter(discipline=discipline).exists():
        raise Refused(_("The person did not choose this discipline."))
    if bool(expires_on) == bool(reason_code):
        raise Refused(
            _("Give either the day on which the result expires or the reason why it is not qualified.")
        )
    outcome, is_new = DisciplineOutcome.objects.update_or_create(
        application=locked,
        discipline=discipline,
        defaults={
            "result": OutcomeResult.QUALIFIED if expires_on else OutcomeResult.NOT_QUALIFIED,
            "expires_on": expires_on,
            "reason_code": reason_code,
            "decided_by": by,
            "decided_on": today(),
        },
    )
    record_event(
        "applicants.disciplineoutcome:record",
        subject=outcome,
        by=by,
        reason_code=reason_code,
        detail={"result": outcome.result, "is_new": is_new},
    )
    return outcome


def _refuse_unless_open(locked: Application, discipline: Discipline, by: Any) -> None:
    """In review; afterwards only what a review set aside, which leaves alone what is qualified."""
    if set_aside_for([locked.pk], by):
        raise NotPermitted(not_again())
    if locked.is_withdrawing:
        raise Refused(_("The person has asked to withdraw. Wait until that takes effect, or is undone."))
    if locked.status == ApplicationStatus.IN_REVIEW:
        return
    is_good = locked.outcomes.filter(discipline=discipline, result=OutcomeResult.QUALIFIED).exists()
    if is_good or not Application.objects.set_aside().filter(pk=locked.pk).exists():
        raise Refused(_("Results are recorded while the application is in review."))


@dataclass(frozen=True)
class Result:
    """Qualified until `expires_on`, or not qualified for `reason_code`."""

    expires_on: datetime.date | None = None
    reason_code: str = ""


@service
def decide_with_results(
    *, application: Application, results: Mapping[Discipline, Result], by: Any
) -> Application:
    """Record the result in every chosen discipline and decide, all or nothing. When none is qualified, the reason is
    that of the first choice."""
    for discipline, result in results.items():
        record_outcome(
            application=application,
            discipline=discipline,
            expires_on=result.expires_on,
            reason_code=result.reason_code,
            by=by,
        )
    is_qualified = any(result.expires_on for result in results.values())
    first = next((result.reason_code for result in results.values()), "")
    return decide_application(application=application, reason_code="" if is_qualified else first, by=by)


@service
def decide_application(*, application: Application, by: Any, reason_code: str = "") -> Application:
    """Qualified when at least one discipline is; otherwise not qualified, which needs `reason_code`."""
    decided: Application
    is_qualified = application.outcomes.filter(result=OutcomeResult.QUALIFIED).exists()
    if Application.objects.set_aside().filter(pk=application.pk).exists():
        decided = _decide_again(application, by)
    elif is_qualified:
        decided = transition(application, "qualify", by=by)
    else:
        decided = transition(application, "disqualify", by=by, reason_code=reason_code)
    queue_decision(decided)
    return decided


def _decide_again(application: Application, by: Any) -> Application:
    """The person stays qualified and where they stand; the results that were set aside are a decision of their own,
    which can be reviewed in its turn."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    has_rated = locked.ratings.filter(rater__in=by.stands_for).exists()
    if has_rated or not by.has_perm("applicants.decide_application", locked):
        raise NotPermitted(_("Your role does not allow deciding about this application."))
    if set_aside_for([locked.pk], by):
        raise NotPermitted(not_again())
    if locked.is_withdrawing:
        raise Refused(_("The person has asked to withdraw. Wait until that takes effect, or is undone."))
    if not Application.objects.set_aside().filter(pk=locked.pk).exists():
        raise Conflict(_("Somebody else has just decided about this application. Load it again."))
    if undecided([locked]):
        raise Refused(_("A chosen discipline has no result yet."))
    Application.objects.filter(pk=locked.pk).update(decided_at=timezone.now(), version=F("version") + 1)
    record_event(DECIDE_AGAIN, subject=locked, by=by)
    application.refresh_from_db()
    return application


def queue_decision(application: Application) -> None:
    """One mail a decision, after the minutes in which it can be stopped (I19). It says only that there is one."""
    decided_at = str(application.decided_at)
    enqueue(
        "application_decided",
        message_class=MessageClass.DECISION,
        subject=application,
        recipient=application.applicant.user,
        dedupe_key=f"application-decided:{application.public_id}:{decided_at}",
        context={"decided_at": decided_at},
    )


@service
def reopen_review(*, application: Application, reason_code: str, by: Any) -> Application:
    """A request for review was granted."""
    reopened: Application = transition(application, "reopen_review", by=by, reason_code=reason_code)
    return reopened


@service
def lapse_expired(*, by: Any) -> int:
    """Lapse qualified applications of which no result counts any longer, tell their people, and say how many; beat
    calls it."""
    good = DisciplineOutcome.objects.filter(
        application=OuterRef("pk"), result=OutcomeResult.QUALIFIED, expires_on__gte=today()
    )
    due = Application.objects.filter(
        ~Exists(good), status=ApplicationStatus.QUALIFIED, withdraws_at__isnull=True
    )
    lapsed = transition_many(due, "lapse", by=by, is_partial_allowed=True).rows
    _tell_lapsed([row.pk for row in lapsed])
    return len(lapsed)


def _tell_lapsed(keys: Sequence[int]) -> None:
    rows = Application.objects.filter(pk__in=keys).select_related("applicant__user").order_by("pk")
    enqueue_many(
        draft(
            "application_lapsed",
            message_class=MessageClass.TRANSACTIONAL,
            subject=row,
            recipient=row.applicant.user,
            dedupe_key=f"application-lapsed:{row.public_id}",
        )
        for row in rows
    )
