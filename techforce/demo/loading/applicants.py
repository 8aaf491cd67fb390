"""People who apply, and their applications in every state. There are many, so rows are made many at a time."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils import timezone

from applicants.models import (
    Applicant,
    Application,
    ApplicationDiscipline,
    DisciplineOutcome,
    OpeningInterest,
    Snapshot,
)
from applicants.services.applications import content_of
from techforce.accounts.models import User
from techforce.core.calendar import EASTERN
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts, openings
from techforce.demo.loading.accounts import account
from techforce.demo.loading.answers import Writer, save_resumes
from techforce.demo.loading.content import address, day, happened, moment, read, read_rows
from techforce.demo.loading.reviews import save_ratings
from techforce.demo.loading.story import Step, Story
from techforce.demo.people import APPLICANTS
from techforce.program.models import Discipline

# The arrows that lead to each state, with the days after the beginning on which they were taken. An applicant submits
# a day after starting; a reason stands where the table asks for one.
QUALIFIED = ("submit 1", "start_review 4", "qualify 11")
PATHS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit 1",),
    "in_review": ("submit 1", "start_review 5"),
    "needs_information": ("submit 1", "start_review 4", "ask_for_information 7 dates_unclear"),
    "qualified": QUALIFIED,
    "placed": QUALIFIED,
    "lapsed": (*QUALIFIED, "lapse 380"),
    "not_qualified": ("submit 1", "start_review 4", "disqualify 12 experience"),
    "withdrawn": ("submit 1", "withdraw 6"),
}
ACTORS = {
    "start_review": "reviewer",
    "ask_for_information": "reviewer",
    "qualify": "hr-decider",
    "disqualify": "hr-decider",
}
BY_THE_PERSON = ("submit", "withdraw")
RESULT_LASTS_DAYS = 365
INTERESTS = 3
HOURS = range(9, 21)


class Line(NamedTuple):
    """One line of `content/applicants.csv`, with what it became."""

    number: int
    entry: dict[str, str]
    application: Application

    @property
    def days_ago(self) -> int:
        return int(self.entry["days_ago"])


def load_applicants(seeded: Seeded) -> None:
    """Everybody of the list who has no application yet, the earliest first, so that reference numbers follow. Those
    whom `/demo/` offers are people even without one."""
    rows = sorted(read_rows("applicants"), key=lambda row: -int(row["days_ago"]))
    known = set(Application.objects.values_list("applicant__user__email", "cohort__slug"))
    new = [row for row in rows if (address(row["name"]), row["cohort"]) not in known]
    idle = [{"name": person.name, "place": "Washington, DC"} for person in APPLICANTS.people]
    people = put_people(seeded, [*new, *idle])
    if new:
        apply(seeded, new, people)


def put_people(seeded: Seeded, rows: Sequence[dict[str, str]]) -> dict[str, Applicant]:
    """By address. Nobody signs in to these accounts but to those that have a password already."""
    users = User.objects.in_bulk([address(row["name"]) for row in rows], field_name="email")
    missing = {address(row["name"]): row for row in rows if address(row["name"]) not in users}
    made = User.objects.bulk_create(new_user(email, row) for email, row in missing.items())
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    users |= {user.email: user for user in made}
    there = Applicant.objects.select_related("user").filter(user__in=users.values())
    people = {applicant.user.email: applicant for applicant in there.order_by("pk")}
    lines = {address(row["name"]): row for row in reversed(rows)}
    added = Applicant.objects.bulk_create(
        new_applicant(users[email], row) for email, row in lines.items() if email not in people
    )
    for row in (*made, *added):
        seeded.count(row, is_new=True)
    return people | {applicant.user.email: applicant for applicant in added}


def new_user(email: str, row: dict[str, str]) -> User:
    joined = moment(-int(row.get("days_ago", 0)) - 1)
    return User(
        email=email,
        full_name=row["name"],
        password=f"{UNUSABLE_PASSWORD_PREFIX}demo",
        date_joined=joined,
        created_at=joined,
    )


def new_applicant(user: User, row: dict[str, str]) -> Applicant:
    city, state = row["place"].split(", ")
    return Applicant(user=user, legal_name=row["name"], city=city, state=state, created_at=user.date_joined)


def apply(seeded: Seeded, rows: Sequence[dict[str, str]], people: dict[str, Applicant]) -> None:
    story, known = Story(), {slug: cohorts.by_slug(slug) for slug in cohorts.SLUGS}
    writer, lines = Writer(), []
    for number, row in enumerate(rows):
        application = begin(row, people[address(row["name"])], known[row["cohort"]])
        application.answers = writer.answers(number, row["track"], row["disciplines"].split(" "))
        lines.append(Line(number, row, application))
    tell(story, lines)
    Application.objects.bulk_create(line.application for line in lines)
    save_choices(lines)
    save_interests(lines)
    save_resumes(line.application for line in lines if line.application.submitted_at)
    save_snapshots(lines)
    save_ratings(story, [line.application for line in lines])
    story.write()
    for line in lines:
        seeded.count(line.application, is_new=True)


def begin(row: dict[str, str], applicant: Applicant, cohort: Any) -> Application:
    ago = int(row["days_ago"])
    application = Application(
        applicant=applicant,
        cohort=cohort,
        track=row["track"],
        created_at=moment(-ago - 1, hour=19),
    )
    if row["state"] != "draft":
        application.is_adult = application.is_us_citizen = application.is_shareable = True
        application.veterans_preference = "none"
    return application


def tell(story: Story, lines: Iterable[Line]) -> None:
    service = steps_of_service()
    staff = {slug: account(slug) for slug in set(ACTORS.values())}
    system = User.objects.system()
    for line in lines:
        person = line.application.applicant.user
        steps = [*path_of(line), *service[line.entry["cohort"], line.entry["name"]]]
        for step in sorted(steps, key=lambda step: step.day):
            at = moment(step.day, hour=HOURS[line.number % len(HOURS)], minute=line.number * 7 % 60)
            by = person if step.name in BY_THE_PERSON else staff.get(ACTORS.get(step.name, ""), system)
            if step.name == "withdraw":
                line.application.withdraws_at = at
            elif step.name == "submit":
                line.application.certified_at = at  # in the same moment
            story.take(line.application, step.name, at=at, by=by, reason_code=step.reason)
        if line.application.status != line.entry["state"]:
            raise ValueError(f"{line.entry['name']} is {line.application.status}, not {line.entry['state']}")


def path_of(line: Line) -> list[Step]:
    """What happened after the beginning, yesterday at the latest."""
    steps = [Step.parse(text) for text in PATHS[line.entry["state"]]]
    return [step._replace(day=min(step.day - line.days_ago - 1, -1)) for step in steps]


def steps_of_service() -> dict[tuple[str, str], list[Step]]:
    """Whoever accepts an offer is placed, and goes back among the qualified when it comes to nothing."""
    found: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for entry in read("placements")["selections"]:
        steps = [Step.parse(text) for text in entry.get("placement", {}).get("path", ())]
        if "placement" in entry:
            accepted = Step.parse(entry["tentative"]["path"][-1])
            fell = [Step("return_to_pool", step.day, "") for step in steps if step.name == "fall_through"]
            found[entry.get("cohort", cohorts.CURRENT), entry["name"]] += [
                Step("place", accepted.day, ""),
                *fell,
            ]
    return found


def save_choices(lines: Sequence[Line]) -> None:
    """One to three disciplines each. Whoever is qualified is so in the first choice."""
    disciplines = {discipline.code: discipline for discipline in Discipline.objects.order_by("pk")}
    chosen = [
        (line.application, rank, disciplines[code])
        for line in lines
        for rank, code in enumerate(line.entry["disciplines"].split(" "), start=1)
    ]
    ApplicationDiscipline.objects.bulk_create(
        ApplicationDiscipline(application=application, discipline=discipline, rank=rank)
        for application, rank, discipline in chosen
    )
    decider = account("hr-decider")
    DisciplineOutcome.objects.bulk_create(
        outcome(application, discipline, decider, is_first=rank == 1)
        for application, rank, discipline in chosen
        if application.decided_at is not None
    )


def outcome(
    application: Application, discipline: Discipline, decider: User, *, is_first: bool
) -> DisciplineOutcome:
    decided_on = timezone.localdate(application.decided_at, EASTERN)
    if is_first and application.status != "not_qualified":
        last_day = decided_on + (day(RESULT_LASTS_DAYS) - day(0))
        result: dict[str, Any] = {"result": "qualified", "expires_on": last_day}
    else:
        result = {"result": "not_qualified", "reason_code": "experience"}
    return DisciplineOutcome(
        application=application,
        discipline=discipline,
        decided_by=decider,
        decided_on=decided_on,
        created_at=happened(application.decided_at),
        **result,
    )


def save_interests(lines: Sequence[Line]) -> None:
    """Three published openings of the same track, others for each applicant; the pilot's are long closed."""
    published = openings.published()
    interests = []
    for line in lines:
        track, cohort = line.application.track, line.application.cohort_id
        fitting = [opening for opening in published if (opening.track, opening.cohort_id) == (track, cohort)]
        chosen = {fitting[(line.number * 5 + step) % len(fitting)] for step in range(INTERESTS) if fitting}
        interests += [
            OpeningInterest(application=line.application, opening=opening, cohort_id=cohort)
            for opening in sorted(chosen, key=lambda opening: opening.pk)
        ]
    OpeningInterest.objects.bulk_create(interests)


def save_snapshots(lines: Sequence[Line]) -> None:
    """What each of them submitted, frozen on that day."""
    Snapshot.objects.bulk_create(
        Snapshot(
            application=application,
            sequence=1,
            content=content_of(application) | {"taken_at": application.submitted_at.isoformat()},
            created_at=application.submitted_at,
        )
        for application in (line.application for line in lines)
        if application.submitted_at
    )
