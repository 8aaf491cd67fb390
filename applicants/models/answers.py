"""The words of the application form's own choices, and what each step holds before it is answered."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkMode(models.TextChoices):
    ANY = "any", _("Any of these")
    ON_SITE = "on_site", _("In an office")
    HYBRID = "hybrid", _("Partly in an office")
    REMOTE = "remote", _("Remote only")


# Steps whose answers lie in `Application.answers`, by the step's name.
UNANSWERED: dict[str, dict[str, Any]] = {
    "experience": {"jobs": [], "summary": "", "education": ""},
    "skills": {"codes": [], "others": []},
    "preferences": {"agencies": [], "places": "", "work_mode": "", "earliest_start": ""},
    "employers": {"now": [], "before": [], "has_none": False},
}


def answered(answers: dict[str, Any], step: str) -> dict[str, Any]:
    """What `answers` say about a step, with every key in it. A text alone is a summary in the person's words."""
    given = answers.get(step) or {}
    if not isinstance(given, dict):
        given = {"summary": str(given)}
    return {key: given.get(key, empty) for key, empty in UNANSWERED[step].items()}
