"""When somebody's checks are expected to be over: what was measured on others, counted from their own beginning."""

import datetime
from dataclasses import dataclass

from placements.models import MeasuredTime, Placement, Stretch
from placements.services.clearance import clearance_cases
from placements.services.kept_measures import kept_time


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyDate:
    """The days by which a fifth, half and four fifths of the others were ready; None where their cases do not reach so
    far, and while nothing was `measured` yet. `on` is the day on which it is looked at."""

    measured: MeasuredTime | None
    began_on: datetime.date
    on: datetime.date

    @property
    def earliest(self) -> datetime.date | None:
        return self._after(self.measured.low if self.measured else None)

    @property
    def expected(self) -> datetime.date | None:
        return self._after(self.measured.median if self.measured else None)

    @property
    def latest(self) -> datetime.date | None:
        return self._after(self.measured.high if self.measured else None)

    @property
    def is_past_half(self) -> bool:
        """Half of the others were ready by now: of this person the day in the middle says nothing any more."""
        return self.expected is not None and self.expected < self.on

    @property
    def is_longer_than_usual(self) -> bool:
        return self.latest is not None and self.latest < self.on

    def _after(self, days: int | None) -> datetime.date | None:
        return None if days is None else self.began_on + datetime.timedelta(days=days)


def ready_date_of(placement: Placement, *, on: datetime.date) -> ReadyDate | None:
    """None where no checks are under way, and where too few people came this way to say anything. Only for somebody
    who is selected, and never beside another person's."""
    if placement.status != "pending_checks":
        return None
    (case,) = clearance_cases(Placement.objects.filter(pk=placement.pk), on=on)
    if not case.is_open or case.tier_id is None:
        return None
    measured = kept_time(Stretch.TO_CLEAR, tier=case.tier_id, agency=placement.opening.agency_id)
    if measured and measured.median is None:
        return None
    return ReadyDate(measured=measured, began_on=case.began_on, on=on)
