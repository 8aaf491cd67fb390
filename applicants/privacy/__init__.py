"""What this app holds of a person: given out (`shares`), destroyed where it may be (`contents`) and when its time is
over (`schedules`), moved between accounts."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, CaseThread, Recusal
from applicants.privacy import schedules, shares  # noqa: F401  (register when it is destroyed, and the download)
from applicants.privacy.contents import answered, destroy_cases, destroy_drafts, profile_is_needed
from techforce.core import privacy
from techforce.core.errors import Refused
from techforce.core.records.destruction import destroy_rows

__all__ = ["answered", "destroy_drafts", "erase", "repoint"]


def erase(user: Any) -> None:
    """Drafts that were never submitted go at once; a submitted application is a federal record and stays until its
    disposition date, and so does what the office answered. The profile stays as long as one of them needs it."""
    own = Application.objects.filter(applicant__user=user)
    for key in own.order_by("pk").values_list("pk", flat=True):
        with privacy.part_of_erasure():
            destroy_drafts(own.filter(pk=key))
    if not Application.objects.filter(applicant__user=user).exists():
        _forget(Applicant.objects.filter(user=user))


def _forget(applicants: QuerySet[Applicant]) -> None:
    """Somebody who never applied: what was answered goes by its schedule, and the profile after it."""
    asked = CaseThread.objects.filter(applicant__in=applicants)
    destroy_cases(asked.exclude(pk__in=answered(asked).values("pk")))
    if not asked.exists():
        destroy_rows(Recusal.objects.filter(applicant__in=applicants))
        destroy_rows(applicants)


def repoint(old: Any, new: Any) -> None:
    """Move the person to another of their accounts. Two people are never merged silently."""
    if Applicant.objects.filter(user=new).exists():
        raise Refused(_("That account already applies for itself."))
    Applicant.objects.filter(user=old).update(user=new)


privacy.register("applicants", erase=erase, repoint=repoint)
privacy.register_tombstones(Applicant, lambda: ~profile_is_needed())
