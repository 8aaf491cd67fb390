"""What this app holds of a person, and when it is destroyed (`schedules`). It hangs on the applicant, so moving an
account moves it too; only what the person did under the account names that."""

from typing import Any

from django.db.models import Q

from placements.models import CalendarFeed, ChecklistItem, EthicsAnswers
from placements.privacy import schedules, shares  # noqa: F401  (register when it is destroyed, and the download)
from techforce.core import privacy


def erase(user: Any) -> None:
    """The calendar address goes at once: it is nobody's record. Records of selection, appointment, vetting and ethics
    wait for their disposition date."""
    CalendarFeed.objects.filter(user=user).delete()


def repoint(old: Any, new: Any) -> None:
    """What the person handed in and answered follows them, unless the other account verified it; a calendar address is
    a secret and does not."""
    CalendarFeed.objects.filter(user=old).delete()
    ChecklistItem.objects.filter(submitted_by=old).exclude(Q(recorded_by=new) | Q(excused_by=new)).update(
        submitted_by=new
    )
    EthicsAnswers.objects.filter(answered_by=old).update(answered_by=new)


privacy.register("placements", erase=erase, repoint=repoint)
