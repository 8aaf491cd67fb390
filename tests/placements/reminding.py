"""Steps that are watched, and what a run of the reminders would send."""

import datetime
import json
from io import StringIO
from typing import Any

import time_machine
from django.core import mail
from django.core.management import call_command

from agencies.models import Agency
from placements.models import ChecklistItem
from placements.reminders import CHECKLIST_ITEM
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.mail import mailer
from tests.factories import placements as made

DUE = datetime.date(2026, 12, 30)


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def step(
    code: str = "A19", owner: str = "candidate", *, due_on: datetime.date = DUE, **fields: Any
) -> ChecklistItem:
    """A step of a placement that began today, watched from now on."""
    item = made.ChecklistItemFactory(
        step__code=code,
        owner_role=owner,
        recorder_role="ethics_official",
        due_on=due_on,
        undated_reason="",
        **fields,
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    return item


def beside(item: ChecklistItem, code: str, owner: str = "candidate", **fields: Any) -> ChecklistItem:
    return step(code, owner, checklist=item.checklist, **fields)


def agency_of(item: ChecklistItem) -> Agency:
    return item.checklist.placement.opening.agency


def owner_of(item: ChecklistItem) -> User:
    return item.checklist.placement.applicant.user


def dry_run(moment: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("send_reminders", "--dry-run", "--at", moment, "--json", stdout=out)
    return json.loads(out.getvalue())


def told(moment: str) -> set[str]:
    return {line["recipient"] for line in dry_run(moment)}


def sweep_and_send(moment: str) -> list[Any]:
    with time_machine.travel(at(moment), tick=False):
        reminders.sweep()
        mailer.send_due()
    return mail.outbox
