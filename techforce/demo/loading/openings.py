"""Openings, each as far as its entry in `content/openings.toml` says."""

import datetime
from typing import Any

from agencies.models import Agency, Office, Opening, OpeningPlace, OpeningStatus, Track
from techforce.accounts.models import User
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.agencies import hr_specialist
from techforce.demo.loading.content import day, end_of, moment, read
from techforce.demo.loading.story import Story
from techforce.demo.people import HOME_AGENCY
from techforce.program.models import Cohort, Discipline, OccupationalSeries, Sensitivity, VettingTier

# The arrows that lead to each state, with the days after `opened` on which they were taken.
PATHS: dict[str, tuple[tuple[str, int], ...]] = {
    "draft": (),
    "submitted": (("submit", -6),),
    "published": (("submit", -6), ("publish", 0)),
    "paused": (("submit", -6), ("publish", 0), ("pause", 12)),
    "closed": (("submit", -6), ("publish", 0), ("close", 25)),
    "archived": (("submit", -6), ("publish", 0), ("close", 25), ("archive", 600)),
    "cancelled": (("submit", -6), ("publish", 0), ("cancel", 18)),
}
BY_OPM = ("publish",)


def load_openings(seeded: Seeded) -> None:
    content = read("openings")
    story, known = Story(), {slug: cohorts.by_slug(slug) for slug in cohorts.SLUGS}
    for number, entry in enumerate(content["openings"], start=1):
        agency = Agency.objects.get(code=entry["agency"])
        if Opening.objects.filter(agency=agency, title=entry["title"]).exists():
            continue
        cohort = known[entry.get("cohort", cohorts.CURRENT)]
        opening = build(entry, content["evaluation"], agency, cohort)
        opening.designation_record = f"PDR-{entry['agency']}-{number:04d}" if entry["tier"] else ""
        tell(story, opening, entry)
        opening.save()
        put_places(opening, entry)
        seeded.count(opening, is_new=True)
    story.write()


def build(entry: dict[str, Any], evaluation: dict[str, str], agency: Agency, cohort: Cohort) -> Opening:
    track = entry.get("track", Track.EARLY_CAREER)
    return Opening(
        agency=agency,
        cohort=cohort,
        office=Office.objects.get(agency=agency, name=entry["office"]),
        title=entry["title"],
        track=track,
        discipline=Discipline.objects.get(code=entry["discipline"]),
        seats=entry["seats"],
        cohort_term_months=cohort.term_months,
        cohort_limit_months=cohort.mechanism_limit_months,
        hiring_manager=hiring_manager(entry),
        **words(entry, evaluation[track]),
        **pay(entry, cohort),
        **designation(entry),
        **dates(entry),
        **dict.fromkeys(entry["duties_flags"], True),
    )


def words(entry: dict[str, Any], evaluation: str) -> dict[str, Any]:
    return {
        "summary": entry["summary"].strip(),
        "duties": entry["duties"].strip(),
        "requirements": entry["requirements"].strip(),
        "evaluation": evaluation.strip(),
        "is_remote": entry.get("remote", False),
        "is_telework_eligible": entry.get("telework", False),
        "travel_percent": entry.get("travel", 0),
    }


def pay(entry: dict[str, Any], cohort: Cohort) -> dict[str, Any]:
    low, high = entry["pay"] or (None, None)
    return {
        "series": OccupationalSeries.objects.get(code=entry["series"]),
        "grade_low": entry["grades"][0],
        "grade_high": entry["grades"][1],
        "pay_low": low,
        "pay_high": high,
        "cohort_pay_min": cohort.pay_min,
        "cohort_pay_max": cohort.pay_max,
    }


def designation(entry: dict[str, Any]) -> dict[str, Any]:
    """Empty in a draft whose position nobody has designated yet."""
    if not entry["tier"]:
        return {}
    return {
        "vetting_tier": VettingTier.objects.get(code=entry["tier"]),
        "sensitivity": Sensitivity.objects.get(code=entry.get("sensitivity", "nonsensitive")),
        "designated_on": day(entry["opened"] - 8),
        "disclosure_filer": entry["disclosure"],
    }


def dates(entry: dict[str, Any]) -> dict[str, datetime.datetime]:
    if "opened" not in entry:
        return {}
    return {"opens_at": moment(entry["opened"], hour=9), "closes_at": end_of(entry["closes"])}


def tell(story: Story, opening: Opening, entry: dict[str, Any]) -> None:
    for name, days in PATHS[entry["state"]]:
        by_opm = name in BY_OPM
        by = account("program-manager") if by_opm else hr_specialist(entry["agency"])
        at = moment(min(entry["opened"] + days, -1), hour=11 if by_opm else 15)
        story.take(opening, name, at=at, by=by, reason_code=entry["reason"] if name == "cancel" else "")


def put_places(opening: Opening, entry: dict[str, Any]) -> None:
    places = [place.split(", ") for place in entry["places"]]
    OpeningPlace.objects.bulk_create(
        [OpeningPlace(opening=opening, city=city, state=state) for city, state in places]
    )


def hiring_manager(entry: dict[str, Any]) -> User | None:
    return account("hiring-manager") if entry["agency"] == HOME_AGENCY else None


def published() -> list[Opening]:
    """In a fixed order, for those that follow."""
    return list(Opening.objects.filter(status=OpeningStatus.PUBLISHED).order_by("id"))
