"""What applicants asked the program office, and what it asked them."""

from typing import Any

from django.utils import timezone

from applicants.models import Application, CaseMessage, CaseStatus, CaseThread, CaseTopic
from applicants.reminders import case_ladder
from applicants.workflow import MOVING_CASE_STATES
from techforce.core.calendar import last_business_day_on_or_before
from techforce.core.models import AuditEvent
from techforce.core.reminders import first_columns
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import address, day, moment, read
from techforce.demo.loading.story import Story

OPENED_BY_STAFF = (CaseTopic.INFORMATION,)


def load_cases(seeded: Seeded) -> None:
    for entry in read("cases")["cases"]:
        application = Application.objects.select_related("applicant__user").get(
            cohort=cohorts.current(), applicant__user__email=address(entry["name"])
        )
        if not application.case_threads.filter(topic=entry["topic"]).exists():
            seeded.count(ask(entry, application), is_new=True)


def ask(entry: dict[str, Any], application: Application) -> CaseThread:
    authors = {"person": application.applicant.user, "staff": account("case-manager")}
    messages = entry.get("messages", [])
    thread = CaseThread(
        applicant=application.applicant,
        application=application,
        subject=entry.get("subject", ""),
        topic=entry["topic"],
        status=CaseStatus.ASKED if entry["topic"] in OPENED_BY_STAFF else CaseStatus.OPEN,
        opened_by=authors["staff" if entry["topic"] in OPENED_BY_STAFF else "person"],
        owner=account(entry["owner"]) if "owner" in entry else None,
        created_at=moment(messages[0]["day"] if messages else entry["day"], hour=9),
        **_decision(application, entry["topic"]),
    )
    story = Story()
    story.tell(thread, entry.get("path", ()), lambda name: authors["person" if name == "write" else "staff"])
    for column, value in _dates(thread, entry).items():
        setattr(thread, column, value)
    thread.save()
    story.write()
    CaseMessage.objects.bulk_create(
        CaseMessage(
            thread=thread,
            author=authors[message["by"]],
            body=message["text"],
            created_at=moment(message["day"], hour=9),
        )
        for message in messages
    )
    return thread


def _dates(thread: CaseThread, entry: dict[str, Any]) -> dict[str, Any]:
    """Due on a business day, where somebody has to write."""
    due_on = (
        last_business_day_on_or_before(day(entry["due"])) if thread.status in MOVING_CASE_STATES else None
    )
    return first_columns(case_ladder(thread), due_on, now=timezone.now())


def _decision(application: Application, topic: str) -> dict[str, Any]:
    """The one that a request for review is about."""
    if topic != CaseTopic.REVIEW_REQUEST:
        return {}
    decided = AuditEvent.objects.about(application).filter(to_state=application.status).order_by("pk")
    return {"decided_at": application.decided_at, "decided_by_id": decided.values_list("actor", flat=True)[0]}
