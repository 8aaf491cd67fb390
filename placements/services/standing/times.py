"""How long the stretch on which a person waits took others: our own measure, only on the person's own page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from placements.forecast import Forecast
from placements.services.measured import step_times
from placements.services.standing.case import Case
from techforce.core.calendar import EASTERN, today

STRETCHES = {
    "submitted_to_decided": _("From submission to our decision"),
    "decided_to_referred": _("From our decision to the first referral to an agency"),
}
IN_REVIEW = ("submitted", "in_review", "needs_information")


@dataclass(frozen=True, kw_only=True)
class Wait:
    """`days` is how long the person has waited; past four fifths of the others it is longer than usual."""

    stretch: Any
    forecast: Forecast
    days: int

    @property
    def is_longer_than_usual(self) -> bool:
        return self.forecast.high is not None and self.days > self.forecast.high


def wait_of(case: Case) -> Wait | None:
    """None where the person waits for nobody, and where too few people came this way to say anything."""
    application = case.application
    if application is None or application.is_withdrawing:
        return None
    if application.status in IN_REVIEW:
        name, since = "submitted_to_decided", application.submitted_at
    elif application.status == "qualified" and not case.referrals:
        name, since = "decided_to_referred", application.decided_at
    else:
        return None
    found = step_times(on=today(), only=name)[name]
    if found is None or found.median is None or since is None:
        return None
    return Wait(
        stretch=STRETCHES[name], forecast=found, days=(today() - since.astimezone(EASTERN).date()).days
    )
