"""The life of a cohort (architecture §4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class CohortStatus(models.TextChoices):
    PLANNED = "planned", _("Planned")
    OPEN = "open", _("Open for applications")
    CLOSED = "closed", _("Closed")
    ASSESSING = "assessing", _("Assessing")
    PLACING = "placing", _("Placing")
    SERVING = "serving", _("Serving")
    ENDED = "ended", _("Ended")


class Track(models.TextChoices):
    """The two kinds of people the program looks for: an opening is for one, an application for one."""

    EARLY_CAREER = "early_career", _("Early-career technologist")
    EXPERIENCED = "experienced", _("Experienced engineering manager")


class ExtensionReason(models.TextChoices):
    """Why a window was extended. Codes only: the story belongs in the announcement."""

    MORE_TIME = "more_time", _("More time to apply")
    FEW_APPLICATIONS = "few_applications", _("Too few applications in a discipline")
    SITE_OUTAGE = "site_outage", _("This site was down or very slow")
    SIGN_IN_OUTAGE = "sign_in_outage", _("Sign-in was not possible")
    FEDERAL_CLOSURE = "federal_closure", _("Federal offices were closed")


OUTAGE_REASONS = (
    ExtensionReason.SITE_OUTAGE,
    ExtensionReason.SIGN_IN_OUTAGE,
    ExtensionReason.FEDERAL_CLOSURE,
)

COHORT = Workflow(
    model="program.Cohort",
    states=CohortStatus,
    initial=("planned",),
    transitions=(
        Transition(
            name="open",
            sources=("planned",),
            target="open",
            label=_("Open for applications"),
            permission="program.open_cohort",
            guards=("program.cohort_offers_disciplines", "program.window_is_now"),
        ),
        Transition(
            name="close",
            sources=("open",),
            target="closed",
            label=_("Close the application window"),
            permission="program.close_cohort",
            guards=("program.window_is_over",),
        ),
        Transition(
            name="reopen",
            sources=("closed",),
            target="open",
            label=_("Reopen after an outage"),
            permission="program.extend_cohort",
            guards=("program.window_is_now",),
            reasons=tuple(OUTAGE_REASONS),
            offered=False,
        ),
        Transition(
            name="start_assessing",
            sources=("closed",),
            target="assessing",
            label=_("Start assessing"),
            permission="program.advance_cohort",
        ),
        Transition(
            name="start_placing",
            sources=("assessing",),
            target="placing",
            label=_("Start placing"),
            permission="program.advance_cohort",
        ),
        Transition(
            name="start_serving",
            sources=("placing",),
            target="serving",
            label=_("Start serving"),
            permission="program.advance_cohort",
        ),
        Transition(
            name="end",
            sources=("serving",),
            target="ended",
            label=_("End the cohort"),
            permission="program.advance_cohort",
        ),
    ),
)
