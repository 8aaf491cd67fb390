"""A résumé made from the answers, for whoever has no file at hand, for example on a phone."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from applicants.models import Application, Document
from applicants.services.answers import Line, describe, state_of
from applicants.services.uploads import receive_resume
from techforce.core import pdf
from techforce.core.errors import Refused

TEMPLATE = "apply/resume_pdf.html"


@dataclass(frozen=True)
class Part:
    """A heading and what stands below it, in the person's own words."""

    heading: str
    entries: list[str]


@dataclass(frozen=True)
class MadeResume:
    name: str
    contact: str
    parts: list[Part]

    def as_text(self) -> str:
        parts = ["\n\n".join([part.heading.upper(), *part.entries]) for part in self.parts]
        return "\n\n".join([self.name, self.contact, *parts]) + "\n"


def made_resume(application: Application) -> MadeResume:
    """What the résumé would say now; nothing in it that is not among the answers."""
    applicant = application.applicant
    experience = _by_key(application, "experience")
    skills = _by_key(application, "skills")
    parts = [
        Part(_("Experience"), experience["jobs"]),
        Part(_("In my own words"), experience["summary"]),
        Part(_("Skills"), [", ".join(skills["codes"] + skills["others"])]),
        Part(_("Education and certificates"), experience["education"]),
    ]
    place = ", ".join(filter(None, [applicant.city, applicant.state]))
    contact = " · ".join(filter(None, [place, applicant.phone, applicant.user.email]))
    return MadeResume(applicant.legal_name, contact, [part for part in parts if any(part.entries)])


def _by_key(application: Application, step: str) -> dict[str, list[str]]:
    """The answers of a step in words."""
    lines: list[Line] = describe(step, state_of(application, step))
    return {key: [line.value for line in lines if line.key == key and line.value] for key in _keys(lines)}


def _keys(lines: list[Line]) -> set[str]:
    return {line.key for line in lines}


def make_resume(*, application: Application, by: Any, is_certified: bool = False, seen: str = "") -> Document:
    """Write it and send it the way of every file; where the machine writes no PDF, as text."""
    made = made_resume(application)
    if not made.parts:
        raise Refused(_("There is nothing to make a résumé from yet. Fill in your experience first."))
    name, content = _("Résumé from my answers"), made.as_text().encode()
    suffix = "txt"
    if pdf.is_available():
        suffix, content = "pdf", pdf.render(TEMPLATE, {"made": made})
    file = ContentFile(content, name=f"{name}.{suffix}")
    return receive_resume(
        application=application, file=file, is_certified=is_certified, is_made_here=True, seen=seen, by=by
    )
