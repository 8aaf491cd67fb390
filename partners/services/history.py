"""What has happened to a nomination, as its company reads it: its own acts, the answer, and the public words."""

from typing import Any

from django.utils.translation import gettext as _

from partners.models import LoanTerms
from partners.services.standing import Standing, Word

WHERE_IT_STANDS = (Word.IN_PROCESS, Word.STEP_OUTSTANDING, Word.START_DATE_SET, Word.SERVING)


def history_of(standing: Standing) -> list[dict[str, Any]]:
    """Events for the timeline, in order; where it stands now comes last."""
    nomination = standing.nomination
    moments = [
        (_("Nominated"), nomination.created_at),
        (Word.INVITED.label, nomination.invited_at),
        (Word.CONFIRMED.label, nomination.confirmed_at),
        *((_("Terms recorded"), terms.created_at) for terms in _all_terms(nomination)),
        (Word.CLOSED.label, nomination.closed_at),
    ]
    happened = sorted((pair for pair in moments if pair[1]), key=lambda pair: pair[1])
    events = [{"title": title, "when": when, "state": "done"} for title, when in happened]
    return [*events, *_now(standing)]


def _all_terms(nomination: Any) -> Any:
    return LoanTerms.objects.filter(nomination=nomination).order_by("pk")


def _now(standing: Standing) -> list[dict[str, Any]]:
    if standing.word in WHERE_IT_STANDS:
        return [{"title": standing.word.label, "when": standing.starts_on, "state": "current"}]
    is_over_elsewhere = standing.word == Word.CLOSED and standing.nomination.closed_at is None
    return [{"title": Word.CLOSED.label, "state": "done"}] if is_over_elsewhere else []
