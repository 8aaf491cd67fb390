"""The determination of a possible conflict of interest: proposed by a rule, signed by an ethics official."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class DeterminationStatus(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    SIGNED = "signed", _("Signed")
    SUPERSEDED = "superseded", _("Superseded")


DETERMINATION = Workflow(
    model="placements.Determination",
    states=DeterminationStatus,
    initial=("proposed",),
    transitions=(
        Transition(
            name="sign",
            sources=("proposed",),
            target="signed",
            label=_("Sign"),
            permission="placements.sign_determination",
            guards=("placements.not_about_oneself",),
            stamp="signed_at",
            offered=False,  # the result and the signature are columns of the same update
        ),
        Transition(
            name="supersede",
            sources=("proposed", "signed"),
            target="superseded",
            label=_("Supersede"),
            permission="placements.supersede_determination",
            guards=("placements.not_about_oneself",),
            reasons=(
                "fact_corrected",
                "duties_changed",
                "office_changed",
                "template_switched",
                "waiver_issued",
            ),
            stamp="superseded_at",
            offered=False,
        ),
    ),
)
