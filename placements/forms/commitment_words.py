"""How a promise of efficient vetting and the record against it are said, to an agency and to OPM."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements.checklists import Clock
from placements.models import StepRole

STATES: Mapping[str, tuple[Any, str]] = {
    "no_promise": (gettext_lazy("No promise"), "neutral"),
    "within": (gettext_lazy("Within the promise"), "success"),
    "near": (gettext_lazy("Near breach"), "warning"),
    "breached": (gettext_lazy("Breached"), "error"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """The word of a state and the shape of its tag."""

    label: str
    kind: str


def state_said(clock: Clock) -> Said:
    label, kind = STATES[clock.state]
    return Said(str(label), kind)


def party_said(party: str) -> str:
    return str(StepRole(party).label) if party in StepRole.values else _("The agency")


def held_said(held: Mapping[str, int]) -> Iterator[str]:
    """“The person: 12 days”, the longest first."""
    for party, days in sorted(held.items(), key=lambda entry: (-entry[1], entry[0])):
        words = ngettext("%(party)s: %(days)d day", "%(party)s: %(days)d days", days)
        yield words % {"party": party_said(party), "days": days}
