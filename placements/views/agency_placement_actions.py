"""What may be done to a placement, by whom and from which state."""

from django.utils.translation import gettext_lazy

from placements import services
from placements.forms.acting import reason_form
from placements.forms.agency_placements import (
    ChangeForm,
    CloseForm,
    EndEarlyForm,
    ExceptionalStartForm,
    ExtendForm,
    FollowUpForm,
    MoveStartForm,
    StartForm,
    VettingWaiverForm,
)
from placements.forms.vetting import MilestoneForm
from placements.models import Placement, StartException
from placements.services.duty_changes import has_change_step
from placements.views.actions import Action, take
from placements.workflow import ENDED_STATES, LIVE_STATES, PLACEMENT
from techforce.core.calendar import today

STATES = {
    "before": ("pending_checks", "ready"),
    "serving": ("active", "suspended"),
    "ended": (*ENDED_STATES, "fell_through"),
}


def _allows_waiver(row: Placement) -> bool:
    return row.opening.sensitivity is not None and row.opening.sensitivity.is_waiver_possible


def _waits_for_follow_up(row: Placement) -> bool:
    return StartException.objects.filter(placement=row, followed_up_on__isnull=True).exists()


PLACEMENT_ACTIONS = (
    take(
        PLACEMENT,
        "confirm_ready",
        done=gettext_lazy("Everything is ready. The supervisor is told."),
        work=lambda row, by: services.confirm_ready(placement=row, by=by),
    ),
    take(
        PLACEMENT,
        "activate",
        label=gettext_lazy("Record entry on duty"),
        done=gettext_lazy("The entry on duty is recorded."),
        form=StartForm,
        work=lambda row, by, **answers: services.enter_on_duty(placement=row, by=by, **answers),
    ),
    Action(
        name="move-start",
        label=gettext_lazy("Plan another first day"),
        text=gettext_lazy("Dates that count from the first day move with it."),
        done=gettext_lazy("The first day is moved."),
        permission="placements.authorize_start",
        states=STATES["before"],
        form=MoveStartForm,
        work=lambda row, by, **answers: services.move_planned_start(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "return_to_checks",
        done=gettext_lazy("Returned to its checks."),
        form=reason_form(PLACEMENT, "return_to_checks"),
        work=lambda row, by, reason_code: services.return_to_checks(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
    take(
        PLACEMENT,
        "activate_with_exception",
        label=gettext_lazy("Start by exception"),
        text=gettext_lazy(
            "The person starts although a step is open. It is followed up within five business days."
        ),
        done=gettext_lazy("The start by exception is recorded, with your name."),
        form=ExceptionalStartForm,
        is_grave=True,
        work=lambda row, by, **answers: services.enter_on_duty_by_exception(placement=row, by=by, **answers),
    ),
    Action(
        name="follow-up",
        label=gettext_lazy("Record the follow-up"),
        text=gettext_lazy("The steps that were open at the start by exception were looked at again."),
        done=gettext_lazy("The follow-up is recorded."),
        permission="placements.approve_start_exception",
        states=(*STATES["serving"], *ENDED_STATES),
        is_fitting=_waits_for_follow_up,
        form=FollowUpForm,
        work=lambda row, by, **answers: services.record_start_follow_up(placement=row, by=by, **answers),
    ),
    Action(
        name="record-milestone",
        label=gettext_lazy("Record a milestone"),
        text=gettext_lazy(
            "The steps behind it are settled with it. What can end in several ways is settled only where the milestone "
            "says how."
        ),
        done=gettext_lazy("The milestone is recorded."),
        permission="placements.record_milestone",
        states=LIVE_STATES,
        is_fitting=services.records_milestones,
        form=MilestoneForm,
        work=lambda row, by, **answers: services.record_milestone(placement=row, by=by, **answers),
    ),
    Action(
        name="record-waiver",
        label=gettext_lazy("Record a vetting waiver"),
        text=gettext_lazy("A waiver to start before the investigation ends (5 CFR 1400.202)."),
        done=gettext_lazy("The waiver is on file. Record its step now."),
        permission="placements.add_vettingwaiver",
        states=STATES["before"],
        is_fitting=_allows_waiver,
        form=VettingWaiverForm,
        work=lambda row, by, **answers: services.record_vetting_waiver(placement=row, by=by, **answers),
    ),
    Action(
        name="report-change",
        label=gettext_lazy("Report a change of duties"),
        text=gettext_lazy("The ethics office looks again whether the person may go on as before."),
        done=gettext_lazy("The change is reported. The ethics office is told."),
        permission="placements.report_change",
        states=LIVE_STATES,
        is_fitting=has_change_step,
        form=ChangeForm,
        work=lambda row, by, **answers: services.report_duty_change(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "suspend",
        done=gettext_lazy("The service is suspended."),
        form=reason_form(PLACEMENT, "suspend"),
        work=lambda row, by, reason_code: services.suspend_placement(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
    take(
        PLACEMENT,
        "resume",
        done=gettext_lazy("The service goes on."),
        work=lambda row, by: services.resume_placement(placement=row, by=by),
    ),
    Action(
        name="extend",
        label=gettext_lazy("Extend"),
        done=gettext_lazy("The placement is extended."),
        permission="placements.extend_placement",
        states=STATES["serving"],
        form=ExtendForm,
        work=lambda row, by, **answers: services.extend_placement(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "complete",
        done=gettext_lazy("The term is complete."),
        is_fitting=lambda row: row.ends_on <= today(),
        work=lambda row, by: services.complete_placement(placement=row, by=by),
    ),
    take(
        PLACEMENT,
        "curtail",
        done=gettext_lazy("The early end is recorded."),
        form=EndEarlyForm,
        is_grave=True,
        work=lambda row, by, **answers: services.end_placement_early(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "close",
        done=gettext_lazy("The placement is closed."),
        form=CloseForm,
        work=lambda row, by, **answers: services.close_placement(placement=row, by=by, **answers),
    ),
    take(
        PLACEMENT,
        "fall_through",
        text=gettext_lazy("The seat is free again, and the person is back among the qualified."),
        done=gettext_lazy("Recorded. The seat is free again."),
        form=reason_form(PLACEMENT, "fall_through"),
        is_grave=True,
        work=lambda row, by, reason_code: services.record_fall_through(
            placement=row, reason_code=reason_code, by=by
        ),
    ),
)
