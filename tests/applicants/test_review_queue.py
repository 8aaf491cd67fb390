"""Raters take the next application, read it blind and rate it alone; two of them, and a third where the two differ."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Application, Rating, Recusal
from applicants.services import save_claim, submit_claim, take_next_application
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AccessEvent
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import (
    ApplicantFactory,
    DocumentFactory,
    RatingFactory,
    RecusalFactory,
    SnapshotFactory,
    SubmittedApplicationFactory,
)
from tests.parallel import at_once
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

QUEUE = "/admin/review/"
ANSWERS = {
    "experience": {
        "jobs": [
            {
                "title": "Data engineer",
                "employer": "Northwind Analytics",
                "began": "2021-04",
                "is_current": True,
                "duties": "At Northwind Analytics I, Ottilie Vandermeer, moved billing to the cloud.",
            }
        ],
        "summary": "Write to ottilie@mail.example or call (202) 555-0134, or see www.ottilie.example.com/me.",
        "education": "A degree in statistics.",
    },
    "employers": {"now": ["Northwind Analytics"], "before": ["Contoso Freight"]},
}


def reviewer() -> User:
    return opm_staff(OpmRole.REVIEWER)


def at_desk(user: User) -> Desk:
    desk = Desk(user)
    desk.raise_request_exception = True
    return desk


def submitted(**fields: Any) -> Application:
    application: Application = SubmittedApplicationFactory(**fields)
    return application


def rated(application: Application, *scores: int) -> list[Rating]:
    """Ratings of as many colleagues."""
    now = timezone.now()
    return [RatingFactory(application=application, score=score, submitted_at=now) for score in scores]


def path_of(application: Application) -> str:
    return f"{QUEUE}{application.public_id}/"


# ── Taking ────────────────────────────────────────────────────────────────────────────────────────
def test_the_application_that_waits_longest_is_taken_and_its_review_begins() -> None:
    submitted()
    oldest = submitted(submitted_at=timezone.now() - datetime.timedelta(days=3))

    rating = take_next_application(by=reviewer())

    assert rating is not None
    assert rating.application == oldest
    assert (rating.application.status, rating.submitted_at) == ("in_review", None)


def test_whoever_takes_again_gets_the_same_until_it_is_rated() -> None:
    rater = reviewer()
    submitted(), submitted()
    first = take_next_application(by=rater)

    assert take_next_application(by=rater) == first
    submit_claim(rating=first, score=4, notes="Clear evidence.", by=rater)
    assert take_next_application(by=rater) != first


def test_two_rate_an_application_and_a_third_only_where_they_differ() -> None:
    agreed, disputed = submitted(), submitted()
    rated(agreed, 4, 3), rated(disputed, 5, 2)

    third, fourth = take_next_application(by=reviewer()), take_next_application(by=reviewer())

    assert third is not None
    assert third.application == disputed
    assert fourth is None


def test_what_somebody_holds_is_not_given_to_more_than_two() -> None:
    submitted()
    taken = [take_next_application(by=reviewer()) for _number in range(3)]
    assert [rating is not None for rating in taken] == [True, True, False]


@pytest.mark.parametrize("status", ["draft", "needs_information", "withdrawn", "qualified"])
def test_only_what_waits_for_a_rating_is_taken(status: str) -> None:
    now = timezone.now()
    columns = {
        "draft": {"submitted_at": None},
        "withdrawn": {"withdraws_at": now, "withdrawn_at": now},
        "qualified": {"decided_at": now},
    }
    submitted(status=status, **columns.get(status, {}))
    submitted(withdraws_at=now + datetime.timedelta(days=1))

    assert take_next_application(by=reviewer()) is None


def test_nobody_gets_their_own_or_that_of_someone_they_know() -> None:
    rater, application = reviewer(), submitted()
    RecusalFactory(user=rater, applicant=application.applicant)
    submitted(applicant=ApplicantFactory(user=rater))

    assert take_next_application(by=rater) is None


@pytest.mark.parametrize("role", [role for role in OpmRole.values if role != OpmRole.REVIEWER])
def test_only_reviewers_take_from_the_queue(role: str) -> None:
    submitted()
    with pytest.raises(NotPermitted):
        take_next_application(by=opm_staff(role))
    assert at_desk(opm_staff(role)).get(QUEUE).status_code == 403


def test_a_claim_that_lies_about_is_given_to_others_and_then_not_wanted() -> None:
    slow, application = reviewer(), submitted()
    claim = take_next_application(by=slow)
    Rating.objects.filter(pk=claim.pk).update(created_at=timezone.now() - datetime.timedelta(days=3))

    for _number in range(2):
        colleague = reviewer()
        submit_claim(
            rating=take_next_application(by=colleague), score=3, notes="Enough evidence.", by=colleague
        )

    with pytest.raises(Refused, match="no rating from you"):
        submit_claim(rating=claim, score=3, notes="Late.", by=slow)
    assert take_next_application(by=slow) is None
    assert application.ratings.count() == 2


@pytest.mark.django_db(transaction=True)
def test_who_takes_while_a_colleague_is_taking_gets_another_application_and_does_not_wait() -> None:
    first, second = reviewer(), reviewer()
    for _number in range(2):
        submitted()

    with transaction.atomic():
        mine = take_next_application(by=first)
        [theirs] = at_once(1, lambda _number: take_next_application(by=second))

    assert isinstance(theirs, Rating)
    assert theirs.application_id != mine.application_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("scores", "places"), [((), 2), ((5, 1), 1), ((4, 4), 0)])
def test_at_once_never_more_than_the_places_are_filled(scores: tuple[int, ...], places: int) -> None:
    raters, application = [reviewer() for _number in range(6)], submitted()
    rated(application, *scores)

    for _round in range(2):  # whoever found it locked asks again
        at_once(6, lambda number: take_next_application(by=raters[number]))

    assert application.ratings.filter(submitted_at__isnull=True).count() == places


# ── Reading blind ─────────────────────────────────────────────────────────────────────────────────
def ottilies() -> Application:
    person = ApplicantFactory(
        legal_name="Ottilie Vandermeer",
        phone="202-555-0134",
        user=UserFactory(email="ottilie@mail.example", full_name="Ottilie Vandermeer"),
    )
    application = submitted(applicant=person, answers=ANSWERS)
    content = {
        "name": "Ottilie Vandermeer",
        "track": "early_career",
        "answers": ANSWERS,
        "veterans_preference": "cps",
        "disciplines": [],
        "documents": [str(DocumentFactory(application=application, label="vandermeer.pdf").public_id)],
    }
    SnapshotFactory(application=application, content=content)
    return application


def test_the_page_says_what_the_person_did_and_not_who_it_is() -> None:
    application, desk = ottilies(), at_desk(reviewer())
    page = desk.post(QUEUE, follow=True).content.decode()

    assert "moved billing to the cloud" in page
    assert "Data engineer" in page
    traces = ("Ottilie", "Vandermeer", "mail.example", "555-0134", "Northwind", "Contoso", "vandermeer.pdf")
    assert [trace for trace in (*traces, "disability") if trace.lower() in page.lower()] == []
    assert application.reference_number in page


def test_a_rater_reaches_the_original_only_when_a_colleagues_rating_is_in_too() -> None:
    application, rater = ottilies(), reviewer()
    desk = at_desk(rater)
    record = f"/admin/applicants/application/{application.pk}/change/"
    claim = take_next_application(by=rater)
    assert desk.get(record).status_code == 302
    submit_claim(rating=claim, score=4, notes="Clear evidence.", by=rater)
    assert desk.get(record).status_code == 302

    rated(application, 4)

    assert desk.get(record).status_code == 200
    assert AccessEvent.objects.filter(actor=rater, subject_id=application.pk).count() == 1


def test_an_application_that_one_did_not_take_is_not_there() -> None:
    application, desk = submitted(), at_desk(reviewer())
    take_next_application(by=reviewer())
    for path in (
        path_of(application),
        f"{path_of(application)}recognise/",
        f"{path_of(application)}give-back/",
    ):
        assert desk.post(path).status_code == 404
    assert desk.get(path_of(application)).status_code == 404


def test_others_ratings_are_not_on_the_page() -> None:
    application = submitted()
    RatingFactory(application=application, score=5, notes="A colleague's view.", submitted_at=timezone.now())
    page = at_desk(reviewer()).post(QUEUE, follow=True)
    assert "colleague" not in page.content.decode().lower()


# ── Rating ────────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_is_kept_and_a_submitted_rating_leads_to_the_next() -> None:
    rater = reviewer()
    desk, first, second = at_desk(rater), submitted(), submitted()
    take_next_application(by=rater)

    desk.post(path_of(first), {"notes": "Half a thought", "draft": "1"})
    assert "Half a thought" in desk.get(path_of(first)).content.decode()
    answer = desk.post(path_of(first), {"score": "4", "notes": "Clear evidence."})

    assert answer.headers["Location"] == path_of(second)
    rating = first.ratings.get()
    assert (rating.score, rating.notes, rating.submitted_at is not None) == (4, "Clear evidence.", True)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"notes": "Kept words"}, "Choose a level."),
        ({"score": "4"}, "Write the reason"),
        ({"score": "6", "notes": "Kept words"}, "Select a valid choice"),
        ({"score": "4", "notes": "x" * 4_001}, "at most 4000"),
    ],
)
def test_a_rating_without_score_or_reason_is_asked_for_them(answers: dict[str, str], message: str) -> None:
    rater = reviewer()
    application, desk = submitted(), at_desk(rater)
    take_next_application(by=rater)

    answer = desk.post(path_of(application), answers)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert message in page
    assert "<title>Error:" in page
    assert answers.get("notes", "") in page
    assert not application.ratings.submitted().exists()


def test_whoever_recognises_the_person_never_meets_them_again() -> None:
    rater = reviewer()
    desk, known, other = at_desk(rater), submitted(), submitted()
    take_next_application(by=rater)

    answer = desk.post(f"{path_of(known)}recognise/", {"basis": "worked_together"})

    assert answer.headers["Location"] == path_of(other)
    assert Recusal.objects.get().basis == "worked_together"
    assert not known.ratings.exists()
    assert desk.get(path_of(known)).status_code == 404


def test_a_made_up_tie_is_refused_and_the_draft_stays() -> None:
    rater = reviewer()
    desk, application = at_desk(rater), submitted()
    save_claim(rating=take_next_application(by=rater), score=3, notes="So far", by=rater)

    answer = desk.post(f"{path_of(application)}recognise/", {"basis": "envy"})

    assert answer.status_code == 422
    assert "So far" in answer.content.decode()


def test_an_application_given_back_waits_for_others() -> None:
    rater = reviewer()
    desk, application = at_desk(rater), submitted()
    take_next_application(by=rater)

    desk.post(f"{path_of(application)}give-back/")

    assert not application.ratings.exists()
    assert "Take the next application" in desk.get(QUEUE).content.decode()


def test_an_empty_queue_says_so() -> None:
    page = at_desk(reviewer()).post(QUEUE, follow=True).content.decode()
    assert "Nothing waits for you now." in page


def test_the_work_page_counts_what_waits() -> None:
    submitted(), submitted()
    page = at_desk(reviewer()).get("/admin/")
    (card,) = [entry for entry in page.context["work"] if entry["url"] == QUEUE]
    assert card["count"] == "2"


def test_the_queue_costs_the_same_with_one_and_with_three() -> None:
    desk = at_desk(reviewer())
    desk.get(QUEUE)
    costs = []
    for more in (1, 2):
        for _number in range(more):
            submitted()
        with CaptureQueriesContext(connection) as queries:
            desk.get(QUEUE)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_next_one_is_found_by_the_index_in_its_order() -> None:
    """Without a sort of everything that waits. With few rows the planner would sort them: it is told not to."""
    submitted()
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    plan = Application.objects.open_to_rater(reviewer())[:1].explain()
    assert "Index Scan using application_to_rate" in plan
    assert "Sort Key: applicants_application" not in plan
