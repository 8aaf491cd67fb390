"""Where each nominee stands, in the few words that a company may read, and what the company has to do next.

The words beyond Confirmed rest on placements, of which this app knows nothing: they are handed in. Never why.
"""

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import LoanTerms, Nomination
from partners.workflow import NominationStatus


class Word(models.TextChoices):
    """The public words (architecture §5); a draft is the company's own and has not left."""

    NOT_SENT = "not_sent", gettext_lazy("Not sent")
    INVITED = "invited", gettext_lazy("Invited")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    IN_PROCESS = "in_process", gettext_lazy("In process")
    STEP_OUTSTANDING = "step_outstanding", gettext_lazy("Step outstanding")
    START_DATE_SET = "start_date_set", gettext_lazy("Start date set")
    SERVING = "serving", gettext_lazy("Serving")
    CLOSED = "closed", gettext_lazy("Closed")


TONES: Mapping[str, str] = {
    Word.INVITED: "active",
    Word.CONFIRMED: "success",
    Word.IN_PROCESS: "active",
    Word.STEP_OUTSTANDING: "warning",
    Word.START_DATE_SET: "success",
    Word.SERVING: "success",
}
BY_STATUS: Mapping[str, Word] = {
    NominationStatus.DRAFT: Word.NOT_SENT,
    NominationStatus.INVITED: Word.INVITED,
    NominationStatus.CONFIRMED: Word.CONFIRMED,
    # That the person has an application is not said either: the word is the same.
    NominationStatus.ACTIVE: Word.CONFIRMED,
}
ON_THE_WAY = (NominationStatus.CONFIRMED, NominationStatus.ACTIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What a later app knows of a nominee, as far as the company may. `starts_on` only once it is certain."""

    word: Word
    starts_on: datetime.date | None = None
    is_step_outstanding: bool = False
    step_due_on: datetime.date | None = None


ProgressOf = Callable[[Collection[int]], Mapping[int, Progress]]
"""Keys of nominations to what is known of those of which anything is, in a fixed number of queries."""

_SOURCES: list[ProgressOf] = []


def register_progress(source: ProgressOf) -> ProgressOf:
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One line of the roster."""

    nomination: Any
    progress: Progress | None = None
    terms: LoanTerms | None = None

    @property
    def word(self) -> Word:
        if self.nomination.status in ON_THE_WAY and self.progress is not None:
            return self.progress.word
        return BY_STATUS.get(self.nomination.status, Word.CLOSED)

    @property
    def tone(self) -> str:
        return TONES.get(self.word, "neutral")

    @property
    def starts_on(self) -> datetime.date | None:
        is_told = self.word in (Word.START_DATE_SET, Word.SERVING)
        return self.progress.starts_on if self.progress and is_told else None

    @property
    def is_step_outstanding(self) -> bool:
        """The company has something to do; which step it is, the agency's ethics office tells it."""
        return self.word != Word.CLOSED and self.progress is not None and self.progress.is_step_outstanding

    @property
    def is_waiting_for_terms(self) -> bool:
        return self.terms is None and self.nomination.status in ON_THE_WAY and self.word != Word.CLOSED

    @property
    def due(self) -> datetime.datetime | datetime.date | None:
        """Until when the next step has to be done, where a day is known."""
        if self.is_step_outstanding and self.progress is not None:
            return self.progress.step_due_on
        return self.nomination.expires_at if self.word == Word.INVITED else None

    @property
    def next_step(self) -> str:
        if self.is_step_outstanding:
            return _("Your company has a step to do. The agency’s ethics office writes to you about it.")
        if self.is_waiting_for_terms:
            return _("Record the leave or the separation before the start.")
        return self._by_word()

    def _by_word(self) -> str:
        sentences = {
            Word.NOT_SENT: _("Send the invitation."),
            Word.INVITED: _("The person answers through the link in their mail."),
            Word.CLOSED: _("Nothing more to do."),
        }
        if self.nomination.status == NominationStatus.EXPIRED:
            return _("The invitation ran out. You can invite again.")
        return sentences.get(self.word, _("Nothing for you to do now."))


def standings_of(nominations: Sequence[Nomination]) -> list[Standing]:
    """In the same order, in a fixed number of queries."""
    keys = [nomination.pk for nomination in nominations]
    terms = {row.nomination_id: row for row in LoanTerms.objects.in_force().filter(nomination__in=keys)}
    known: dict[int, Progress] = {}
    for source in _SOURCES:
        known.update(source(keys))
    return [
        Standing(nomination=row, progress=known.get(row.pk), terms=terms.get(row.pk)) for row in nominations
    ]
