"""One step of a placement's checklist."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class ItemStatus(models.TextChoices):
    NOT_STARTED = "not_started", _("Not started")
    REQUESTED = "requested", _("Requested")
    SUBMITTED = "submitted", _("Submitted")
    UNDER_REVIEW = "under_review", _("Under review")
    DONE = "done", _("Done")
    RETURNED = "returned", _("Returned")
    BLOCKED = "blocked", _("Blocked")
    UNDER_DUE_PROCESS = "under_due_process", _("Under due process")
    NOT_MET = "not_met", _("Not met")
    EXCUSED = "excused", _("Excused")
    NOT_APPLICABLE = "not_applicable", _("Not applicable")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


WORKABLE = ("not_started", "requested", "submitted", "under_review", "returned")
HANDED_IN = ("submitted", "under_review")
"""Whoever does the step has done so: the next move is that of whoever records it."""

OPEN_ITEM_STATES = (*WORKABLE, "blocked", "under_due_process", "expired")
BEFORE_DUTY = "placements.item_may_still_change"
DECIDED_HERE = "placements.step_is_decided_here"
BY_ANOTHER = ("placements.not_about_oneself", "placements.verified_by_another")
"""I16: neither the person concerned nor whoever handed the step in."""

ITEM = Workflow(
    model="placements.ChecklistItem",
    states=ItemStatus,
    initial=("not_started",),
    transitions=(
        Transition(
            name="request",
            sources=("not_started", "returned", "expired"),
            target="requested",
            label=_("Request"),
            permission="placements.work_on_item",
            stamp="requested_at",
        ),
        Transition(
            name="submit",
            sources=("not_started", "requested", "returned"),
            target="submitted",
            label=_("Submit"),
            permission="placements.do_item",
            guards=("placements.questions_are_answered",),
            stamp="submitted_at",
            offered=False,  # who handed it in comes with it
        ),
        Transition(
            name="begin_review",
            sources=("not_started", "requested", "submitted"),
            target="under_review",
            label=_("Begin review"),
            permission="placements.work_on_item",
        ),
        Transition(
            name="complete",
            sources=(*WORKABLE, "expired", "under_due_process"),
            target="done",
            label=_("Record as done"),
            permission="placements.record_item",
            guards=(
                DECIDED_HERE,
                "placements.outcome_fits_the_step",
                "placements.outcome_agrees_with_answers",
                "placements.waiver_is_in_force",
                *BY_ANOTHER,
                "placements.change_is_screened",
            ),
            offered=False,  # the outcome and its date come with it
        ),
        Transition(
            name="settle",
            sources=WORKABLE,
            target="done",
            label=_("Settle"),
            permission="placements.mirror_item",
            guards=("placements.outcome_fits_the_step",),
            offered=False,  # follows from what is decided elsewhere
        ),
        Transition(
            name="review_again",
            sources=("done",),
            target="under_review",
            label=_("Review again"),
            permission="placements.mirror_item",
            guards=(BEFORE_DUTY,),
            offered=False,  # follows from what is decided elsewhere
        ),
        Transition(
            name="send_back",
            sources=("submitted", "under_review", "done"),
            target="returned",
            label=_("Return for correction"),
            permission="placements.work_on_item",
            guards=(DECIDED_HERE, BEFORE_DUTY),
            reasons=("incomplete", "incorrect", "outdated", "illegible"),
            stamp="returned_at",
            offered=False,  # what was recorded is cleared, and a placement that was ready goes back to checks
        ),
        Transition(
            name="block",
            sources=WORKABLE,
            target="blocked",
            label=_("Wait for another party"),
            permission="placements.record_item",
            guards=(DECIDED_HERE,),
            offered=False,  # the party that is waited for is named
        ),
        Transition(
            name="unblock",
            sources=("blocked",),
            target="requested",
            label=_("Go on"),
            permission="placements.record_item",
            offered=False,  # the clock of the step starts again
        ),
        Transition(
            name="start_due_process",
            sources=(*WORKABLE, "expired"),
            target="under_due_process",
            label=_("Begin due process"),
            permission="placements.record_item",
            guards=(DECIDED_HERE,),
        ),
        Transition(
            name="find_not_met",
            sources=("under_due_process",),
            target="not_met",
            label=_("Record as not met"),
            permission="placements.record_item",
            guards=BY_ANOTHER,
        ),
        Transition(
            name="excuse",
            sources=(*WORKABLE, "blocked", "expired"),
            target="excused",
            label=_("Excuse"),
            permission="placements.excuse_item",
            guards=(*BY_ANOTHER, "placements.excuse_has_an_authority"),
            offered=False,  # the authority comes with it
        ),
        Transition(
            name="set_not_applicable",
            sources=(*WORKABLE, "blocked"),
            target="not_applicable",
            label=_("Does not apply"),
            permission="placements.apply_conditions",
            guards=("placements.step_does_not_apply",),
            offered=False,  # follows from the step's condition, not from a choice
        ),
        Transition(
            name="reopen",
            sources=("not_applicable", "excused", "not_met"),
            target="requested",
            label=_("Reopen"),
            permission="placements.reopen_item",
            guards=(BEFORE_DUTY,),
            offered=False,  # what was recorded is cleared, and a placement that was ready goes back to checks
        ),
        Transition(
            name="expire",
            sources=("done", "requested", "submitted"),
            target="expired",
            label=_("Expire"),
            permission="placements.carry_items",
            guards=(BEFORE_DUTY,),
            offered=False,
        ),
        Transition(
            name="cancel",
            sources=(*WORKABLE, "blocked", "under_due_process", "expired"),
            target="cancelled",
            label=_("Cancel"),
            permission="placements.carry_items",
            offered=False,  # the placement fell through or the checklist was replaced
        ),
    ),
)
