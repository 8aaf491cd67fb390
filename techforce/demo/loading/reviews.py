"""Reviewers, and their ratings of each application that has come to review."""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from applicants.models import Application, Rating
from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.core.seeding import Seeded, put
from techforce.demo.loading.accounts import accepted, account, put_user
from techforce.demo.loading.content import happened, moment, read
from techforce.demo.loading.story import Story

SCORES = {"qualified": ((4, 4), (5, 4), (3, 4)), "not_qualified": ((2, 2), (2, 1), (1, 2))}
FAR_APART = (2, 5)
RATED_DAYS_AFTER = 2

Given = tuple[User, int]


def load_reviewers(seeded: Seeded) -> None:
    for name in read("review")["reviewers"]:
        user = put_user(seeded, reviewer_address(name), name)
        put(seeded, OpmMembership, {"user": user, "role": OpmRole.REVIEWER}, initial=accepted())


def reviewer_address(name: str) -> str:
    first, last = name.lower().split(" ")
    return f"{first}.{last}@opm.example"


def save_ratings(story: Story, applications: Sequence[Application]) -> None:
    """Two for whatever was decided; in review none, one, or two, of which one pair lies far apart."""
    content = read("review")
    naomi, ephraim = User.objects.filter(
        email__in=[reviewer_address(name) for name in content["reviewers"]]
    ).order_by("-email")
    weilin = account("reviewer")
    in_review = count()
    ratings: list[Rating] = []
    for number, application in enumerate(applications):
        if application.status == "in_review":
            given = list(in_progress(next(in_review), weilin, naomi, ephraim))
        elif application.decided_at:
            kind = "not_qualified" if application.status == "not_qualified" else "qualified"
            pair = SCORES[kind][number % 3]
            given = list(zip((naomi, weilin if number % 2 else ephraim), pair, strict=True))
        else:
            given = []
        ratings += [rating(story, application, *one, content["reasons"], number) for one in given]
    ratings += claim_of(weilin, applications, {rating.application for rating in ratings})
    Rating.objects.bulk_create(ratings)


def in_progress(position: int, weilin: User, naomi: User, ephraim: User) -> Iterator[Given]:
    """By turns nobody, one colleague, two colleagues, and the reviewer of `/demo/` with a colleague."""
    by_turns: tuple[tuple[Given, ...], ...] = (
        (),
        ((naomi, 4),),
        ((naomi, 4), (ephraim, 3)) if position > 2 else tuple(zip((naomi, ephraim), FAR_APART, strict=True)),
        ((weilin, 3), (naomi, 3)),
    )
    yield from by_turns[position % len(by_turns)]


def rating(
    story: Story,
    application: Application,
    rater: User,
    score: int,
    reasons: dict[str, list[str]],
    number: int,
) -> Rating:
    """Submitted some days after the application, and before the decision."""
    at = min(
        happened(application.submitted_at) + (moment(RATED_DAYS_AFTER) - moment(0)) * 2, moment(-1, hour=16)
    )
    texts = reasons[str(score)]
    row = Rating(
        rater=rater,
        application=application,
        score=score,
        notes=texts[(number + rater.pk) % len(texts)],
        submitted_at=at,
        created_at=at,
    )
    story.note(row, "applicants.rating:submit", at=at, by=rater)
    return row


def claim_of(rater: User, applications: Sequence[Application], rated: set[Any]) -> list[Rating]:
    """The one that the reviewer of `/demo/` has in hand, half written."""
    waiting = [one for one in applications if one.status == "in_review" and one not in rated]
    note = read("review")["reasons"]["3"][0]
    return [Rating(rater=rater, application=waiting[0], notes=note, created_at=moment(-1))] if waiting else []
