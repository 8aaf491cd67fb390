"""A match round: both sides rank, one locked run proposes, agencies approve."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class MatchRoundStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    COLLECTING = "collecting", _("Collecting rankings")
    LOCKED = "locked", _("Locked")
    PROPOSED = "proposed", _("Proposed")
    RELEASED = "released", _("Released")


MATCH_ROUND = Workflow(
    model="placements.MatchRound",
    states=MatchRoundStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="collect",
            sources=("draft",),
            target="collecting",
            label=_("Start collecting rankings"),
            permission="placements.run_match",
            guards=("placements.round_has_a_window",),
        ),
        Transition(
            name="lock",
            sources=("collecting",),
            target="locked",
            label=_("Lock the rankings"),
            permission="placements.run_match",
            stamp="locked_at",
        ),
        Transition(
            name="propose",
            sources=("locked",),
            target="proposed",
            label=_("Propose"),
            permission="placements.run_match",
            guards=("placements.round_has_a_proof",),
            stamp="proposed_at",
            offered=False,  # the run writes the proposals and their proof
        ),
        Transition(
            name="release",
            sources=("proposed",),
            target="released",
            label=_("Release to agencies"),
            permission="placements.run_match",
            stamp="released_at",
        ),
    ),
)
