"""Which decisions are reviewed, by whom they are taken again, and what nobody may do with a request."""

import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from applicants.models import Application, CaseThread, DisciplineOutcome
from applicants.services import (
    decide_application,
    decide_with_results,
    guards,
    record_outcome,
    reopen_review,
    review,
    settle_review,
    withdraw_due,
)
from applicants.services.review import Result
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from tests.applicants.asking import (
    DAY,
    act,
    letter,
    page,
    partly_turned_down,
    request_for_review,
    turned_down,
)
from tests.factories.accounts import DelegationFactory, UserFactory, opm_staff
from tests.factories.applicants import SubmittedApplicationFactory
from tests.placements.people import client_of, read
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

SET_ASIDE: dict[str, Any] = {"outcome": "changed", "reason_code": "error", "body": "We look again."}
NEXT_YEAR = today() + datetime.timedelta(days=365)


def of(application: Application) -> str:
    return f"/my/review/{application.public_id}/"


def asked(application: Application) -> CaseThread:
    """By the person, on their own page."""
    client = client_of(application.applicant.user)
    client.post(of(application), letter(client, of(application), body="Look again."))
    thread: CaseThread = CaseThread.objects.get(application=application)
    return thread


def set_aside(thread: CaseThread) -> Application:
    settle_review(thread=thread, by=opm_staff(OpmRole.PROGRAM_MANAGER), **SET_ASIDE)
    return Application.objects.get(pk=thread.application_id)


def results(application: Application) -> list[str]:
    return [outcome.result for outcome in application.outcomes.order_by("discipline__code")]


# ── Which decisions ───────────────────────────────────────────────────────────────────────────────
def test_a_legal_requirement_is_a_reason_like_any_other() -> None:
    application = turned_down(reason_code="eligibility")
    assert "Not qualified" in read(application.applicant.user, of(application))
    assert asked(application).decided_at == application.decided_at


def test_one_negative_result_beside_a_good_one_is_reviewed_too() -> None:
    application = partly_turned_down()
    person = application.applicant.user
    assert "Not qualified in Software" in read(person, of(application))
    thread = asked(application)
    assert "Ask for a review of the decision" not in read(person)

    settle_review(thread=thread, by=opm_staff(OpmRole.PROGRAM_MANAGER), **SET_ASIDE)

    application.refresh_from_db()
    assert application.status == "qualified"  # what is good is not lost meanwhile
    assert "Whatever was decided for you stands" in read(person, page(thread))


def test_nothing_that_is_good_or_undecided_is_reviewed() -> None:
    application = SubmittedApplicationFactory()
    client = client_of(application.applicant.user)
    assert client.get(of(application)).status_code == 404
    assert client.post(of(application), {"key": uuid4(), "body": "?"}).status_code == 404


# ── Decided again, by somebody else ───────────────────────────────────────────────────────────────
def test_what_was_set_aside_in_part_is_decided_anew_and_the_rest_stays() -> None:
    application = set_aside(asked(partly_turned_down()))
    before, desk = application.decided_at, Desk(opm_staff(OpmRole.HR_DECIDER))
    assert application.reference_number in desk.get("/admin/decide/").content.decode()
    address = f"/admin/decide/{application.public_id}/"
    fields = desk.get(address).context["form"].fields
    (key,) = [name.removeprefix("result-") for name in fields if name.startswith("result-")]

    desk.post(address, {f"result-{key}": "qualified", f"expires_on-{key}": NEXT_YEAR, f"reason-{key}": ""})

    application.refresh_from_db()
    assert (application.status, results(application)) == ("qualified", ["qualified", "qualified"])
    assert application.decided_at > before
    assert not Application.objects.to_decide().exists()
    assert Desk(application.applicant.user).get(of(application)).status_code in (302, 404)


def test_whoever_was_set_aside_does_not_decide_it_again() -> None:
    decider, other = opm_staff(OpmRole.HR_DECIDER), opm_staff(OpmRole.HR_DECIDER)
    application = set_aside(asked(turned_down(decider)))
    discipline = application.choices.get().discipline
    colleague = opm_staff(OpmRole.HR_DECIDER)
    DelegationFactory(giver=decider, taker=colleague)
    for user in (decider, User.objects.get(pk=colleague.pk)):
        with pytest.raises(NotPermitted, match="set your decision"):
            record_outcome(application=application, discipline=discipline, expires_on=NEXT_YEAR, by=user)
        with pytest.raises(TransitionRefused, match="set your decision"):
            decide_application(application=application, reason_code="experience", by=user)
    # Nor does their result count in the hands of somebody else.
    with pytest.raises(TransitionRefused, match="no result yet"):
        decide_application(application=application, reason_code="experience", by=other)

    decided = decide_with_results(
        application=application, results={discipline: Result(expires_on=NEXT_YEAR)}, by=other
    )
    assert decided.status == "qualified"


def test_whoever_recorded_one_of_the_results_does_not_decide_it_again_either() -> None:
    recorder = opm_staff(OpmRole.HR_DECIDER)
    application = set_aside(asked(turned_down(opm_staff(OpmRole.HR_DECIDER), recorder=recorder)))
    discipline = application.choices.get().discipline
    with pytest.raises(NotPermitted, match="set your decision"):
        record_outcome(application=application, discipline=discipline, expires_on=NEXT_YEAR, by=recorder)


def test_not_in_part_either() -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    application = set_aside(asked(partly_turned_down(decider)))
    bad = application.outcomes.get(result="not_qualified").discipline
    with pytest.raises(NotPermitted, match="set your decision"):
        record_outcome(application=application, discipline=bad, expires_on=NEXT_YEAR, by=decider)
    with pytest.raises(Refused, match="no result yet"):
        decide_application(application=application, by=opm_staff(OpmRole.HR_DECIDER))
    good = application.outcomes.get(result="qualified").discipline
    with pytest.raises(Refused, match="while the application is in review"):
        record_outcome(
            application=application,
            discipline=good,
            reason_code="experience",
            by=opm_staff(OpmRole.HR_DECIDER),
        )


