"""More time for a financial disclosure, within the limits of the law (domain.md §4.2).

A confidential report (OGE 450): ninety days in all for good cause (5 CFR 2634.903(d)). A public one (OGE 278e): no more
than forty-five days at a time, and a second time as many (5 CFR 2634.201(g)).
"""

from datetime import date, timedelta

from placements.checklists.steps import Step, YearlyDay

DISCLOSURE_STEPS = frozenset({"A19", "A24", "C07", "C10"})
"""Reports whose day the law sets. The early one is asked for by the program, which may excuse it."""

CONFIDENTIAL, PUBLIC = "oge_450", "oge_278e"
MOST_DAYS = 90
"""Of all grants of one report together."""
MOST_AT_ONCE = {CONFIDENTIAL: MOST_DAYS, PUBLIC: 45}


def is_report(step: Step, due_on: date | None, days_granted: int) -> bool:
    """Whether a report is due then. The annual step asks for the training on another day, which the law does not
    move."""
    if step.code not in DISCLOSURE_STEPS or due_on is None:
        return False
    day = due_on - timedelta(days=days_granted)
    reports = [yearly for yearly in map(YearlyDay.parse, step.yearly) if yearly.days_served]
    return not step.yearly or any((one.month, one.day) == (day.month, day.day) for one in reports)
