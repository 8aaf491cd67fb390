"""What this app holds of a person: given out (`shares`), destroyed where it may be (`contents`) and when its time is
over (`schedules`), moved between accounts."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, CaseThread, Recusal
from applicants.privacy import schedules, shares  # noqa: F401  (register when it is destroyed, and the download)
from applicants.privacy.contents import destroy_cases, destroy_drafts, profile_is_needed
from techforce.core import privacy
from techforce.core.errors import Refused
from techforce.core.records.destruction import destroy_rows

__all__ = ["destroy_drafts", "erase", "repoint"]


def erase(user: Any) -> None:
    """Drafts that were never submitted go at once; a submitted application is a federal record and stays
    until its disposition date. The profile stays as long as an application needs it."""
    own = Application.objects.filter(applicant__user=user)
    for key in own.order_by("pk").values_list("pk", flat=True):
        with privacy.part_of_erasure():
            destroy_drafts(own.filter(pk=key))
    if not Application.objects.filter(applicant__user=user).exists():
        destroy_cases(CaseThread.objects.filter(applicant__user=user))
        destroy_rows(Recusal.objects.filter(applicant__user=user))
        destroy_rows(Applicant.objects.filter(user=user))


def repoint(old: Any, new: Any) -> None:
    """Move the person to another of their accounts. Two people are never merged silently."""
    if Applicant.objects.filter(user=new).exists():
        raise Refused(_("That account already applies for itself."))
    Applicant.objects.filter(user=old).update(user=new)


privacy.register("applicants", erase=erase, repoint=repoint)
privacy.register_tombstones(Applicant, lambda: ~profile_is_needed())
