import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from techforce.core.seeding import Seeded, put
from techforce.program import models
from techforce.program.seed import partner_slugs, seed_program

pytestmark = pytest.mark.django_db

ALL = [getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "objects")]


def rows() -> dict[str, list[tuple]]:
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in ALL}


def test_the_first_seeding_fills_every_reference_table() -> None:
    seed_program()

    assert models.Discipline.objects.count() == 5
    assert set(models.VettingTier.objects.values_list("code", flat=True)) == {"L", "M", "NS-S", "H", "NS-TS"}
    assert models.Company.objects.filter(slug__in=partner_slugs()).count() == len(partner_slugs()) == 28
    assert 75 <= models.Skill.objects.count() <= 100
    assert models.OccupationalSeries.objects.get(code="1550").has_positive_education_requirement


def test_the_first_cohort_is_planned_with_its_seats_band_and_term() -> None:
    seed_program()

    cohort = models.Cohort.objects.get()
    assert (cohort.status, cohort.seats, cohort.term_months) == ("planned", 1000, 24)
    assert (cohort.pay_min, cohort.pay_max) == (135_000, 195_000)
    assert cohort.cohort_disciplines.count() == 5


def test_brands_belong_to_the_family_of_their_parent() -> None:
    seed_program()

    google = models.Company.objects.get(slug="google-public-sector")
    aws = models.Company.objects.known_as("aws").get()
    assert set(google.family().values_list("slug", flat=True)) >= {"alphabet", "google", "waymo"}
    assert aws.parent.name == "Amazon"


def test_only_a_sensitive_position_below_special_can_be_waived() -> None:
    seed_program()

    waivable = models.Sensitivity.objects.filter(is_waiver_possible=True).values_list("code", flat=True)
    assert set(waivable) == {"noncritical", "critical"}


def test_no_word_names_two_skills() -> None:
    seed_program()

    skills = {name.lower() for name in models.Skill.objects.values_list("name", flat=True)}
    synonyms = {text.lower() for text in models.SkillSynonym.objects.values_list("text", flat=True)}
    assert not skills & synonyms


def test_no_word_names_two_companies() -> None:
    seed_program()

    companies = {name.lower() for name in models.Company.objects.values_list("name", flat=True)}
    aliases = {name.lower() for name in models.CompanyAlias.objects.values_list("name", flat=True)}
    assert not companies & aliases


def test_seeding_twice_changes_and_writes_nothing() -> None:
    seed_program()
    before = rows()

    with CaptureQueriesContext(connection) as queries:
        seeded = seed_program()

    assert rows() == before
    assert str(seeded) == "nothing to change"
    assert not [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_text_that_differs_from_the_file_is_carried_over() -> None:
    seed_program()
    models.Discipline.objects.filter(code="ai").update(name="Robots")
    models.Company.objects.filter(slug="box").update(name="Crate")

    seeded = seed_program()

    assert models.Discipline.objects.get(code="ai").name == "Artificial intelligence"
    assert models.Company.objects.get(slug="box").version == 2
    assert seeded.updated == {"Discipline": 1, "Company": 1}


def test_what_staff_decided_survives_seeding() -> None:
    seed_program()
    models.Skill.objects.filter(code="go").update(is_active=False)
    models.Company.objects.filter(slug="slack").update(parent=None)
    models.Cohort.objects.update(seats=1200)

    seed_program()

    assert not models.Skill.objects.get(code="go").is_active
    assert models.Company.objects.get(slug="slack").parent is None
    assert models.Cohort.objects.get().seats == 1200


def test_a_new_row_takes_its_initial_values_and_an_old_one_keeps_its_own() -> None:
    key, initial = {"code": "quantum"}, {"is_active": False}
    put(Seeded(), models.Discipline, key, {"name": "Quantum", "description": "New", "rank": 9}, initial)
    models.Discipline.objects.filter(code="quantum").update(is_active=True)

    row = put(Seeded(), models.Discipline, key, {"rank": 8}, initial)

    assert row.is_active
    assert row.rank == 8


def test_the_command_says_what_it_did() -> None:
    out = StringIO()

    call_command("seed", stdout=out)
    call_command("seed", stdout=out)

    lines = [line for line in out.getvalue().splitlines() if line.startswith("program:")]
    assert "5 Discipline made" in lines[0]
    assert lines[1] == "program: nothing to change"


def test_work_roles_are_roles_of_the_framework(shared_data: Path) -> None:
    with (shared_data / "skills" / "dcwf_nice_work_roles.csv").open(encoding="utf-8") as file:
        known = {row["opm_code"] for row in csv.DictReader(file)}
    seed_program()

    assert set(models.Skill.objects.values_list("work_role", flat=True)) <= known


def test_series_are_in_force(shared_data: Path) -> None:
    with (shared_data / "codelists" / "occupationalseries.csv").open(encoding="utf-8") as file:
        known = {row["Code"] for row in csv.DictReader(file) if row["IsDisabled"] == "No"}
    seed_program()

    assert set(models.OccupationalSeries.objects.values_list("code", flat=True)) <= known
