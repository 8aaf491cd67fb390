"""Cohorts, companies and reference rows: dull and valid."""

import datetime

import factory
from django.utils import timezone

from techforce.program import models
from tests.factories.accounts import UserFactory


class DisciplineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Discipline
        django_get_or_create = ("code",)

    code = "software"
    name = factory.LazyAttribute(lambda row: row.code.replace("-", " ").title())
    description = "Builds things that people use."
    rank = 1


class OccupationalSeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.OccupationalSeries
        django_get_or_create = ("code",)

    code = "2210"
    title = "Information Technology Management"


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Questionnaire
        django_get_or_create = ("code",)

    code = "sf-85p"
    name = factory.LazyAttribute(lambda row: row.code.upper())
    rank = 1


class SensitivityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Sensitivity
        django_get_or_create = ("code",)

    code = "nonsensitive"
    name = factory.LazyAttribute(lambda row: row.code.title())
    rank = 1
    is_waiver_possible = factory.LazyAttribute(lambda row: row.code in ("noncritical", "critical"))


class VettingTierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.VettingTier
        django_get_or_create = ("code",)

    code = "M"
    name = factory.LazyAttribute(lambda row: f"Tier {row.code}")
    rank = 1
    legacy_name = "Tier 2"
    trusted_workforce_name = "Moderate"
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    is_national_security = factory.LazyAttribute(lambda row: row.code.startswith("NS"))


class SkillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Skill
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"skill-{n}")
    name = factory.LazyAttribute(lambda row: row.code.replace("-", " ").title())
    description = "Does something well."


class SkillDisciplineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.SkillDiscipline

    skill = factory.SubFactory(SkillFactory)
    discipline = factory.SubFactory(DisciplineFactory)


class SkillSynonymFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.SkillSynonym

    skill = factory.SubFactory(SkillFactory)
    text = factory.Sequence(lambda n: f"Synonym {n}")


class CompanyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Company

    name = factory.Sequence(lambda n: f"Company {n}")
    slug = factory.LazyAttribute(lambda row: row.name.lower().replace(" ", "-"))


class CompanyAliasFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CompanyAlias

    company = factory.SubFactory(CompanyFactory)
    name = factory.Sequence(lambda n: f"Alias {n}")


class RecruitingChannelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.RecruitingChannel
        django_get_or_create = ("code",)

    code = "news"
    name = factory.LazyAttribute(lambda row: row.code.title())
    kind = models.ChannelKind.NEWS


class CohortFactory(factory.django.DjangoModelFactory):
    """A planned cohort whose window began yesterday and lasts a month. `status="open"` makes it open."""

    class Meta:
        model = models.Cohort

    slug = factory.Sequence(lambda n: f"cohort-{n}")
    name = factory.LazyAttribute(lambda row: row.slug.replace("-", " ").title())
    opens_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))
    closes_at = factory.LazyAttribute(lambda row: row.opens_at + datetime.timedelta(days=31))
    seats = 1000
    pay_min = 135_000
    pay_max = 195_000


class CohortDisciplineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CohortDiscipline
        django_get_or_create = ("cohort", "discipline")

    cohort = factory.SubFactory(CohortFactory)
    discipline = factory.SubFactory(DisciplineFactory)


class WindowExtensionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.WindowExtension

    cohort = factory.SubFactory(CohortFactory)
    kind = "planned"
    reason_code = "more_time"
    old_closes_at = factory.SelfAttribute("cohort.closes_at")
    new_closes_at = factory.LazyAttribute(lambda row: row.old_closes_at + datetime.timedelta(days=7))
    by = factory.SubFactory(UserFactory)


class TrackDefinitionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrackDefinition

    track = "early_career"
    effective_on = datetime.date(2025, 12, 15)
    text = "People who build, at the beginning of their career."
    authority = "Announcement"


def past_window(**fields: object) -> models.Cohort:
    """An open cohort whose deadline passed an hour ago."""
    now = timezone.now()
    window = {"opens_at": now - datetime.timedelta(days=30), "closes_at": now - datetime.timedelta(hours=1)}
    return CohortFactory(**{"status": "open", **window, **fields})
