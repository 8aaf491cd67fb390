"""People who apply, and their applications in every state."""

from typing import Any

from django.utils import timezone

from applicants.models import (
    Applicant,
    Application,
    ApplicationDiscipline,
    DisciplineOutcome,
    OpeningInterest,
)
from applicants.services.applications import take_snapshot
from techforce.core.calendar import EASTERN
from techforce.core.seeding import Seeded, put
from techforce.demo.loading import cohorts, openings
from techforce.demo.loading.accounts import account, put_user
from techforce.demo.loading.content import day, moment, read
from techforce.demo.loading.story import Story
from techforce.demo.people import APPLICANTS
from techforce.program.models import Discipline

# The arrows that lead to each state, with the days after the beginning on which they were taken. An applicant submits
# two days after starting; a reason stands where the table asks for one.
PATHS: dict[str, tuple[tuple[str, int, str], ...]] = {
    "draft": (),
    "submitted": (("submit", 1, ""),),
    "in_review": (("submit", 1, ""), ("start_review", 5, "")),
    "needs_information": (
        ("submit", 1, ""),
        ("start_review", 4, ""),
        ("ask_for_information", 7, "dates_unclear"),
    ),
    "qualified": (("submit", 1, ""), ("start_review", 4, ""), ("qualify", 11, "")),
    "not_qualified": (("submit", 1, ""), ("start_review", 4, ""), ("disqualify", 12, "experience")),
    "withdrawn": (("submit", 1, ""), ("withdraw", 6, "")),
}
RESULT_LASTS_DAYS = 365
INTERESTS = 3


def load_applicants(seeded: Seeded) -> None:
    story = Story()
    for number, entry in enumerate(read("applicants")["applicants"]):
        applicant = put_applicant(seeded, entry)
        if not applicant.applications.exists():
            application = build(applicant, entry)
            tell(story, application, entry)
            save(application, entry, number)
            seeded.count(application, is_new=True)
    for person in APPLICANTS.people:  # of whom some have not applied yet
        put_applicant(seeded, {"email": person.email, "name": person.name, "place": "Washington, DC"})
    story.write()


def put_applicant(seeded: Seeded, entry: dict[str, Any]) -> Applicant:
    user = put_user(seeded, entry["email"], entry["name"])
    city, state = entry["place"].split(", ")
    applicant: Applicant = put(
        seeded, Applicant, {"user": user}, initial={"legal_name": entry["name"], "city": city, "state": state}
    )
    return applicant


def build(applicant: Applicant, entry: dict[str, Any]) -> Application:
    began = moment(-entry["days_ago"], hour=19)
    application = Application(
        applicant=applicant, cohort=cohorts.current(), track=entry["track"], created_at=began
    )
    if entry["state"] != "draft":
        application.is_adult = application.is_us_citizen = application.is_shareable = True
        application.veterans_preference = "none"
        application.certified_at = moment(1 - entry["days_ago"], hour=20)
    return application


def tell(story: Story, application: Application, entry: dict[str, Any]) -> None:
    actors = {
        "submit": application.applicant.user,
        "withdraw": application.applicant.user,
        "start_review": account("reviewer"),
        "ask_for_information": account("reviewer"),
        "qualify": account("hr-decider"),
        "disqualify": account("hr-decider"),
    }
    for name, days, reason in PATHS[entry["state"]]:
        at = moment(min(days - entry["days_ago"], -1), hour=20)
        if name == "withdraw":
            application.withdraws_at = at
        story.take(application, name, at=at, by=actors[name], reason_code=reason)


def save(application: Application, entry: dict[str, Any], number: int) -> None:
    application.save()
    disciplines = [Discipline.objects.get(code=code) for code in entry["disciplines"]]
    ApplicationDiscipline.objects.bulk_create(
        [
            ApplicationDiscipline(application=application, discipline=discipline, rank=rank)
            for rank, discipline in enumerate(disciplines, start=1)
        ]
    )
    save_interests(application, number)
    if application.submitted_at:
        take_snapshot(application)
    save_outcomes(application, disciplines)


def save_interests(application: Application, number: int) -> None:
    """Three published openings of the same track, others for each applicant."""
    fitting = [opening for opening in openings.published() if opening.track == application.track]
    chosen = {fitting[(number * 5 + step) % len(fitting)] for step in range(INTERESTS)}
    OpeningInterest.objects.bulk_create(
        [
            OpeningInterest(application=application, opening=opening, cohort=application.cohort)
            for opening in sorted(chosen, key=lambda opening: opening.pk)
        ]
    )


def save_outcomes(application: Application, disciplines: list[Discipline]) -> None:
    """Whoever is qualified is so in the first choice."""
    if application.decided_at is None:
        return
    decided_on = timezone.localdate(application.decided_at, EASTERN)
    good = {"result": "qualified", "expires_on": day(RESULT_LASTS_DAYS)}
    bad = {"result": "not_qualified", "reason_code": "experience"}
    DisciplineOutcome.objects.bulk_create(
        [
            DisciplineOutcome(
                application=application,
                discipline=discipline,
                decided_by=account("hr-decider"),
                decided_on=decided_on,
                **(good if application.status == "qualified" and rank == 0 else bad),
            )
            for rank, discipline in enumerate(disciplines)
        ]
    )
