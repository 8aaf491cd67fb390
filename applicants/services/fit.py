"""What a person's answers mean for them, in general and for one opening. It informs; it refuses nothing."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Opening, OpeningStatus
from applicants.eligibility import Certainty, Facts, Finding, Kind, Position, findings
from applicants.models import Application
from techforce.program.models import Clearance

CERTAINTIES: dict[Certainty, str | Promise] = {
    Certainty.VERIFIED: gettext_lazy("checked against its source"),
    Certainty.UNVERIFIED: gettext_lazy("not confirmed with its source yet"),
}


@dataclass(frozen=True)
class Remark:
    """A finding that the person should know before they go on."""

    is_closed: bool
    reason: str
    source: str
    certainty: str | Promise


def remarks_on(application: Application, opening: Opening | None = None) -> list[Remark]:
    facts = Facts(application.is_us_citizen, application.is_adult)
    found = findings(facts, _position(opening) if opening else None)
    return [_remark(finding) for finding in found if finding.kind != Kind.LIKELY]


def remarks_on_marked(application: Application) -> list[tuple[Opening, Remark]]:
    """The openings that the person marked and that are not open to them; what holds for all openings is said once, by
    `remarks_on`."""
    marked = application.interests.filter(opening__status=OpeningStatus.PUBLISHED)
    openings = [row.opening for row in marked.select_related("opening__vetting_tier").order_by("rank", "pk")]
    return [
        (opening, remark)
        for opening in openings
        for remark in remarks_on(application, opening)
        if remark.is_closed
    ]


def _position(opening: Opening) -> Position:
    tier = opening.vetting_tier
    return Position(
        requires_citizenship=opening.is_citizenship_required,
        requires_clearance=tier is not None and tier.clearance != Clearance.NONE,
    )


def _remark(finding: Finding) -> Remark:
    return Remark(
        is_closed=finding.kind == Kind.NOT_OPEN,
        reason=_(finding.reason),
        source=_(finding.source),
        certainty=CERTAINTIES[finding.certainty],
    )
