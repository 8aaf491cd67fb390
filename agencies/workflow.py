"""The lives of an opening and of a change to one (architecture §4), and the words that rows and rights
share."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class AgencyRole(models.TextChoices):
    """What a member of an agency does (architecture §5)."""

    HR_SPECIALIST = "hr_specialist", _("HR specialist")
    HIRING_MANAGER = "hiring_manager", _("Hiring manager")
    APPROVING_OFFICIAL = "approving_official", _("Approving official")
    SUPERVISOR = "supervisor", _("Supervisor")
    SECURITY_OFFICER = "security_officer", _("Security officer")
    ETHICS_OFFICIAL = "ethics_official", _("Ethics official")
    VIEWER = "viewer", _("Viewer")


class FillMethod(models.TextChoices):
    """How an opening finds its people. One opening never uses both ways."""

    DIRECT = "direct", _("The agency selects")
    MATCH = "match", _("Match round")


class OpeningStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted for approval")
    PUBLISHED = "published", _("Published")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")
    CANCELLED = "cancelled", _("Cancelled")


class CancellationReason(models.TextChoices):
    FUNDING_LOST = "funding_lost", _("The funding is gone")
    POSITION_ABOLISHED = "position_abolished", _("The position no longer exists")
    HIRING_FREEZE = "hiring_freeze", _("A hiring freeze")
    REPLACED = "replaced", _("Another opening replaces it")
    POSTED_IN_ERROR = "posted_in_error", _("Posted in error")


OPENING = Workflow(
    model="agencies.Opening",
    states=OpeningStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="submit",
            sources=("draft",),
            target="submitted",
            label=_("Submit for approval"),
            permission="agencies.submit_opening",
            guards=("agencies.opening_is_complete", "agencies.agency_takes_part"),
            stamp="submitted_at",
        ),
        Transition(
            name="return_for_changes",
            sources=("submitted",),
            target="draft",
            label=_("Return with comments"),
            permission="agencies.approve_opening",
            guards=("agencies.comments_are_given",),
            offered=False,
        ),
        Transition(
            name="publish",
            sources=("submitted",),
            target="published",
            label=_("Approve and publish"),
            permission="agencies.approve_opening",
            guards=(
                "agencies.opening_is_complete",
                "agencies.position_is_designated",
                "agencies.is_decided_by_another",
            ),
            stamp="published_at",
        ),
        Transition(
            name="pause",
            sources=("published",),
            target="paused",
            label=_("Pause"),
            permission="agencies.pause_opening",
        ),
        Transition(
            name="resume",
            sources=("paused",),
            target="published",
            label=_("Resume"),
            permission="agencies.pause_opening",
        ),
        Transition(
            name="close",
            sources=("published", "paused"),
            target="closed",
            label=_("Close"),
            permission="agencies.close_opening",
            stamp="closed_at",
        ),
        Transition(
            name="archive",
            sources=("closed",),
            target="archived",
            label=_("Archive"),
            permission="agencies.archive_opening",
        ),
        # Cancelling tells every candidate, so `placements` offers it.
        Transition(
            name="cancel",
            sources=("submitted", "published", "paused", "closed"),
            target="cancelled",
            label=_("Cancel the opening"),
            permission="agencies.cancel_opening",
            reasons=tuple(CancellationReason.values),
            offered=False,
        ),
    ),
)

PUBLIC_OPENING_STATES = (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED, OpeningStatus.CLOSED)


class RevisionStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Withdrawn")


REVISION = Workflow(
    model="agencies.OpeningRevision",
    states=RevisionStatus,
    initial=("proposed",),
    transitions=(
        # Approving writes the new values into the opening, so only its service may take this arrow.
        Transition(
            name="approve",
            sources=("proposed",),
            target="approved",
            label=_("Approve the change"),
            permission="agencies.approve_opening",
            guards=("agencies.revision_is_decided_by_another", "agencies.deadline_moves_later"),
            stamp="decided_at",
            offered=False,
        ),
        Transition(
            name="return_for_changes",
            sources=("proposed",),
            target="returned",
            label=_("Return with comments"),
            permission="agencies.approve_opening",
            guards=("agencies.comments_are_given",),
            stamp="decided_at",
            offered=False,
        ),
        Transition(
            name="withdraw",
            sources=("proposed",),
            target="withdrawn",
            label=_("Withdraw the change"),
            permission="agencies.revise_opening",
            stamp="decided_at",
        ),
    ),
)
