"""What each applicant of the demonstration wrote, and the résumé that came with it."""

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from agencies.models import AgencyParticipation
from applicants.models import Application, Document
from techforce.core.calendar import add_months
from techforce.demo.loading.content import day, read
from techforce.program.models import SkillDiscipline

Answers = dict[str, Any]
SKILLS = 5
FIRST_JOB_MONTHS, SECOND_JOB_MONTHS = 31, 64
STARTS_IN_DAYS = 60


class Writer:
    """Puts the texts of `content/answers.toml` together, other ones for each number."""

    def __init__(self) -> None:
        self.texts = read("answers")
        self.agencies = sorted(
            AgencyParticipation.objects.order_by("pk").values_list("agency__code", flat=True)
        )
        pairs = SkillDiscipline.objects.order_by("skill__code").values_list("discipline__code", "skill__code")
        self.skills: dict[str, list[str]] = {}
        for discipline, skill in pairs:
            self.skills.setdefault(discipline, []).append(skill)

    def answers(self, number: int, track: str, disciplines: Sequence[str]) -> Answers:
        """As the form stores them (applicants.models.answers)."""
        employers = pick_some(self.texts["employers"], number, 2)
        return {
            "experience": self.experience(number, track, disciplines[0], employers),
            "skills": {
                "codes": sorted(
                    {code for name in disciplines for code in pick_some(self.skills[name], number, SKILLS)}
                ),
                "others": [],
            },
            "preferences": self.preferences(number),
            "employers": {
                "now": employers[:1],
                "before": employers[1:] if number % 3 else [],
                "has_none": False,
            },
        }

    def experience(self, number: int, track: str, discipline: str, employers: Sequence[str]) -> Answers:
        texts = self.texts[discipline][track]
        began = add_months(day(0), -FIRST_JOB_MONTHS + number % 12)
        before = add_months(began, -SECOND_JOB_MONTHS + number % 40)
        first, second = pick_some(texts["duties"], number, 2)
        titles = texts["titles"]
        return {
            "jobs": [
                job(pick(titles, number), employers[0], first, began, None),
                job(pick(titles, number // 2 + 1), employers[1], second, before, began),
            ],
            "summary": pick(texts["summaries"], number // 2),
            "education": pick(self.texts["education"], number),
        }

    def preferences(self, number: int) -> Answers:
        return {
            "agencies": sorted(pick_some(self.agencies, number, number % 4)),
            "places": pick(self.texts["places"], number),
            "work_mode": pick(self.texts["work_modes"], number),
            "earliest_start": day(STARTS_IN_DAYS + number % 60).isoformat(),
        }


def job(title: str, employer: str, duties: str, began: datetime.date, ended: datetime.date | None) -> Answers:
    return {
        "title": title,
        "employer": employer,
        "duties": duties,
        "began": f"{began:%Y-%m}",
        "ended": f"{ended:%Y-%m}" if ended else "",
        "is_current": ended is None,
    }


def pick(texts: Sequence[str], number: int) -> str:
    return texts[number % len(texts)]


def pick_some(texts: Sequence[str], number: int, count: int) -> list[str]:
    """`count` of them that follow each other, from another one on for each number."""
    return [texts[(number + step) % len(texts)] for step in range(count)]


def save_resumes(applications: Iterable[Application]) -> None:
    """One text file a person, in quarantine; the bytes are stored once the rows are there for good."""
    documents = []
    for application in applications:
        text = resume_of(application).encode()
        document = Document(
            application=application,
            label=f"{application.applicant.legal_name.replace(' ', '_')}_resume.txt",
            format="txt",
            size=len(text),
            sha256=hashlib.sha256(text).hexdigest(),
            storage_key=uuid.uuid4(),
            created_at=application.submitted_at or application.created_at,
        )
        documents.append(document)
        transaction.on_commit(partial(default_storage.save, document.arrived_name, ContentFile(text)))
    Document.objects.bulk_create(documents)


def resume_of(application: Application) -> str:
    lines = [application.applicant.legal_name, ""]
    for entry in application.answers["experience"]["jobs"]:
        ended = entry["ended"] or "now"
        lines += [f"{entry['title']}, {entry['employer']}, {entry['began']} to {ended}", entry["duties"], ""]
    return "\n".join([*lines, application.answers["experience"]["education"], ""])