def test_the_database_knows_who_was_set_aside() -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    application = set_aside(asked(turned_down(decider)))
    again = {"result": "qualified", "reason_code": "", "expires_on": NEXT_YEAR}
    own = DisciplineOutcome.objects.filter(application=application)
    with pytest.raises(IntegrityError, match="does not decide it again"), transaction.atomic():
        own.update(decided_by=decider, **again)

    with connection.cursor() as cursor:  # the trigger is what refused
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applicants_disciplineoutcome DISABLE TRIGGER USER")
    assert own.update(decided_by=decider, **again) == 1


def test_without_the_guard_they_would_get_as_far_as_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the guard."""
    decider = opm_staff(OpmRole.HR_DECIDER)
    application = set_aside(asked(turned_down(decider)))
    for module in (guards, review):
        monkeypatch.setattr(module, "set_aside_for", lambda keys, user: set())
    with pytest.raises(IntegrityError, match="does not decide it again"), transaction.atomic():
        record_outcome(
            application=application,
            discipline=application.choices.get().discipline,
            expires_on=NEXT_YEAR,
            by=decider,
        )


def test_a_request_is_not_got_round_by_reopening_the_application() -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    thread = request_for_review(decider)
    application = thread.application
    with pytest.raises(TransitionRefused, match="Record its result there"):
        reopen_review(application=application, reason_code="error", by=decider)

    assert set_aside(thread).status == "in_review"  # by the result of the review it goes


# ── Attacks ───────────────────────────────────────────────────────────────────────────────────────
def test_a_foreign_address_of_a_review_is_not_there_and_leaves_no_trace() -> None:
    application = turned_down()
    strangers = [turned_down().applicant.user, UserFactory(), opm_staff(OpmRole.HR_DECIDER)]
    for user in strangers:
        assert Desk(user).get(of(application)).status_code == 404
        answer = Desk(user).post(of(application), {"key": uuid4(), "body": "Not mine."})
        assert answer.status_code == 404
    assert Desk(strangers[0]).get(f"/my/review/{uuid4()}/").status_code == 404
    assert not CaseThread.objects.exists()


def test_whoever_decided_gets_nowhere_with_the_pages_of_the_request() -> None:
    """Nor does the person, who also works in the office."""
    decider = opm_staff(OpmRole.HR_DECIDER)
    thread = request_for_review(decider)
    desk = Desk(decider)
    answers = {"outcome": "upheld", "reason_code": "nothing_new", "body": "It stands."}
    for name, data in (("take", {}), ("answer", {"body": "It stands."}), ("settle_review", answers)):
        answer = desk.post(act(thread, name), data, follow=True).content.decode()
        assert "This step is not open to you here" in answer, name
        assert "You took part in this decision, so somebody else reviews it." in answer
        assert f"/act/{name}/" not in answer
    thread.refresh_from_db()
    assert (thread.status, thread.owner, thread.messages.count()) == ("open", None, 1)


def test_the_same_form_twice_and_two_forms_at_once_are_one_request() -> None:
    application = turned_down()
    client = client_of(application.applicant.user)
    first, second = (letter(client, of(application), body=f"Form {n}") for n in range(2))
    client.post(of(application), first)
    client.post(of(application), first)
    answer = client.post(of(application), second)  # another tab, opened before
    assert answer.status_code == 422
    assert "reviewed once" in answer.content.decode()
    assert CaseThread.objects.get().messages.get().body == "Form 0"


@pytest.mark.parametrize(("late", "number"), [(-1, 1), (1, 0)])
def test_a_form_that_was_open_at_the_end_of_the_window(late: int, number: int) -> None:
    """A second before the end of the last day in Washington it is taken, a second after it is not."""
    with time_machine.travel(datetime.datetime(2026, 10, 26, 15, tzinfo=datetime.UTC), tick=False):
        application = turned_down()
        client = client_of(application.applicant.user)
        sent = letter(client, of(application), body="Look again.")
    end = datetime.datetime(2026, 11, 11, 5, tzinfo=datetime.UTC)  # summer time ended meanwhile
    with time_machine.travel(end + datetime.timedelta(seconds=late), tick=False):
        client.force_login(application.applicant.user)
        answer = client.post(of(application), sent)
    assert CaseThread.objects.count() == number
    assert answer.status_code == (302 if number else 422)


def test_a_form_about_one_decision_asks_about_no_other() -> None:
    application = turned_down()
    client = client_of(application.applicant.user)
    sent = letter(
        client, of(application), body="About the first.", decided_at=application.decided_at.isoformat()
    )
    reopen_review(application=application, reason_code="error", by=opm_staff(OpmRole.PROGRAM_MANAGER))
    decide_application(application=application, reason_code="experience", by=opm_staff(OpmRole.HR_DECIDER))

    answer = client.post(of(application), sent)

    assert answer.status_code == 409
    assert not CaseThread.objects.exists()
    for nonsense in ("2026-13-45T00:00", "yesterday", "x" * 41):
        assert client.post(of(application), {**sent, "decided_at": nonsense}).status_code in (302, 422)


def test_a_request_of_somebody_who_left_sets_nothing_aside() -> None:
    thread = asked(partly_turned_down())
    Application.objects.update(withdraws_at=thread.created_at - DAY)
    withdraw_due(by=User.objects.system())
    thread.refresh_from_db()
    if thread.status != "closed":
        set_aside(thread)
    assert Application.objects.get().status == "withdrawn"
