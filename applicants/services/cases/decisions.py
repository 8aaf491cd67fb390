"""Which decisions about a person are reviewed on request, and whom to ask about the others.

Reviewed, by somebody who took no part (I16): what the program office decided about this person.
- Not qualified as a whole, for whatever reason: experience, assessment, a legal requirement ("not eligible"), an answer
  that did not come.
- Not qualified in one chosen discipline while another one is: the person is referred in fewer than they asked for.
- A name taken off a certificate, "not referred" any more (`placements.services.reviewable`).

Not reviewed, because nobody decided about the person: a draft that was never submitted, a result that expired, a
list that was not referred to an agency (it holds all who are qualified), an opening that closed or was cancelled.

Not reviewed here, because the program office did not decide (domain.md §1.1 "Who decides", §5.5): among the people
referred to it an agency chooses, so the program office looks only at whether the process was kept, as a question; an
offer taken back is the agency's; of vetting and ethics the agency's security office and ethics official write to the
person, with the rights that these procedures give. The page says whom to ask; later apps name such decisions.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, DisciplineOutcome
from applicants.models.outcome import OutcomeResult
from applicants.services.review import DECIDE_AGAIN, reopen_review
from applicants.workflow import APPLICATION, ApplicationStatus
from techforce.core.models import AuditEvent

DECIDED = (ApplicationStatus.QUALIFIED, ApplicationStatus.NOT_QUALIFIED)
DECIDING = (*(APPLICATION.mark(APPLICATION.named(name)) for name in ("qualify", "disqualify")), DECIDE_AGAIN)


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One of the program office about a person. `set_aside(reason_code=, by=)` is what follows at once when a review
    grants the request, in the same transaction."""

    at: datetime.datetime
    decided_by: int | None
    words: str
    set_aside: Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A decision of somebody else, and whom to ask about it."""

    words: str
    ask: str
    is_ours: bool = False
    """The program office answers a question about it."""


Finder = Callable[[Application], Iterable[Decision]]
Pointer = Callable[[Application], Iterable[Elsewhere]]
_FINDERS: list[Finder] = []
_POINTERS: list[Pointer] = []


def register_decisions(*, reviewed: Finder, elsewhere: Pointer) -> None:
    """A later app decides about people too."""
    if reviewed not in _FINDERS:
        _FINDERS.append(reviewed)
        _POINTERS.append(elsewhere)


def decisions_of(application: Application) -> list[Decision]:
    """Those that went against the person and can be reviewed, the newest first."""
    found = [decision for finder in _FINDERS for decision in finder(application)]
    return sorted([*_results(application), *found], key=lambda decision: decision.at, reverse=True)


def decided_elsewhere(application: Application) -> list[Elsewhere]:
    return [one for pointer in _POINTERS for one in pointer(application)]


def _results(application: Application) -> Iterable[Decision]:
    """The decision about the application, where it or a part of it is negative."""
    if application.status not in DECIDED or application.decided_at is None:
        return
    refused = not_qualified_in(application)
    if application.status == ApplicationStatus.QUALIFIED and not refused:
        return
    is_whole = application.status == ApplicationStatus.NOT_QUALIFIED
    yield Decision(
        at=application.decided_at,
        decided_by=_decider_of(application),
        words=_("Not qualified") if is_whole else _not_in(refused),
        set_aside=partial(reopen_review, application=application) if is_whole else _wait_for_new_results,
    )


def not_qualified_in(application: Application) -> list[DisciplineOutcome]:
    refused = application.outcomes.filter(result=OutcomeResult.NOT_QUALIFIED)
    return list(refused.select_related("discipline").order_by("discipline__rank", "pk"))


def _not_in(refused: Iterable[DisciplineOutcome]) -> str:
    names = ", ".join(outcome.discipline.name for outcome in refused)
    return _("Not qualified in %(disciplines)s") % {"disciplines": names}


def _wait_for_new_results(*, reason_code: str, by: Any) -> None:
    """What is qualified stays, and with it the person's place on certificates: the settled request itself lets somebody
    else decide about the other disciplines (`Application.objects.set_aside`)."""


def _decider_of(application: Application) -> int | None:
    """Who took the decision, from the audit, which keeps every one."""
    events = AuditEvent.objects.about(application).filter(action__in=DECIDING)
    named: int | None = events.order_by("-pk").values_list("actor", flat=True).first()
    return named
