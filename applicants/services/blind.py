"""What a rater reads: structured answers of the frozen snapshot, without whatever says who it is.

No name, address, file, employer or citizenship is handed over; in free text they are replaced. What is not listed
here is not shown.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, Snapshot
from applicants.services.answers import Section, read_snapshot

READ_BY_RATERS = ("disciplines", "experience", "skills")
JOB_PARTS = ("title", "began", "ended", "is_current", "duties")
SHORTEST_NAME = 3
"""Shorter parts of a name are also ordinary words."""

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
LINK = re.compile(
    r"\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|dev|edu|gov)\b(?:/\S*)?", re.I
)
NUMBER = re.compile(
    r"(?<!\w)\+?\d?[\s.(-]*\d{3}[\s.)-]*\d{3}[\s.-]*\d{4}(?!\w)|(?<!\w)\d{3}-\d{2}-\d{4}(?!\w)"
)


def blind_sections(application: Application) -> list[Section]:
    """The latest snapshot, in words."""
    snapshot = application.snapshots.order_by("-sequence").first()
    return read_snapshot(blinded(snapshot), READ_BY_RATERS) if snapshot else []


def blinded(snapshot: Snapshot) -> dict[str, Any]:
    """The content of a snapshot as far as a rater may know it."""
    content = snapshot.content
    answers = content.get("answers") or {}
    hidden = _words_to_hide(snapshot, answers)
    experience = _as_step(answers.get("experience"))
    jobs = [{key: job[key] for key in JOB_PARTS if key in job} for job in experience.get("jobs") or []]
    shown = {
        "experience": {**experience, "jobs": jobs},
        "skills": answers.get("skills") or {},
    }
    return {
        "track": content.get("track", ""),
        "disciplines": content.get("disciplines", []),
        "answers": _redact(shown, hidden),
    }


def _as_step(answer: Any) -> dict[str, Any]:
    return answer if isinstance(answer, dict) else {"summary": str(answer or "")}


def _words_to_hide(snapshot: Snapshot, answers: dict[str, Any]) -> re.Pattern[str] | None:
    """The person's names, and every employer that they name anywhere."""
    applicant = snapshot.application.applicant
    names = (snapshot.content.get("name", ""), applicant.legal_name, applicant.preferred_name)
    parts = {part for name in names for part in re.split(r"[\s\-,.]+", name) if len(part) >= SHORTEST_NAME}
    employers = _as_step(answers.get("employers"))
    jobs = _as_step(answers.get("experience")).get("jobs") or []
    named = [*(employers.get("now") or []), *(employers.get("before") or [])]
    named += [job.get("employer", "") for job in jobs]
    return _any_of({*parts, *(name.strip() for name in named)})


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """The longest first, so that nothing of a company's name stays behind."""
    found = sorted((word for word in words if word), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, found))})(?!\w)", re.I) if found else None


def _redact(value: Any, hidden: re.Pattern[str] | None) -> Any:
    if isinstance(value, str):
        return redacted(value, hidden)
    if isinstance(value, dict):
        return {key: _redact(part, hidden) for key, part in value.items()}
    return [_redact(part, hidden) for part in value] if isinstance(value, list) else value


def redacted(text: str, hidden: re.Pattern[str] | None) -> str:
    """The text with addresses, links, telephone numbers and the hidden words replaced."""
    for pattern in (ADDRESS, LINK, NUMBER, hidden):
        if pattern is not None:
            text = pattern.sub(_("[removed]"), text)
    return text
