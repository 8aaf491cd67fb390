"""The steps of the application form: what each holds, and how it reads.

A step's state is plain data: the form shows it, a save compares and stores it, the review page, the merge page and
whoever reads a snapshot put it into words. `Application.answers` holds the steps of `models.answers`; the others lie
in columns.
"""

import datetime
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from agencies.models import Agency
from applicants.models import Application, VeteransPreference
from applicants.models.answers import UNANSWERED, WorkMode, answered
from applicants.services.gaps import current_resume, newest_resume
from techforce.core.privacy.readable import read_as
from techforce.program.models import Discipline, Skill
from techforce.program.workflow import Track

State = dict[str, Any]
Text = str | Promise

CONTACT_FIELDS = ("legal_name", "preferred_name", "phone", "city", "state")


@dataclass(frozen=True)
class Step:
    """One page of the form. `columns` of the application hold its answers, unless they lie in `answers`."""

    slug: str
    title: Text
    columns: tuple[str, ...] = ()


STEPS = (
    Step("eligibility", gettext_lazy("Eligibility"), ("is_us_citizen", "is_adult")),
    Step("contact", gettext_lazy("Contact")),
    Step("disciplines", gettext_lazy("Track and disciplines"), ("track",)),
    Step("experience", pgettext_lazy("of a person", "Experience")),
    Step("resume", gettext_lazy("Résumé")),
    Step("skills", gettext_lazy("Skills")),
    Step("preferences", gettext_lazy("Preferences")),
    Step("employers", gettext_lazy("Employers")),
    Step("consent", gettext_lazy("Consent"), ("is_shareable", "is_shareable_later")),
    Step(
        "support",
        gettext_lazy("Preference and accommodation"),
        ("veterans_preference", "has_accommodation_request"),
    ),
)
STEP_OF = {step.slug: step for step in STEPS}
OF_WORK = ("disciplines", "experience", "skills", "preferences", "employers")
"""The steps that speak of the person's work."""


@dataclass(frozen=True)
class Line:
    """One answer in words; `key` is its place in the state."""

    key: str
    label: Text
    value: str


@dataclass(frozen=True)
class Section:
    step: Step
    lines: list[Line]

    @property
    def rows(self) -> list[dict[str, Text]]:
        """For the component `summary_list`."""
        return [{"label": line.label, "value": line.value} for line in self.lines]


# ── What is saved ─────────────────────────────────────────────────────────────────────────────────
def state_of(application: Application, slug: str) -> State:
    """What is saved for a step, as plain data."""
    if slug in UNANSWERED:
        return answered(application.answers, slug)
    if slug == "contact":
        return {name: getattr(application.applicant, name) for name in CONTACT_FIELDS}
    if slug == "resume":
        resume, newest = current_resume(application), newest_resume(application)
        return {"resume": resume.label if resume else "", "newest": str(newest.public_id) if newest else ""}
    state = {name: getattr(application, name) for name in STEP_OF[slug].columns}
    if slug == "disciplines":
        chosen = application.choices.order_by("rank").values_list("discipline__code", flat=True)
        state["disciplines"] = list(chosen)
    return state


def digest(state: State) -> str:
    """A short name of a state: a form carries the one that it showed, so that a save notices another."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


# ── In words ──────────────────────────────────────────────────────────────────────────────────────
def sections_of(application: Application, slugs: tuple[str, ...] = tuple(STEP_OF)) -> list[Section]:
    """What the form holds now: the whole of it for its author."""
    return [Section(STEP_OF[slug], describe(slug, state_of(application, slug))) for slug in slugs]


def read_snapshot(content: dict[str, Any], slugs: tuple[str, ...] | None = None) -> list[Section]:
    """What was submitted, for those who may read it: by default what speaks of the person's work. No contact."""
    return [Section(STEP_OF[slug], describe(slug, _state_in(content, slug))) for slug in slugs or OF_WORK]


