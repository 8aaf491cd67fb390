"""An edition of the public numbers that everybody reads, and one that the agencies still read alone."""

import datetime

from placements import services
from placements.models import NumbersEdition
from techforce.accounts.models import User
from techforce.core.calendar import is_business_day, today
from techforce.core.seeding import Seeded


def load_numbers(seeded: Seeded) -> None:
    """Only while there is none: from then on beat counts."""
    services.keep_measures(by=User.objects.system())
    if NumbersEdition.objects.exists():
        return
    system = User.objects.system()
    for weeks in (2, 0):
        services.draw_up_numbers(by=system, on=business_day(today() - datetime.timedelta(weeks=weeks)))
    services.publish_numbers(by=system)


def business_day(day: datetime.date) -> datetime.date:
    """The day itself, or the last business day before it."""
    while not is_business_day(day):
        day -= datetime.timedelta(days=1)
    return day
