"""What applicants asked the program office."""

from typing import Any

from applicants.models import Application, CaseMessage, CaseThread
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import address, moment, read


def load_cases(seeded: Seeded) -> None:
    for entry in read("cases")["cases"]:
        application = Application.objects.select_related("applicant__user").get(
            cohort=cohorts.current(), applicant__user__email=address(entry["name"])
        )
        if not application.case_threads.exists():
            seeded.count(ask(entry, application), is_new=True)


def ask(entry: dict[str, Any], application: Application) -> CaseThread:
    authors = {"person": application.applicant.user, "staff": account("case-manager")}
    thread = CaseThread.objects.create(
        application=application,
        topic=entry["topic"],
        opened_by=authors["person"],
        created_at=moment(entry["messages"][0]["day"], hour=9),
        closed_at=moment(entry["closed"]) if "closed" in entry else None,
    )
    CaseMessage.objects.bulk_create(
        CaseMessage(
            thread=thread,
            author=authors[message["by"]],
            body=message["text"],
            created_at=moment(message["day"], hour=9),
        )
        for message in entry["messages"]
    )
    return thread
