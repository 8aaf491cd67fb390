"""One version of a checklist template: edited as a draft, in force while published."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class TemplateStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("In use")
    RETIRED = "retired", _("Retired")
    DISCARDED = "discarded", _("Discarded")


TEMPLATE = Workflow(
    model="placements.ChecklistTemplate",
    states=TemplateStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="publish",
            sources=("draft",),
            target="published",
            label=_("Publish"),
            permission="placements.publish_checklisttemplate",
            guards=("placements.template_is_sound",),
            stamp="published_at",
            offered=False,  # the version in use is retired with it
        ),
        Transition(
            name="retire",
            sources=("published",),
            target="retired",
            label=_("Retire"),
            permission="placements.publish_checklisttemplate",
            offered=False,  # the day comes with it
        ),
        Transition(
            name="discard",
            sources=("draft",),
            target="discarded",
            label=_("Discard the draft"),
            permission="placements.change_checklisttemplate",
        ),
    ),
)
