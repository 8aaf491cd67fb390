import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DataError, IntegrityError, transaction

from techforce.accounts.models import OpmRole
from techforce.program import models
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.program import (
    DisciplineFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    SkillFactory,
    VettingTierFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["343", "22100", "22A0", "٢٢١٠"])
def test_a_series_has_four_digits(code: str) -> None:
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        OccupationalSeriesFactory(code=code)


def test_a_special_sensitive_position_is_never_waived() -> None:
    with pytest.raises(IntegrityError, match="special_sensitive_is_never_waived"), transaction.atomic():
        SensitivityFactory(code="special", is_waiver_possible=True)


def test_a_clearance_needs_a_sensitive_position() -> None:
    with pytest.raises(IntegrityError, match="tier_clearance_needs_sensitivity"), transaction.atomic():
        VettingTierFactory(code="M", clearance="secret", is_national_security=False)


@pytest.mark.parametrize("work_role", ["62", "62a"])
def test_a_work_role_is_three_digits_or_nothing(work_role: str) -> None:
    with pytest.raises(IntegrityError, match="skill_work_role_digits"), transaction.atomic():
        SkillFactory(work_role=work_role)


def test_a_skill_is_found_by_its_synonym_in_any_case() -> None:
    skill = SkillFactory(name="Go")
    models.SkillSynonym.objects.create(skill=skill, text="Golang")

    assert list(models.Skill.objects.known_as("golang ")) == [skill]
    assert list(models.Skill.objects.known_as("GO")) == [skill]


def test_a_synonym_means_one_skill() -> None:
    models.SkillSynonym.objects.create(skill=SkillFactory(), text="ML")

    with pytest.raises(IntegrityError), transaction.atomic():
        models.SkillSynonym.objects.create(skill=SkillFactory(), text="ml")


def test_a_retired_row_is_no_longer_offered_and_still_there() -> None:
    kept = DisciplineFactory(code="ai")
    retired = DisciplineFactory(code="blockchain", is_active=False)

    assert list(models.Discipline.objects.offered()) == [kept]
    assert retired in models.Discipline.objects.visible_to(AnonymousUser())


def test_everybody_reads_and_the_program_office_writes() -> None:
    discipline = DisciplineFactory()
    keeper, reviewer, applicant = opm_staff(OpmRole.ADMINISTRATOR), opm_staff(OpmRole.REVIEWER), UserFactory()

    for reader in (keeper, reviewer, applicant, AnonymousUser()):
        assert reader.has_perm("program.view_discipline", discipline)
    assert keeper.has_perm("program.change_discipline", discipline)
    for stranger in (reviewer, applicant, AnonymousUser()):
        assert not stranger.has_perm("program.change_discipline", discipline)
