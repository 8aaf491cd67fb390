"""Review, results, decision, withdrawal, lapse."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from applicants.models import Application, DisciplineOutcome
from applicants.services import (
    ask_for_information,
    decide_application,
    lapse_expired,
    receive_information,
    record_outcome,
    reopen_review,
    request_withdrawal,
    start_review,
    undo_withdrawal,
    withdraw_due,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.models import OutboxMessage
from techforce.core.workflow import transition, transition_many
from tests.factories.accounts import opm_staff
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationFactory,
    QualifiedApplicationFactory,
    RatingFactory,
    RecusalFactory,
    SubmittedApplicationFactory,
)
from tests.factories.program import DisciplineFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

IN_A_YEAR = datetime.timedelta(days=365)


@pytest.fixture
def decider() -> User:
    return opm_staff(OpmRole.HR_DECIDER)


@pytest.fixture
def reviewed() -> Application:
    application = SubmittedApplicationFactory(
        status="in_review", disciplines=[DisciplineFactory(code="software"), DisciplineFactory(code="ai")]
    )
    for _number in range(2):
        RatingFactory(application=application, submitted_at=timezone.now())
    return application


def outcome(application: Application, rank: int, by: User, *, is_good: bool) -> DisciplineOutcome:
    discipline = application.choices.get(rank=rank).discipline
    fields = {"expires_on": today() + IN_A_YEAR} if is_good else {"reason_code": "experience"}
    return record_outcome(application=application, discipline=discipline, by=by, **fields)


def test_a_question_goes_out_and_an_answer_comes_back() -> None:
    application, reviewer = SubmittedApplicationFactory(), opm_staff(OpmRole.REVIEWER)
    start_review(application=application, by=reviewer)

    ask_for_information(application=application, reason_code="dates_unclear", by=reviewer)
    receive_information(application=application, by=application.applicant.user)

    assert application.status == "in_review"


def test_one_good_discipline_makes_the_application_qualified(reviewed: Application, decider: User) -> None:
    outcome(reviewed, 1, decider, is_good=False)
    outcome(reviewed, 2, decider, is_good=True)

    decide_application(application=reviewed, by=decider)

    assert (reviewed.status, reviewed.outcomes.count()) == ("qualified", 2)
    assert reviewed.decided_at is not None


def test_no_good_discipline_needs_a_reason(reviewed: Application, decider: User) -> None:
    outcome(reviewed, 1, decider, is_good=False)
    outcome(reviewed, 2, decider, is_good=False)
    with pytest.raises(TransitionRefused, match="Choose a reason"):
        decide_application(application=reviewed, by=decider)

    decide_application(application=reviewed, reason_code="experience", by=decider)

    assert reviewed.status == "not_qualified"


def test_every_chosen_discipline_is_decided_first(reviewed: Application, decider: User) -> None:
    outcome(reviewed, 1, decider, is_good=True)

    with pytest.raises(TransitionRefused, match="no result yet"):
        decide_application(application=reviewed, by=decider)


@pytest.mark.parametrize("scores", [(), (4,), (5, 3)])
def test_two_ratings_come_first_and_a_third_where_they_differ(decider: User, scores: tuple[int, ...]) -> None:
    application = SubmittedApplicationFactory(status="in_review")
    for score in scores:
        RatingFactory(application=application, score=score, submitted_at=timezone.now())
    outcome(application, 1, decider, is_good=True)

    with pytest.raises(TransitionRefused, match="Two ratings come first"):
        decide_application(application=application, by=decider)


def test_an_amended_rating_counts_as_it_stands_now(decider: User) -> None:
    application, now = SubmittedApplicationFactory(status="in_review"), timezone.now()
    first = RatingFactory(application=application, score=5, submitted_at=now)
    RatingFactory(application=application, score=3, submitted_at=now)
    amended = {"revision": 2, "amendment_reason": "I read the wrong page."}
    RatingFactory(application=application, rater=first.rater, score=4, submitted_at=now, **amended)
    outcome(application, 1, decider, is_good=True)

    assert decide_application(application=application, by=decider).status == "qualified"


def test_a_granted_request_opens_the_review_again(reviewed: Application, decider: User) -> None:
    for rank in (1, 2):
        outcome(reviewed, rank, decider, is_good=False)
    decide_application(application=reviewed, reason_code="experience", by=decider)

    reopen_review(application=reviewed, reason_code="new_facts", by=decider)
    outcome(reviewed, 1, decider, is_good=True)
    decide_application(application=reviewed, by=decider)

    assert reviewed.status == "qualified"


def test_results_are_for_chosen_disciplines_while_in_review(reviewed: Application, decider: User) -> None:
    with pytest.raises(Refused, match="did not choose"):
        record_outcome(
            application=reviewed,
            discipline=DisciplineFactory(code="data"),
            reason_code="experience",
            by=decider,
        )
    with pytest.raises(Refused, match="either"):
        record_outcome(application=reviewed, discipline=DisciplineFactory(code="ai"), by=decider)
    with pytest.raises(Refused, match="in review"):
        outcome(SubmittedApplicationFactory(), 1, decider, is_good=True)


def test_a_reviewer_does_not_decide(reviewed: Application) -> None:
    with pytest.raises(NotPermitted):
        outcome(reviewed, 1, opm_staff(OpmRole.REVIEWER, OpmRole.ADMINISTRATOR), is_good=True)


def test_nobody_decides_about_themselves(reviewed: Application) -> None:
    decider = opm_staff(OpmRole.HR_DECIDER, OpmRole.REVIEWER)
    own = SubmittedApplicationFactory(applicant=ApplicantFactory(user=decider), status="in_review")

    with pytest.raises(NotPermitted):
        outcome(own, 1, decider, is_good=True)
    with pytest.raises(NotPermitted):
        ask_for_information(application=own, reason_code="other", by=decider)


def test_nobody_decides_about_someone_from_whom_they_are_recused(reviewed: Application) -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    RecusalFactory(user=decider, applicant=reviewed.applicant)

    with pytest.raises(NotPermitted):
        outcome(reviewed, 1, decider, is_good=True)


def pass_a_day(application: Application) -> None:
    past = timezone.now() - datetime.timedelta(seconds=1)
    Application.objects.filter(pk=application.pk).update(withdraws_at=past)


def test_a_withdrawal_takes_effect_after_a_day() -> None:
    application, system = SubmittedApplicationFactory(), User.objects.system()

    effective = request_withdrawal(application=application, by=application.applicant.user)

    assert effective > timezone.now() + datetime.timedelta(hours=23)
    assert (application.is_withdrawing, withdraw_due(by=system)) == (True, 0)
    pass_a_day(application)
    assert withdraw_due(by=system) == 1
    application.refresh_from_db()
    assert (application.status, application.is_withdrawing) == ("withdrawn", False)


def test_a_withdrawal_can_be_undone_until_then() -> None:
    application = SubmittedApplicationFactory()
    by = application.applicant.user
    request_withdrawal(application=application, by=by)

    undo_withdrawal(application=application, by=by)
    assert not application.is_withdrawing

    request_withdrawal(application=application, by=by)
    pass_a_day(application)
    with pytest.raises(Refused, match="taken effect"):
        undo_withdrawal(application=application, by=by)


def test_asking_twice_does_not_move_the_day() -> None:
    application = SubmittedApplicationFactory()
    by = application.applicant.user

    first = request_withdrawal(application=application, by=by)

    assert request_withdrawal(application=application, by=by) == first


def test_only_the_person_withdraws_and_not_a_draft() -> None:
    draft = ApplicationFactory()
    with pytest.raises(Refused, match="Draft"):
        request_withdrawal(application=draft, by=draft.applicant.user)
    with pytest.raises(NotPermitted):
        request_withdrawal(application=SubmittedApplicationFactory(), by=opm_staff(OpmRole.CASE_MANAGER))


def test_a_withdrawal_cannot_be_hurried() -> None:
    application = SubmittedApplicationFactory(withdraws_at=timezone.now() + datetime.timedelta(hours=1))

    with pytest.raises(TransitionRefused, match="still be undone"):
        transition(application, "withdraw", by=User.objects.system())


def test_a_qualified_application_lapses_when_its_last_result_expires() -> None:
    running, ended = QualifiedApplicationFactory(), QualifiedApplicationFactory()
    yesterday = today() - datetime.timedelta(days=1)
    ended.outcomes.update(decided_on=yesterday - IN_A_YEAR, expires_on=yesterday)

    assert lapse_expired(by=User.objects.system()) == 1

    running.refresh_from_db()
    ended.refresh_from_db()
    assert (running.status, ended.status) == ("qualified", "lapsed")


def test_a_placement_that_falls_through_puts_the_person_back() -> None:
    application, manager = QualifiedApplicationFactory(), opm_staff(OpmRole.PROGRAM_MANAGER)

    transition(application, "place", by=manager)
    transition(application, "return_to_pool", by=manager)

    assert application.status == "qualified"


def test_a_bulk_review_asks_no_question_a_row(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    reviewer = opm_staff(OpmRole.REVIEWER)
    for _ in range(20):
        SubmittedApplicationFactory()

    with django_assert_max_num_queries(11):
        moved = transition_many(Application.objects.all(), "start_review", by=reviewer)
    assert len(moved.rows) == 20


def test_twenty_withdrawals_take_as_many_queries_as_one(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    system, past = User.objects.system(), timezone.now() - datetime.timedelta(hours=1)
    for _ in range(20):
        SubmittedApplicationFactory(withdraws_at=past)

    with django_assert_max_num_queries(14):
        assert withdraw_due(by=system) == 20
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditevent WHERE to_state = 'withdrawn'")
        assert cursor.fetchone() == (20,)


def test_whoever_rated_does_not_decide(reviewed: Application) -> None:
    both = opm_staff(OpmRole.REVIEWER, OpmRole.HR_DECIDER)
    RatingFactory(application=reviewed, rater=both)
    outcome(reviewed, 1, opm_staff(OpmRole.HR_DECIDER), is_good=True)
    outcome(reviewed, 2, opm_staff(OpmRole.HR_DECIDER), is_good=True)
    with pytest.raises(TransitionRefused, match="somebody else decides"):
        decide_application(application=reviewed, by=both)
    with pytest.raises(NotPermitted, match="somebody else decides"):
        outcome(reviewed, 1, both, is_good=True)


def test_staff_ask_in_the_admin_through_the_service_that_queues_the_mail(decider: User) -> None:
    """The bare arrow of the same name would move the application and tell nobody."""
    application, desk = SubmittedApplicationFactory(status="in_review"), Desk(decider)
    page = f"/admin/applicants/application/{application.pk}"
    asked = OutboxMessage.objects.filter(template_key="information_needed")

    answer = desk.post(
        f"{page}/transition/ask_for_information/", {"reason_code": "dates_unclear"}, follow=True
    )
    assert "This step is not open to you here." in answer.content.decode()
    application.refresh_from_db()
    assert (application.status, asked.count()) == ("in_review", 0)

    assert desk.post(f"{page}/act/ask_for_information/").status_code == 422
    desk.post(f"{page}/act/ask_for_information/", {"reason_code": "dates_unclear"})
    application.refresh_from_db()
    assert application.status == "needs_information"
    assert asked.get().recipient == application.applicant.user

    Desk(opm_staff(OpmRole.CASE_MANAGER)).post(f"{page}/act/receive_information/")
    application.refresh_from_db()
    assert application.status == "in_review"


def test_staff_reopen_a_review_in_the_admin_with_a_reason(decider: User) -> None:
    application = SubmittedApplicationFactory(status="not_qualified", decided_at=timezone.now())
    page, desk = f"/admin/applicants/application/{application.pk}", Desk(decider)
    desk.post(f"{page}/transition/reopen_review/", {"reason_code": "error"})
    application.refresh_from_db()
    assert application.status == "not_qualified"
    desk.post(f"{page}/act/reopen_review/", {"reason_code": "error"})
    application.refresh_from_db()
    assert application.status == "in_review"
