"""What this app holds of a person, and when it is destroyed (`schedules`). All of it hangs on the applicant, so moving
an account moves it too."""

from typing import Any

from placements.models import CalendarFeed
from placements.privacy import schedules, shares  # noqa: F401  (register when it is destroyed, and the download)
from techforce.core import privacy


def erase(user: Any) -> None:
    """The calendar address goes at once: it is nobody's record. Records of selection, appointment, vetting and ethics
    wait for their disposition date."""
    CalendarFeed.objects.filter(user=user).delete()


def repoint(old: Any, new: Any) -> None:
    """Only calendar addresses name the account, and a secret does not move to another one."""
    CalendarFeed.objects.filter(user=old).delete()


privacy.register("placements", erase=erase, repoint=repoint)
