"""A mailbox at an employer whom the person named ends with the job."""

import re
from typing import Any

from applicants.models import Application

SHORTEST = 3
"""Of a word that says something in a domain: "ge" stands in too many."""


def is_own_employers_domain(user: Any, domain: str) -> bool:
    """`domain` is named after an employer of today in one of the person's applications: "acme.com" or
    "acmerobotics.com" for Acme Robotics."""
    label = domain.rpartition(".")[0].rpartition(".")[2]
    answers = (
        Application.objects.filter(applicant__user=user).order_by("pk").values_list("answers", flat=True)
    )
    return any(label in _labels(name) for given in answers for name in _employers(given))


def _employers(answers: dict[str, Any]) -> list[str]:
    given = answers.get("employers") or {}
    return [str(name) for name in given.get("now", [])] if isinstance(given, dict) else []


def _labels(name: str) -> set[str]:
    """Domains that a company of this name would take."""
    words = re.findall(r"[a-z0-9]+", name.lower())
    joined = {"".join(words[:count]) for count in range(1, len(words) + 1)}
    return {label for label in (*joined, "-".join(words)) if len(label) >= SHORTEST}
