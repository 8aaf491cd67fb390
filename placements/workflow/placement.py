"""A person's service in an agency, from the accepted tentative offer to its end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class PlacementStatus(models.TextChoices):
    PENDING_CHECKS = "pending_checks", _("Pending checks")
    READY = "ready", _("Ready to start")
    ACTIVE = "active", _("Serving")
    SUSPENDED = "suspended", _("Suspended")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Closed")
    CURTAILED = "curtailed", _("Ended early")
    FELL_THROUGH = "fell_through", _("Fell through")
    TRANSFERRED = "transferred", _("Transferred")


class ReclassificationReason(models.TextChoices):
    """Why a placement is of another kind than it was taken for (domain.md §4.5)."""

    TERMS_RECORDED = "terms_recorded", _("Other terms of the loan were recorded")
    EMPLOYMENT_REVEALED = "employment_revealed", _("A tie to a partner company came to light")
    RECORDED_IN_ERROR = "recorded_in_error", _("It was recorded in error")


LIVE_STATES = ("pending_checks", "ready", "active", "suspended")
AUTHORIZED_STATES = ("ready", "active", "suspended")
ENDED_STATES = ("completed", "closed", "curtailed", "transferred")
ENDING_STATES = ("completed", "curtailed", "transferred")  # service is over, its last steps may be open

READY_TO_START = (
    "placements.gates_are_open",
    "placements.firm_offer_is_accepted",
    "placements.loan_terms_are_on_file",
)

PLACEMENT = Workflow(
    model="placements.Placement",
    states=PlacementStatus,
    initial=("pending_checks",),
    transitions=(
        Transition(
            name="confirm_ready",
            sources=("pending_checks",),
            target="ready",
            label=_("Confirm readiness"),
            permission="placements.authorize_start",
            guards=READY_TO_START,
        ),
        Transition(
            name="return_to_checks",
            sources=("ready",),
            target="pending_checks",
            label=_("Return to checks"),
            permission="placements.authorize_start",
            reasons=("step_returned", "step_expired", "start_moved", "conflict_reopened", "checklist_moved"),
        ),
        Transition(
            name="activate",
            sources=("ready",),
            target="active",
            label=_("Enter on duty"),
            permission="placements.authorize_start",
            guards=READY_TO_START,
            stamp="entry_recorded_at",
            offered=False,  # the day of entry on duty comes with it
        ),
        Transition(
            name="activate_with_exception",
            sources=("pending_checks", "ready"),
            target="active",
            label=_("Enter on duty by exception"),
            permission="placements.approve_start_exception",
            guards=("placements.start_exception_is_on_file", "placements.loan_terms_are_on_file"),
            stamp="entry_recorded_at",
            offered=False,
        ),
        Transition(
            name="suspend",
            sources=("active",),
            target="suspended",
            label=_("Suspend"),
            permission="placements.manage_service",
            reasons=("leave_without_pay", "access_suspended", "conflict_reopened", "furlough"),
        ),
        Transition(
            name="resume",
            sources=("suspended",),
            target="active",
            label=_("Resume"),
            permission="placements.manage_service",
        ),
        Transition(
            name="complete",
            sources=("active",),
            target="completed",
            label=_("Complete the term"),
            permission="placements.complete_service",
            guards=("placements.term_is_over",),
            stamp="end_recorded_at",
            offered=False,
        ),
        Transition(
            name="close",
            sources=("completed", "curtailed"),
            target="closed",
            label=_("Close"),
            permission="placements.close_placement",
            guards=("placements.outcome_is_given", "placements.end_steps_are_settled"),
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="curtail",
            sources=("active", "suspended"),
            target="curtailed",
            label=_("End early"),
            permission="placements.manage_service",
            reasons=("resigned", "recalled_by_partner", "agency_ended", "requirements_not_met", "deceased"),
            stamp="end_recorded_at",
            offered=False,
        ),
        Transition(
            name="fall_through",
            sources=("pending_checks", "ready"),
            target="fell_through",
            label=_("Record that it fell through"),
            permission="placements.release_seat",
            reasons=("withdrew", "requirements_not_met", "position_cancelled", "conflict", "no_show"),
            stamp="closed_at",
            offered=False,  # the seat and the application are freed by `services.record_fall_through`
        ),
        Transition(
            name="transfer",
            sources=("active", "suspended"),
            target="transferred",
            label=_("Transfer"),
            permission="placements.transfer",
            stamp="end_recorded_at",
            offered=False,  # `services.transfer_placement` opens the next one the day after
        ),
    ),
)
