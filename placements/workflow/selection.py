"""A person considered for an opening."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class SelectionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    INTERVIEWING = "interviewing", _("Interviewing")
    SELECTED = "selected", _("Selected")
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    HELD = "held", _("Held")
    NOT_SELECTED = "not_selected", _("Not selected")
    DECLINED = "declined", _("Declined")
    FILLED_ELSEWHERE = "filled_elsewhere", _("Filled elsewhere")
    CONFLICT_BLOCKED = "conflict_blocked", _("Blocked by a conflict")


UNDER_CONSIDERATION = ("proposed", "shortlisted", "interviewing", "selected")
LIVE_SELECTIONS = (*UNDER_CONSIDERATION, "offered", "held", "conflict_blocked")

SELECTION = Workflow(
    model="placements.Selection",
    states=SelectionStatus,
    initial=("proposed",),
    transitions=(
        Transition(
            name="shortlist",
            sources=("proposed",),
            target="shortlisted",
            label=_("Shortlist"),
            permission="placements.consider",
        ),
        Transition(
            name="interview",
            sources=("proposed", "shortlisted"),
            target="interviewing",
            label=_("Move to interview"),
            permission="placements.consider",
        ),
        Transition(
            name="select",
            sources=("shortlisted", "interviewing"),
            target="selected",
            label=_("Select"),
            permission="placements.select",
            guards=("placements.application_can_be_placed", "placements.no_conflict_blocks"),
            stamp="selected_at",
        ),
        Transition(
            name="offer",
            sources=("selected",),
            target="offered",
            label=_("Offer"),
            permission="placements.make_offer",
            guards=("placements.application_can_be_placed", "placements.no_conflict_blocks"),
            offered=False,  # moved only inside the services of the offer
        ),
        Transition(
            name="accept",
            sources=("offered",),
            target="accepted",
            label=_("Accept"),
            permission="placements.answer_offer",
            guards=("placements.no_conflict_blocks",),
            offered=False,
        ),
        Transition(
            name="take_back",
            sources=("offered",),
            target="selected",
            label=_("Take the offer back"),
            permission="placements.make_offer",
            offered=False,  # an offer was withdrawn or nobody answered it; another may follow
        ),
        Transition(
            name="hold",
            sources=("selected", "offered"),
            target="held",
            label=_("Hold"),
            permission="placements.carry_selection",
            offered=False,  # the person accepted another offer; theirs until its firm offer is accepted
        ),
        Transition(
            name="revive",
            sources=("held",),
            target="selected",
            label=_("Revive"),
            permission="placements.select",
            guards=("placements.application_can_be_placed", "placements.no_conflict_blocks"),
        ),
        Transition(
            name="reject",
            sources=(*UNDER_CONSIDERATION, "held"),
            target="not_selected",
            label=_("Do not select"),
            permission="placements.consider",
            reasons=(
                "skills_fit",
                "experience_fit",
                "another_selected",
                "position_changed",
                "failed_to_reply",
            ),
            stamp="closed_at",
        ),
        Transition(
            name="decline",
            sources=(*UNDER_CONSIDERATION, "offered", "held"),
            target="declined",
            label=_("Decline"),
            permission="placements.answer_offer",
            reasons=("location", "pay", "other_job", "other_offer", "personal", "no_reason"),
            stamp="closed_at",
        ),
        Transition(
            name="fill_elsewhere",
            sources=(*UNDER_CONSIDERATION, "offered", "held"),
            target="filled_elsewhere",
            label=_("Filled elsewhere"),
            permission="placements.carry_selection",
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="block",
            sources=(*UNDER_CONSIDERATION, "held"),
            target="conflict_blocked",
            label=_("Block"),
            permission="placements.sign_determination",
            offered=False,  # follows from a signed determination
        ),
        Transition(
            name="unblock",
            sources=("conflict_blocked",),
            target="proposed",
            label=_("Reopen"),
            permission="placements.sign_determination",
            guards=("placements.no_conflict_blocks",),
            offered=False,
        ),
    ),
)
