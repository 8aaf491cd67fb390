"""Tentative and firm offers."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class OfferStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    WITHDRAWN = "withdrawn", _("Withdrawn")


DECLINE_REASONS: Mapping[str, Any] = {
    "location": _("The place does not suit me"),
    "pay": _("The pay does not suit me"),
    "other_job": _("I have another job"),
    "other_offer": _("I prefer another offer of the program"),
    "personal": _("Personal reasons"),
    "no_reason": _("I would rather not say"),
}
"""What a person may say with a no, in their words. Nobody has to."""

OFFER = Workflow(
    model="placements.Offer",
    states=OfferStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="send",
            sources=("draft",),
            target="sent",
            label=_("Send"),
            permission="placements.make_offer",
            guards=("placements.offer_may_go_out",),
            stamp="sent_at",
            offered=False,  # the date for the answer is counted from the sending by `services.send_offer`
        ),
        Transition(
            name="accept",
            sources=("sent",),
            target="accepted",
            label=_("Accept"),
            permission="placements.answer_offer",
            guards=("placements.offer_awaits_an_answer",),
            stamp="answered_at",
            offered=False,  # `services.accept_offer` takes the seat and makes the placement
        ),
        Transition(
            name="decline",
            sources=("sent",),
            target="declined",
            label=_("Decline"),
            permission="placements.answer_offer",
            reasons=tuple(DECLINE_REASONS),
            stamp="answered_at",
            offered=False,
        ),
        Transition(
            name="expire",
            sources=("sent",),
            target="expired",
            label=_("Expire"),
            permission="placements.expire_offer",
            guards=("placements.answer_is_overdue",),
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="withdraw",
            sources=("draft", "sent"),
            target="withdrawn",
            label=_("Withdraw"),
            permission="placements.make_offer",
            reasons=(
                "requirements_not_met",
                "position_cancelled",
                "error_corrected",
                "other_offer_accepted",
                "person_withdrew",
            ),
            stamp="closed_at",
            offered=False,  # the selection moves with it
        ),
    ),
)
