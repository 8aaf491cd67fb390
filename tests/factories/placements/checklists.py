"""Templates, checklists and their steps."""

import datetime
from typing import Any

import factory
import pgtrigger
from django.utils import timezone

from placements import models
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.placements.selecting import AcceptedFirmOfferFactory
from tests.factories.placements.serving import PlacementFactory
from tests.factories.program import VettingTierFactory


class ChecklistTemplateFactory(factory.django.DjangoModelFactory):
    """An ethics template without steps, in use for people from outside."""

    class Meta:
        model = models.ChecklistTemplate
        django_get_or_create = ("kind", "tier")

    kind = "outside"
    tier = None
    status = "published"
    effective_on = datetime.date(2026, 1, 1)
    published_at = factory.LazyFunction(timezone.now)
    digest = "0" * 64


class DraftTemplateFactory(ChecklistTemplateFactory):
    """Which staff still edit."""

    status = "draft"
    published_at = None


class ChecklistTemplateStepFactory(factory.django.DjangoModelFactory):
    """Of a template that may be in use already, past the trigger that keeps its steps as they were published."""

    class Meta:
        model = models.ChecklistTemplateStep
        django_get_or_create = ("template", "code")

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with pgtrigger.ignore("placements.ChecklistTemplateStep:published_steps_stay"):
            return super()._create(model_class, *args, **kwargs)

    template = factory.SubFactory(ChecklistTemplateFactory)
    position = 1
    code = "C02"
    title = "Short questions"
    owner_role = "candidate"
    recorder_role = "ethics_official"
    gate = "firm_offer"
    outcomes = factory.LazyFunction(lambda: ["recorded"])
    accepted_outcomes = factory.LazyFunction(lambda: ["recorded"])


def rewrite_step(step: models.ChecklistTemplateStep, **columns: Any) -> None:
    """Past the trigger too: the step says something else than when it was published."""
    with pgtrigger.ignore("placements.ChecklistTemplateStep:published_steps_stay"):
        models.ChecklistTemplateStep.objects.filter(pk=step.pk).update(**columns)


class ChecklistFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Checklist

    placement = factory.SubFactory(PlacementFactory)
    template = factory.SubFactory(ChecklistTemplateFactory)
    area = "ethics"


class ChecklistItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ChecklistItem

    checklist = factory.SubFactory(ChecklistFactory)
    step = factory.SubFactory(
        ChecklistTemplateStepFactory, template=factory.SelfAttribute("..checklist.template")
    )
    code = factory.SelfAttribute("step.code")
    gate = factory.SelfAttribute("step.gate")
    alternatives = factory.SelfAttribute("step.alternatives")
    accepted_outcomes = factory.SelfAttribute("step.accepted_outcomes")
    owner_role = factory.SelfAttribute("step.owner_role")
    recorder_role = factory.SelfAttribute("step.recorder_role")


class DoneItemFactory(ChecklistItemFactory):
    status = "done"
    outcome = "recorded"
    effective_on = factory.LazyFunction(today)
    recorded_at = factory.LazyFunction(timezone.now)
    recorded_by = factory.SubFactory(UserFactory)


def checked_placement(placement: Any = None, *, is_firm: bool = True, **fields: Any) -> models.Placement:
    """A placement with both checklists, each with one step that is done: every gate is open. Its firm offer is
    accepted, unless that is what the test is about."""
    placement = placement or PlacementFactory(**fields)
    if placement.selection_id and is_firm:
        AcceptedFirmOfferFactory(selection=placement.selection)
    vetting = ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    for area, template, code in (("vetting", vetting, "V12"), ("ethics", ChecklistTemplateFactory(), "C02")):
        checklist = ChecklistFactory(placement=placement, template=template, area=area)
        DoneItemFactory(checklist=checklist, step__code=code)
    return placement  # type: ignore[no-any-return]
