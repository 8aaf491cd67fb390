"""An edition of the public numbers: read by the agencies first, then by everybody."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class EditionStatus(models.TextChoices):
    PREVIEW = "preview", _("Agencies read it")
    PUBLISHED = "published", _("Published")


EDITION = Workflow(
    model="placements.NumbersEdition",
    states=EditionStatus,
    initial=("preview",),
    transitions=(
        Transition(
            name="publish",
            sources=("preview",),
            target="published",
            label=_("Publish"),
            permission="placements.publish_numbersedition",
            guards=("placements.edition_is_due",),
            stamp="published_at",
            offered=False,  # its day comes by itself
        ),
    ),
)
