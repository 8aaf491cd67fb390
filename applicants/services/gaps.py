"""What an application still needs before it can be submitted."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applicants.models import Application, Document, DocumentKind, DocumentStatus
from applicants.models.answers import answered


@dataclass(frozen=True)
class Gap:
    """`step` names the page on which the answer is given."""

    step: str
    label: str | Promise


def gaps(row: Application, *, has_choice: bool, has_resume: bool) -> list[Gap]:
    """Without the certification, which is given in the moment of submitting."""
    experience = answered(row.answers, "experience")
    needed = (
        (row.is_us_citizen is not None, Gap("eligibility", _("whether you are a U.S. citizen"))),
        (row.is_adult is not None, Gap("eligibility", _("whether you are 18 or older"))),
        (has_choice, Gap("disciplines", _("a discipline"))),
        (has_resume or any(experience.values()), Gap("experience", _("your experience, or a résumé"))),
        (row.is_shareable, Gap("consent", _("your agreement that agencies see the application"))),
    )
    return [gap for is_given, gap in needed if not is_given]


def gaps_of(application: Application) -> list[Gap]:
    return gaps(
        application,
        has_choice=application.choices.exists(),
        has_resume=current_resume(application) is not None,
    )


def newest_resume(application: Application) -> Document | None:
    """The one that was sent last, whatever became of it."""
    return application.documents.filter(kind=DocumentKind.RESUME).order_by("-pk").first()


def current_resume(application: Application) -> Document | None:
    """The résumé that counts: the one that was uploaded last and not refused."""
    usable = (DocumentStatus.QUARANTINED, DocumentStatus.CLEAN)
    resumes = application.documents.filter(kind=DocumentKind.RESUME, status__in=usable)
    return resumes.order_by("-pk").first()
