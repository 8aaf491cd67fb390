"""Steps, interviews, ratings, recusals, cases."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applicants.models import Application, Rating, Recusal
from applicants.services import (
    book_interview,
    complete_step,
    declare_recusal,
    end_recusal,
    excuse_step,
    expire_invitations,
    invite_to_step,
    offer_interview,
    save_rating,
    submit_rating,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.workflow import transition
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import (
    ApplicantFactory,
    AssessmentStepFactory,
    RatingFactory,
    RecusalFactory,
    SubmittedApplicationFactory,
)
from tests.factories.program import CompanyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def system() -> User:
    return User.objects.system()


def again(user: User) -> User:
    """The same person in their next request, without what the last one remembered."""
    return User.objects.get(pk=user.pk)


def test_an_invitation_runs_out_and_another_follows(system: User) -> None:
    step = AssessmentStepFactory()
    first = invite_to_step(step=step, by=system)
    with pytest.raises(TransitionRefused, match="still runs"):
        transition(step, "expire", by=system)
    past = timezone.now() - datetime.timedelta(days=8)
    step.invitations.update(invited_at=past, expires_at=past + datetime.timedelta(days=7))

    assert expire_invitations(by=system) == 1
    step.refresh_from_db()
    second = invite_to_step(step=step, by=system)

    assert (first.attempt, second.attempt, step.status) == (1, 2, "invited")


def test_a_step_that_is_done_leaves_no_open_invitation(system: User) -> None:
    step = AssessmentStepFactory()
    invite_to_step(step=step, by=system)

    complete_step(step=step, by=system)

    assert step.completed_at is not None
    assert not step.invitations.filter(closed_at__isnull=True).exists()


def test_a_step_is_excused_with_a_reason_and_not_by_the_person() -> None:
    step = AssessmentStepFactory()

    with pytest.raises(NotPermitted):
        excuse_step(step=step, reason_code="accommodation", by=step.application.applicant.user)
    excuse_step(step=step, reason_code="accommodation", by=opm_staff(OpmRole.HR_DECIDER))

    assert step.status == "excused"


def test_an_interview_is_offered_booked_and_held() -> None:
    step, reviewer = AssessmentStepFactory(), opm_staff(OpmRole.REVIEWER)
    start = timezone.now() + datetime.timedelta(days=2)
    interview = offer_interview(step=step, by=reviewer)

    book_interview(
        interview=interview,
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=1),
        by=step.application.applicant.user,
    )
    with pytest.raises(TransitionRefused, match="not begun"):
        transition(interview, "hold", by=reviewer)
    type(interview).objects.filter(pk=interview.pk).update(
        starts_at=timezone.now() - datetime.timedelta(hours=1)
    )
    transition(interview, "hold", by=reviewer)

    assert interview.status == "held"


def test_a_rating_is_final_once_submitted() -> None:
    rating = RatingFactory()
    submit_rating(rating=rating, by=rating.rater)

    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).update(score=1)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        Rating.objects.filter(pk=rating.pk).delete()


def test_an_amendment_is_a_further_revision_with_a_reason() -> None:
    application, reviewer = SubmittedApplicationFactory(), opm_staff(OpmRole.REVIEWER)
    submit_rating(
        rating=save_rating(application=application, score=4, notes="Why.", by=reviewer), by=reviewer
    )
    with pytest.raises(Refused, match="Say why"):
        save_rating(application=application, score=2, by=reviewer)

    save_rating(application=application, score=2, by=reviewer, amendment_reason="I read the wrong page.")

    assert list(Rating.objects.order_by("revision").values_list("revision", "score")) == [(1, 4), (2, 2)]


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("rating_score_on_the_scale", {"score": 0}),
        ("rating_score_on_the_scale", {"score": 6}),
        ("rating_submitted_with_a_score", {"score": None, "submitted_at": timezone.now()}),
        ("rating_amended_with_a_reason", {"revision": 2}),
        ("rating_amended_with_a_reason", {"amendment_reason": "why"}),
    ],
)
def test_a_rating_has_a_score_on_the_scale(constraint: str, columns: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RatingFactory(**columns)


def test_one_rating_a_rater_and_of_a_step_of_this_application() -> None:
    rating = RatingFactory()

    with pytest.raises(IntegrityError, match="one_rating_a_rater"), transaction.atomic():
        RatingFactory(rater=rating.rater, application=rating.application)
    with pytest.raises(IntegrityError, match="rating_step_of_application"), transaction.atomic():
        RatingFactory(assessment_step=AssessmentStepFactory())


def test_nobody_rates_themselves_or_someone_they_know_even_by_sql() -> None:
    application, recused = SubmittedApplicationFactory(), RecusalFactory
    friend = recused(applicant=application.applicant).user

    for rater in (application.applicant.user, friend):
        with pytest.raises(IntegrityError, match="may not rate"), transaction.atomic():
            RatingFactory(rater=rater, application=application)
    with pytest.raises(IntegrityError, match="may not rate"), transaction.atomic():
        Rating.objects.filter(pk=RatingFactory(application=application).pk).update(rater=friend)


def test_others_ratings_stay_hidden_until_ones_own_is_in() -> None:
    application = SubmittedApplicationFactory()
    first, second = opm_staff(OpmRole.REVIEWER), opm_staff(OpmRole.REVIEWER)
    theirs = submit_rating(
        rating=save_rating(application=application, score=5, notes="Why.", by=first), by=first
    )

    mine = save_rating(application=application, score=2, notes="Why.", by=second)
    assert set(Rating.objects.visible_to(second)) == {mine}
    submit_rating(rating=mine, by=second)

    assert set(Rating.objects.visible_to(second)) == {mine, theirs}
    assert not Rating.objects.visible_to(application.applicant.user).exists()


def test_a_recusal_works_at_once_in_the_queue() -> None:
    application, reviewer = SubmittedApplicationFactory(), opm_staff(OpmRole.REVIEWER)
    assert application in Application.objects.open_to_rater(reviewer)

    declare_recusal(user=reviewer, applicant=application.applicant, basis="relative", by=reviewer)

    assert application not in Application.objects.open_to_rater(again(reviewer))
    with pytest.raises(NotPermitted):
        save_rating(application=application, score=3, by=again(reviewer))


def test_declaring_the_same_tie_twice_changes_nothing() -> None:
    reviewer, company = opm_staff(OpmRole.REVIEWER), CompanyFactory()

    for _ in range(2):
        declare_recusal(user=reviewer, company=company, basis="employment_talks", by=reviewer)

    assert Recusal.objects.count() == 1


def test_a_recusal_is_ended_by_someone_else() -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    own = RecusalFactory(user=decider)

    with pytest.raises(NotPermitted):
        end_recusal(recusal=own, by=decider)
    end_recusal(recusal=own, by=opm_staff(OpmRole.HR_DECIDER))

    assert own.ended_at is not None


def test_a_recusal_that_the_system_finds_is_marked_so(system: User) -> None:
    found = declare_recusal(
        user=UserFactory(), applicant=ApplicantFactory(), basis="worked_together", by=system
    )

    assert found.source == "derived"
