"""The conflict screen and what the ethics office signs."""

import factory

from placements import models
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.placements.checklists import ChecklistItemFactory
from tests.factories.placements.selecting import SelectionFactory
from tests.factories.placements.serving import PlacementFactory
from tests.factories.program import CompanyFactory


class DeterminationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Determination

    selection = factory.SubFactory(SelectionFactory)
    proposed_result = models.ConflictResult.REVIEW


class EthicsWaiverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EthicsWaiver

    selection = factory.SubFactory(SelectionFactory)
    company = factory.SubFactory(CompanyFactory)
    authority = "208_b1"
    scope = "All matters but procurement."
    issued_by = "Deputy Secretary"
    issued_on = factory.LazyFunction(today)
    document_reference = "EW-1"


class EthicsAnswersFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.EthicsAnswers

    placement = factory.SubFactory(PlacementFactory)
    answered_by = factory.SelfAttribute("placement.applicant.user")
    had_other_employer = False
    has_spouse_at_work = False
    holds_much_stock = False
    holds_private_equity = False
    keeps_outside_work = False
    has_future_job = False


class DisclosureExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DisclosureExtension

    item = factory.SubFactory(ChecklistItemFactory)
    form = "oge_450"
    days_asked = 30
    reason = "A statement of a broker is late."
    asked_by = factory.SelfAttribute("item.checklist.placement.applicant.user")
    old_due_on = factory.LazyFunction(today)


class RecusalStatementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.RecusalStatement

    placement = factory.SubFactory(PlacementFactory)
    company = factory.SubFactory(CompanyFactory)
    scope = "All party matters."
    signed_on = factory.LazyFunction(today)


class ScreeningArrangementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ScreeningArrangement

    placement = factory.SubFactory(PlacementFactory)
    gatekeeper = factory.SubFactory(UserFactory)
    signed_on = factory.LazyFunction(today)


class DivestitureCertificateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DivestitureCertificate

    placement = factory.SubFactory(PlacementFactory)
    company = factory.SubFactory(CompanyFactory)
    requested_on = factory.LazyFunction(today)
