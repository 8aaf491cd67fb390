"""What the person has to do now. Sources add to it; each reads only the case."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from applicants.models import DocumentKind, DocumentStatus
from applicants.workflow import REPLACEABLE_STATES
from placements.services.standing.case import Case
from placements.services.standing.situation import Standing, of_offer, standing_of
from placements.services.standing.step_words import why_undated
from techforce.core.moments import EASTERN, days_until

LATEST = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to do, where, and until when, or why no day is set. `part` is a page below the one of `key`."""

    title: str
    url_name: str
    key: UUID | None = None
    part: str = ""
    due: datetime.datetime | datetime.date | None = None
    zone: str = EASTERN
    undated: Any = ""

    @property
    def is_late(self) -> bool:
        return self.due is not None and days_until(self.due, self.zone) < 0

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[part for part in (self.key, self.part) if part])


Source = Callable[[Case], Iterable[Task]]
_SOURCES: list[Source] = []


def register_tasks(source: Source) -> Source:
    """Add a source of tasks; also for later parts of the program."""
    if source not in _SOURCES:
        _SOURCES.append(source)
    return source


def tasks_of(case: Case) -> list[Task]:
    """The earliest date first; what has none comes last."""
    found = [task for source in _SOURCES for task in source(case)]
    return sorted(found, key=lambda task: _moment(task.due))


def _moment(due: Any) -> datetime.datetime:
    if due is None:
        return LATEST
    if isinstance(due, datetime.datetime):
        return due
    return datetime.datetime.combine(due, datetime.time.max, tzinfo=datetime.UTC)


@register_tasks
def offers_to_answer(case: Case) -> Iterator[Task]:
    for offer in case.offers:
        if offer.status == "sent" and of_offer(offer, case.now).is_your_move:
            title = _("Answer your %(kind)s: %(opening)s") % {
                "kind": offer.get_kind_display().lower(),
                "opening": offer.opening.title,
            }
            yield Task(title=title, url_name="my_offer", key=offer.public_id, due=offer.response_due_at)


@register_tasks
def information_to_send(case: Case) -> Iterator[Task]:
    if case.application and case.application.status == "needs_information":
        due = next((one.due_on for one in case.threads if one.topic == "information"), None)
        yield Task(title=_("Send the information that we asked for"), url_name="my_information", due=due)


@register_tasks
def questions_to_answer(case: Case) -> Iterator[Task]:
    for thread in case.threads:
        if thread.status == "asked" and thread.topic != "information":
            title = _("Answer the program office")
            yield Task(title=title, url_name="my_question", key=thread.public_id, due=thread.due_on)


@register_tasks
def second_address_to_add(case: Case) -> Iterator[Task]:
    """Asked for, never a condition of anything."""
    if case.needs_second_address:
        yield Task(title=_("Add a second e-mail address that stays yours"), url_name="account_email")


@register_tasks
def draft_to_submit(case: Case) -> Iterator[Task]:
    standing: Standing | None = standing_of(case)
    if case.application and case.application.status == "draft" and standing and standing.is_your_move:
        title = _("Finish and submit your application")
        key = case.application.public_id
        yield Task(title=title, url_name="apply_review", key=key, due=standing.due, zone=standing.zone)


@register_tasks
def refused_file_to_replace(case: Case) -> Iterator[Task]:
    """Until review starts; after the deadline too, because the file came in time."""
    application = case.application
    if application is None or application.status not in REPLACEABLE_STATES or application.is_withdrawing:
        return
    newest = next((one for one in case.documents if one.kind == DocumentKind.RESUME), None)
    if newest and newest.status == DocumentStatus.REFUSED:
        title = _("Send another résumé: “%(name)s” was refused") % {"name": newest.label}
        yield Task(title=title, url_name="apply_step", key=application.public_id, part="resume")


@register_tasks
def steps_to_do(case: Case) -> Iterator[Task]:
    for step in case.steps_for_you:
        yield Task(title=step.step.title, url_name="my_service", due=step.due_on, undated=why_undated(step))
