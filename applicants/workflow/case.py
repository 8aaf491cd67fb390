"""The life of a conversation between a person and the program office: whose move it is, and how it ended."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from applicants.workflow.application import ReopenReason
from techforce.core.workflow import Transition, Workflow


class CaseTopic(models.TextChoices):
    QUESTION = "question", _("Question")
    TECHNICAL = "technical", _("Technical problem")
    RECORDS = "records", _("Access to records")
    ACCOMMODATION = "accommodation", _("Accommodation")
    INFORMATION = "information", _("Request for information")
    REVIEW_REQUEST = "review_request", _("Request for review of a decision")


class CaseStatus(models.TextChoices):
    OPEN = "open", _("Waiting for our answer")
    ASKED = "asked", _("Waiting for the person")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class CaseOutcome(models.TextChoices):
    ARRANGED = "arranged", _("Arranged as asked")
    OTHERWISE = "otherwise", _("Arranged in another way")
    NOT_GRANTED = "not_granted", _("Not granted")
    GIVEN_UP = "given_up", _("No longer asked for")
    UPHELD = "upheld", _("The decision stands")
    CHANGED = "changed", _("The decision is set aside")


class ReviewReason(models.TextChoices):
    """Why a decision stands. Why one is set aside: `ReopenReason`."""

    RULES_APPLIED = "rules_applied", _("The requirements were applied correctly")
    NOTHING_NEW = "nothing_new", _("No new facts")


PLAIN_TOPICS = (CaseTopic.QUESTION, CaseTopic.TECHNICAL, CaseTopic.RECORDS)
"""What anybody may ask, and what ends without a result."""

ACCOMMODATION_OUTCOMES = (CaseOutcome.ARRANGED, CaseOutcome.OTHERWISE, CaseOutcome.NOT_GRANTED)
REVIEW_REASONS: Mapping[str, tuple[str, ...]] = {
    CaseOutcome.UPHELD: tuple(ReviewReason.values),
    CaseOutcome.CHANGED: tuple(ReopenReason.values),
}
MOVING_CASE_STATES = (CaseStatus.OPEN, CaseStatus.ASKED)
"""Somebody has to write, by a date."""

OPEN_CASE_STATES = (CaseStatus.OPEN, CaseStatus.ASKED, CaseStatus.ANSWERED)

CASE = Workflow(
    model="applicants.CaseThread",
    states=CaseStatus,
    initial=("open", "asked", "answered"),
    transitions=(
        Transition(
            name="answer",
            sources=("open", "asked"),
            target="answered",
            label=_("Answer"),
            permission="applicants.work_case",
            guards=("applicants.did_not_decide_before",),
            offered=False,  # the answer comes with it
        ),
        Transition(
            name="ask",
            sources=("open", "answered"),
            target="asked",
            label=_("Ask the person"),
            permission="applicants.work_case",
            guards=("applicants.did_not_decide_before",),
            offered=False,
        ),
        Transition(
            name="write",
            sources=("asked", "answered"),
            target="open",
            label=_("The person wrote"),
            permission="applicants.write_case",
            offered=False,
        ),
        # By the person: what we asked for came, or what they asked for is no longer needed.
        Transition(
            name="conclude",
            sources=OPEN_CASE_STATES,
            target="closed",
            label=_("Concluded"),
            permission="applicants.conclude_case",
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="close",
            sources=OPEN_CASE_STATES,
            target="closed",
            label=_("Close"),
            permission="applicants.close_case",
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="settle",
            sources=OPEN_CASE_STATES,
            target="closed",
            label=_("Record the outcome"),
            permission="applicants.settle_case",
            guards=("applicants.did_not_decide_before",),
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="reopen",
            sources=("closed",),
            target="open",
            label=_("Reopen"),
            permission="applicants.reopen_case",
            offered=False,
        ),
    ),
)
