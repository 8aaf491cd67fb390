"""The life of an application (architecture §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    NEEDS_INFORMATION = "needs_information", _("Waiting for information")
    QUALIFIED = "qualified", _("Qualified")
    NOT_QUALIFIED = "not_qualified", _("Not qualified")
    PLACED = "placed", _("Placed")
    LAPSED = "lapsed", _("Lapsed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class InformationReason(models.TextChoices):
    """What is missing. The letter says it in words."""

    DOCUMENT_UNREADABLE = "document_unreadable", _("A document cannot be read")
    DATES_UNCLEAR = "dates_unclear", _("Dates do not fit together")
    PREFERENCE_EVIDENCE = "preference_evidence", _("Evidence of veterans' preference is missing")
    OTHER = "other", _("Something else")


class NotQualifiedReason(models.TextChoices):
    EXPERIENCE = "experience", _("The experience shown does not meet the requirements")
    ASSESSMENT = "assessment", _("The assessment was not passed")
    ELIGIBILITY = "eligibility", _("A legal requirement is not met")
    NO_RESPONSE = "no_response", _("Information that we asked for did not come")


class ReopenReason(models.TextChoices):
    NEW_FACTS = "new_facts", _("New facts")
    ERROR = "error", _("We made an error")


LIVE_APPLICATION_STATES = tuple(s.value for s in ApplicationStatus if s != ApplicationStatus.WITHDRAWN)
WITHDRAWABLE_STATES = ("submitted", "in_review", "needs_information", "qualified")
# Locked once review starts: until then a résumé may be replaced and the application submitted again.
REPLACEABLE_STATES = ("draft", "submitted")

PERSON_STAYS = "applicants.person_stays"

APPLICATION = Workflow(
    model="applicants.Application",
    states=ApplicationStatus,
    initial=("draft",),
    transitions=(
        # Submitting freezes a snapshot, so only its service may take this arrow.
        Transition(
            name="submit",
            sources=("draft",),
            target="submitted",
            label=_("Submit the application"),
            permission="applicants.submit_application",
            guards=("applicants.window_is_open", "applicants.application_is_complete"),
            stamp="submitted_at",
            offered=False,
        ),
        Transition(
            name="start_review",
            sources=("submitted",),
            target="in_review",
            label=_("Start review"),
            permission="applicants.review_application",
        ),
        Transition(
            name="ask_for_information",
            sources=("in_review",),
            target="needs_information",
            label=_("Ask for information"),
            permission="applicants.review_application",
            reasons=tuple(InformationReason.values),
        ),
        Transition(
            name="receive_information",
            sources=("needs_information",),
            target="in_review",
            label=_("Information received"),
            permission="applicants.answer_application",
        ),
        Transition(
            name="qualify",
            sources=("in_review",),
            target="qualified",
            label=_("Qualified"),
            permission="applicants.decide_application",
            guards=(
                PERSON_STAYS,
                "applicants.decider_did_not_rate",
                "applicants.decides_afresh",
                "applicants.ratings_are_in",
                "applicants.has_a_qualified_discipline",
            ),
            stamp="decided_at",
            offered=False,  # the results in the disciplines come with it
        ),
        Transition(
            name="disqualify",
            sources=("in_review",),
            target="not_qualified",
            label=_("Not qualified"),
            permission="applicants.decide_application",
            guards=(
                PERSON_STAYS,
                "applicants.decider_did_not_rate",
                "applicants.decides_afresh",
                "applicants.ratings_are_in",
                "applicants.has_no_qualified_discipline",
            ),
            reasons=tuple(NotQualifiedReason.values),
            stamp="decided_at",
            offered=False,
        ),
        Transition(
            name="reopen_review",
            sources=("not_qualified",),
            target="in_review",
            label=_("Reopen the review"),
            permission="applicants.reopen_application",
            guards=("applicants.no_review_is_asked_for",),
            reasons=tuple(ReopenReason.values),
        ),
        Transition(
            name="place",
            sources=("qualified",),
            target="placed",
            label=_("Placed"),
            permission="applicants.place_application",
            guards=(PERSON_STAYS,),
            offered=False,
        ),
        Transition(
            name="return_to_pool",
            sources=("placed",),
            target="qualified",
            label=_("Placement fell through"),
            permission="applicants.place_application",
            guards=(PERSON_STAYS,),
            offered=False,
        ),
        Transition(
            name="lapse",
            sources=("qualified",),
            target="lapsed",
            label=_("Lapsed"),
            permission="applicants.lapse_application",
            guards=(PERSON_STAYS, "applicants.results_have_expired"),
        ),
        # A withdrawal takes effect a day after it was asked for; until then it can be undone.
        Transition(
            name="withdraw",
            sources=WITHDRAWABLE_STATES,
            target="withdrawn",
            label=_("Withdrawn"),
            permission="applicants.withdraw_application",
            guards=("applicants.withdrawal_is_due",),
            stamp="withdrawn_at",
            offered=False,
        ),
    ),
)
