"""Load the files beside this one. They name rows by their codes; a text that changed there is carried over,
while what staff decide in the admin (retired rows, moved parents, the cohort) stays as they left it.
"""

import csv
import datetime
import tomllib
from pathlib import Path
from typing import Any

from techforce.core.calendar import EASTERN, today
from techforce.core.seeding import Seeded, put
from techforce.program.models import (
    ChannelKind,
    Cohort,
    CohortDiscipline,
    Company,
    CompanyAlias,
    Discipline,
    OccupationalSeries,
    Questionnaire,
    RecruitingChannel,
    Sensitivity,
    Skill,
    SkillDiscipline,
    SkillSynonym,
    TrackDefinition,
    VettingTier,
)

HERE = Path(__file__).parent
WINDOW_DAYS = 45


def seed_program() -> Seeded:
    """Disciplines, series, tiers, skills, companies, channels and the first cohort."""
    seeded = Seeded()
    reference = _toml("reference.toml")
    _seed_ranked(seeded, Discipline, reference["disciplines"])
    _seed_ranked(seeded, Questionnaire, reference["questionnaires"])
    _seed_ranked(seeded, Sensitivity, reference["sensitivities"])
    _seed_tiers(seeded, reference["tiers"])
    _seed_series(seeded)
    _seed_skills(seeded)
    _seed_companies(seeded)
    _seed_channels(seeded, reference["channels"])
    _seed_first_cohort(seeded)
    _seed_tracks(seeded, reference["tracks"])
    return seeded


def partner_slugs() -> list[str]:
    """The companies that announced first that they take part."""
    return [entry["slug"] for entry in _toml("companies.toml")["companies"] if entry.get("is_partner")]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _csv(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _seed_ranked(seeded: Seeded, model: Any, entries: list[dict[str, Any]]) -> None:
    for rank, entry in enumerate(entries, start=1):
        texts = {name: value for name, value in entry.items() if name not in ("code", "is_active")}
        initial = {"is_active": entry["is_active"]} if "is_active" in entry else {}
        put(seeded, model, {"code": entry["code"]}, {"rank": rank, **texts}, initial)


def _seed_tiers(seeded: Seeded, entries: list[dict[str, Any]]) -> None:
    forms = {form.code: form for form in Questionnaire.objects.all()}
    _seed_ranked(
        seeded, VettingTier, [{**entry, "questionnaire": forms[entry["questionnaire"]]} for entry in entries]
    )


def _seed_series(seeded: Seeded) -> None:
    for row in _csv("series.csv"):
        required = row["has_positive_education_requirement"] == "yes"
        values = {"title": row["title"], "has_positive_education_requirement": required}
        put(seeded, OccupationalSeries, {"code": row["code"]}, values)


def _seed_skills(seeded: Seeded) -> None:
    disciplines = {discipline.code: discipline for discipline in Discipline.objects.all()}
    for row in _csv("skills.csv"):
        values = {name: row[name] for name in ("name", "description", "work_role")}
        skill = put(seeded, Skill, {"code": row["code"]}, values)
        for code in row["disciplines"].split(";"):
            put(seeded, SkillDiscipline, {"skill": skill, "discipline": disciplines[code]})
        for text in row["synonyms"].split(";"):
            put(seeded, SkillSynonym, {"skill": skill, "text": text})


def _seed_companies(seeded: Seeded) -> None:
    companies: dict[str, Company] = {}
    for entry in _toml("companies.toml")["companies"]:
        initial = {"parent": companies.get(entry.get("parent", ""))}
        company = put(seeded, Company, {"slug": entry["slug"]}, {"name": entry["name"]}, initial)
        companies[entry["slug"]] = company
        for alias in entry.get("aliases", []):
            put(seeded, CompanyAlias, {"company": company, "name": alias})


def _seed_channels(seeded: Seeded, entries: list[dict[str, Any]]) -> None:
    for entry in entries:
        put(
            seeded, RecruitingChannel, {"code": entry["code"]}, {"name": entry["name"], "kind": entry["kind"]}
        )
    for company in Company.objects.filter(slug__in=partner_slugs()):
        values = {
            "name": f"{company.name}, a partner company",
            "kind": ChannelKind.PARTNER,
            "company": company,
        }
        put(seeded, RecruitingChannel, {"code": f"partner-{company.slug}"[:40]}, values)


def _seed_tracks(seeded: Seeded, entries: list[dict[str, Any]]) -> None:
    """Never changed once made: a new meaning is a new entry with a later date."""
    for entry in entries:
        key = {"track": entry["track"], "effective_on": entry["effective_on"], "cohort": None}
        put(seeded, TrackDefinition, key, initial={name: entry[name] for name in ("text", "authority")})


def _seed_first_cohort(seeded: Seeded) -> None:
    """1,000 seats, $135,000 to $195,000, two years. It is planned: someone at OPM opens it."""
    if Cohort.objects.exists():
        return
    start = today()
    cohort = put(
        seeded,
        Cohort,
        {"slug": "cohort-1"},
        initial={
            "name": "Cohort 1",
            "opens_at": datetime.datetime.combine(start, datetime.time(), tzinfo=EASTERN),
            # The last second of the day, so that the deadline reads "11:59 p.m."
            "closes_at": datetime.datetime.combine(
                start + datetime.timedelta(days=WINDOW_DAYS), datetime.time(23, 59, 59), tzinfo=EASTERN
            ),
            "seats": 1000,
            "pay_min": 135_000,
            "pay_max": 195_000,
            "term_months": 24,
        },
    )
    for discipline in Discipline.objects.all():
        put(seeded, CohortDiscipline, {"cohort": cohort, "discipline": discipline})
