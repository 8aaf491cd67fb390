"""How long the stretch on which a person waits took others: our own measure, only on the person's own page."""

from dataclasses import dataclass
from typing import Any

from placements.models import MeasuredTime, Stretch
from placements.services.kept_measures import kept_time
from placements.services.standing.case import Case
from techforce.core.calendar import EASTERN, today

IN_REVIEW = ("submitted", "in_review", "needs_information")


@dataclass(frozen=True, kw_only=True)
class WaitSoFar:
    """`days` is how long the person has waited; past four fifths of the others it is longer than usual. `forecast` is
    None while nothing was measured yet."""

    stretch: Any
    forecast: MeasuredTime | None
    days: int

    @property
    def is_longer_than_usual(self) -> bool:
        high = self.forecast.high if self.forecast else None
        return high is not None and self.days > high


def wait_of(case: Case) -> WaitSoFar | None:
    """None where the person waits for nobody, and where too few people came this way to say anything."""
    application = case.application
    if application is None or application.is_withdrawing:
        return None
    if application.status in IN_REVIEW:
        stretch, since = Stretch.TO_DECISION, application.submitted_at
    elif application.status == "qualified" and not case.referrals:
        stretch, since = Stretch.TO_REFERRAL, application.decided_at
    else:
        return None
    found = kept_time(stretch)
    if since is None or (found and found.median is None):
        return None
    days = (today() - since.astimezone(EASTERN).date()).days
    return WaitSoFar(stretch=stretch.label, forecast=found, days=days)