def _given(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What was submitted, for whoever did."""
    steps = tuple(slug for slug in (*UNANSWERED, "eligibility", "disciplines") if slug in STEP_OF)
    lines = _flat(read_snapshot(content, steps))
    claim = _label(VeteransPreference, content.get("veterans_preference", ""))
    return [*lines, (_("Veterans’ preference"), claim)]


def _answers(saved: dict[str, Any]) -> list[tuple[str, str]]:
    return _flat(read_snapshot({"answers": saved}, tuple(slug for slug in UNANSWERED if slug in STEP_OF)))


def _flat(sections: list[Section]) -> list[tuple[str, str]]:
    """Each line under the name of its step."""
    return [
        (f"{section.step.title}: {line.label}", line.value) for section in sections for line in section.lines
    ]


def _state_in(content: dict[str, Any], slug: str) -> State:
    if slug in UNANSWERED:
        return answered(content.get("answers") or {}, slug)
    columns = {name: content.get(name) for name in STEP_OF[slug].columns}
    return columns | ({"disciplines": content.get("disciplines", [])} if slug == "disciplines" else {})


def describe(slug: str, state: State) -> list[Line]:
    """The state of a step as labelled lines; an empty value was not answered."""
    return _IN_WORDS[slug](state)


def _eligibility(state: State) -> list[Line]:
    return [
        Line("is_us_citizen", _("U.S. citizen"), _yes_or_no(state["is_us_citizen"])),
        Line("is_adult", _("18 or older"), _yes_or_no(state["is_adult"])),
    ]


def _contact(state: State) -> list[Line]:
    labels = (_("Legal name"), _("Preferred name"), _("Telephone"), _("City"), _("State"))
    return [Line(key, label, state[key]) for key, label in zip(CONTACT_FIELDS, labels, strict=True)]


def _disciplines(state: State) -> list[Line]:
    names = dict(Discipline.objects.filter(code__in=state["disciplines"]).values_list("code", "name"))
    chosen = ", ".join(names.get(code, code) for code in state["disciplines"])
    return [
        Line("track", _("Track"), _label(Track, state["track"])),
        Line("disciplines", _("Disciplines, first choice first"), chosen),
    ]


def _experience(state: State) -> list[Line]:
    jobs = [
        Line("jobs", _("Job %(number)s") % {"number": number}, _job(job))
        for number, job in enumerate(state["jobs"], start=1)
    ]
    return [
        *(jobs or [Line("jobs", _("Jobs"), "")]),
        Line("summary", _("In your own words"), state["summary"]),
        Line("education", _("Education"), state["education"]),
    ]


def _job(job: State) -> str:
    place = ", ".join(filter(None, [job.get("title"), job.get("employer")]))
    ended = _("now") if job.get("is_current") else _month(job.get("ended", ""))
    dates = " – ".join(filter(None, [_month(job.get("began", "")), ended]))
    head = f"{place} ({dates})" if dates else place
    return "\n".join(filter(None, [head, job.get("duties")]))


def _month(text: str) -> str:
    """ "2021-04" as "April 2021"."""
    return format_date(datetime.date.fromisoformat(f"{text}-01"), "F Y") if text else ""


def _resume(state: State) -> list[Line]:
    return [Line("resume", _("Résumé"), state["resume"])]


def _skills(state: State) -> list[Line]:
    names = Skill.objects.filter(code__in=state["codes"]).order_by("name").values_list("name", flat=True)
    return [
        Line("codes", _("Skills"), ", ".join(names)),
        Line("others", _("Other skills"), ", ".join(state["others"])),
    ]


def _preferences(state: State) -> list[Line]:
    agencies = Agency.objects.filter(code__in=state["agencies"]).order_by("name")
    start = state["earliest_start"]
    return [
        Line("agencies", _("Agencies"), ", ".join(map(str, agencies)) if state["agencies"] else ""),
        Line("places", _("Places"), state["places"]),
        Line("work_mode", _("Where you want to work"), _label(WorkMode, state["work_mode"])),
        Line("earliest_start", _("Earliest start"), _day(start)),
    ]


def _day(text: str) -> str:
    return format_date(datetime.date.fromisoformat(text), "F j, Y") if text else ""


def _employers(state: State) -> list[Line]:
    none = _("No employer") if state["has_none"] else ""
    return [
        Line("now", _("Employers now"), ", ".join(state["now"]) or none),
        Line("before", _("Other employers in the last 12 months"), ", ".join(state["before"]) or none),
    ]


def _consent(state: State) -> list[Line]:
    return [
        Line("is_shareable", _("Agencies of this cohort may see it"), _agreed(state["is_shareable"])),
        Line("is_shareable_later", _("Later cohorts may consider it"), _agreed(state["is_shareable_later"])),
    ]


def _support(state: State) -> list[Line]:
    asks = _("Asked for") if state["has_accommodation_request"] else _("Not asked for")
    claim = _label(VeteransPreference, state["veterans_preference"])
    return [
        Line("veterans_preference", _("Veterans’ preference"), claim),
        Line("has_accommodation_request", _("Accommodation"), asks),
    ]


def _yes_or_no(answer: bool | None) -> str:
    return "" if answer is None else (_("Yes") if answer else _("No"))


def _agreed(is_given: bool) -> str:
    return _("Agreed") if is_given else _("Not agreed")


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else ""


_IN_WORDS: dict[str, Callable[[State], list[Line]]] = {
    "eligibility": _eligibility,
    "contact": _contact,
    "disciplines": _disciplines,
    "experience": _experience,
    "resume": _resume,
    "skills": _skills,
    "preferences": _preferences,
    "employers": _employers,
    "consent": _consent,
    "support": _support,
}

read_as("applications", "answers", _answers)
read_as("submissions", "content", _given)
