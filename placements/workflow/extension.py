"""A filer's request for more time for a financial disclosure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class ExtensionStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    GRANTED = "granted", _("Granted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Ended by itself: no answer is needed any more")


EXTENSION = Workflow(
    model="placements.DisclosureExtension",
    states=ExtensionStatus,
    initial=("asked",),
    transitions=(
        Transition(
            name="grant",
            sources=("asked",),
            target="granted",
            label=_("Grant"),
            permission="placements.decide_extension",
            guards=("placements.not_about_oneself", "placements.report_is_still_open"),
            stamp="decided_at",
            offered=False,  # the days and the signature are columns of the same update
        ),
        Transition(
            name="decline",
            sources=("asked",),
            target="declined",
            label=_("Decline"),
            permission="placements.decide_extension",
            guards=("placements.not_about_oneself",),
            stamp="decided_at",
            offered=False,  # the answer and the signature come with it
        ),
        Transition(
            name="withdraw",
            sources=("asked",),
            target="withdrawn",
            label=_("Withdraw"),
            permission="placements.withdraw_extension",
        ),
        Transition(
            name="lapse",
            sources=("asked",),
            target="lapsed",
            label=_("End"),
            permission="placements.lapse_extension",
            guards=("placements.report_is_over",),
            offered=False,  # it comes with what ended the report
        ),
    ),
)
