"""Cases: who reads and answers them, by when, and how they end."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Application, CaseMessage, CaseThread, CaseTopic
from applicants.reminders import CASE
from applicants.services import (
    answer_case,
    ask_for_information,
    ask_for_review,
    assign_case,
    close_case,
    guards,
    open_case,
    request_withdrawal,
    settle_review,
    withdraw_due,
    write_to_case,
    write_to_person,
)
from applicants.services.cases import threads
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import reassign_all
from techforce.core import reminders
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.mail.notifications import render
from techforce.core.models import AuditEvent, OutboxMessage, ReminderLedger
from techforce.core.workflow import transition
from tests.applicants.asking import DAY, accommodation, act, case_about, page, request_for_review, turned_down
from tests.applicants.filling import Person, at, draft, typed
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import (
    CaseThreadFactory,
    RatingFactory,
    RecusalFactory,
    SubmittedApplicationFactory,
)
from tests.placements.people import client_of, read
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

CARING = {OpmRole.CASE_MANAGER, OpmRole.PROGRAM_MANAGER}
READERS = dict.fromkeys(CaseTopic.values, CARING) | {
    CaseTopic.INFORMATION: CARING | {OpmRole.HR_DECIDER},
    CaseTopic.REVIEW_REQUEST: CARING | {OpmRole.HR_DECIDER},
}


# ── Who reads ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("topic", CaseTopic.values)
def test_a_case_is_read_by_the_person_and_by_those_who_answer(topic: str) -> None:
    thread = case_about(topic)
    asker = thread.application.applicant.user
    for _rater in range(
        2
    ):  # a rater who has rated reads the application, and still not what its author writes
        RatingFactory(application=thread.application, submitted_at=timezone.now())
    rater = thread.application.ratings.last().rater
    others = [rater, agency_member(), SubmittedApplicationFactory().applicant.user]
    staff = {role: opm_staff(role) for role in OpmRole.values}
    readers = {role for role, user in staff.items() if CaseThread.objects.visible_to(user).exists()}
    assert readers == READERS[topic]
    assert CaseThread.objects.visible_to(asker).get() == thread
    assert not any(CaseThread.objects.visible_to(user).exists() for user in others)


def test_whoever_also_rates_reads_no_case_and_whoever_also_decides_no_accommodation() -> None:
    thread, question = accommodation(), CaseThreadFactory()
    manager = OpmRole.CASE_MANAGER
    assert not CaseThread.objects.visible_to(opm_staff(manager, OpmRole.REVIEWER)).exists()
    assert CaseThread.objects.visible_to(opm_staff(manager, OpmRole.HR_DECIDER)).get() == question
    recused = RecusalFactory(user=opm_staff(manager), applicant=thread.application.applicant).user
    assert CaseThread.objects.visible_to(recused).get() == question


def test_the_pages_of_a_case_are_closed_to_strangers() -> None:
    thread = CaseThreadFactory()
    for user in (
        SubmittedApplicationFactory().applicant.user,
        agency_member(),
        opm_staff(OpmRole.CASE_MANAGER),
    ):
        assert Desk(user).get(page(thread)).status_code == 404
    for role in (OpmRole.REVIEWER, OpmRole.AUDITOR):
        desk = Desk(opm_staff(role))
        assert desk.post(act(thread, "answer"), {"body": "Hello"}).status_code == 404
        assert desk.get("/admin/questions/").status_code == 403
    assert not CaseMessage.objects.exists()


# ── Question and answer ───────────────────────────────────────────────────────────────────────────
def test_a_question_is_answered_by_whoever_takes_it_and_the_mail_says_nothing_of_it() -> None:
    application, manager = SubmittedApplicationFactory(), opm_staff(OpmRole.CASE_MANAGER)
    person = application.applicant.user
    thread = open_case(application=application, body="When do I hear?", by=person)
    desk = Desk(manager)
    assert application.reference_number in desk.get("/admin/questions/").content.decode()

    desk.post(act(thread, "take"))
    desk.post(act(thread, "answer"), {"body": "By <b>Friday</b>."})

    thread.refresh_from_db()
    assert (thread.status, thread.owner, thread.due_on) == ("answered", manager, None)
    assert "By <b>Friday</b>." in read(person, page(thread))
    mail = OutboxMessage.objects.get(template_key="case_answered")
    assert mail.recipient == person
    assert page(thread) in render(mail).body
    assert not {"Friday", "question", "Question"} & set(render(mail).body.split())


def test_the_office_closes_and_reopens_a_case() -> None:
    thread, desk = CaseThreadFactory(), Desk(opm_staff(OpmRole.CASE_MANAGER))
    person = thread.application.applicant.user
    desk.post(act(thread, "close"))
    with pytest.raises(Refused, match="closed"):
        write_to_case(thread=thread, body="One more thing.", by=person)
    desk.post(act(thread, "reopen"))
    write_to_case(thread=thread, body="One more thing.", by=person)
    thread.refresh_from_db()
    assert (thread.status, thread.closed_at) == ("open", None)


def test_a_case_is_due_in_business_days_and_the_date_moves_with_each_message() -> None:
    with time_machine.travel(datetime.datetime(2026, 11, 25, 15, tzinfo=datetime.UTC)):  # before Thanksgiving
        application, manager = SubmittedApplicationFactory(), opm_staff(OpmRole.CASE_MANAGER)
        person = application.applicant.user
        thread = open_case(application=application, body="When?", by=person)
        assert thread.due_on == datetime.date(2026, 12, 3)
        answer_case(thread=thread, body="Which day?", reply_by=datetime.date(2026, 12, 1), by=manager)
        thread.refresh_from_db()
        assert (thread.status, thread.due_on) == ("asked", datetime.date(2026, 12, 1))
        assert "Answer the program office December 1, 2026" in read(person)
        write_to_case(thread=thread, body="Monday.", by=person)
        thread.refresh_from_db()
        assert (thread.status, thread.due_on) == ("open", datetime.date(2026, 12, 3))


def test_the_owner_is_reminded_in_the_digest_and_before_there_is_one_all_who_may_answer() -> None:
    thread, (owner, other) = CaseThreadFactory(), (opm_staff(OpmRole.CASE_MANAGER) for _n in range(2))
    opm_staff(OpmRole.AUDITOR)
    CaseThread.objects.update(due_on=today(), next_reminder_at=timezone.now() - DAY)
    reminders.sweep()
    assert set(ReminderLedger.objects.values_list("recipient", flat=True)) == {owner.pk, other.pk}

    assign_case(thread=thread, owner=owner, by=other)
    CaseThread.objects.update(
        due_on=today() - 3 * DAY, next_reminder_at=timezone.now() - DAY, reminder_cycle=9
    )
    reminders.sweep()
    late = ReminderLedger.objects.get(cycle=9)
    assert (late.recipient, late.message.message_class) == (owner, "digest")
    assert f"/admin/applicants/casethread/{thread.pk}/" in render(late.message).body
    assert "1" in words_of_card("Cases past their date", Desk(other))


def test_the_owner_of_many_cases_is_looked_up_once() -> None:
    owner = opm_staff(OpmRole.CASE_MANAGER)
    asked = []
    for _n in range(2):
        CaseThreadFactory.create_batch(3, owner=owner)
        rows = list(CASE.rows().select_related(*CASE.related))
        with CaptureQueriesContext(connection) as queries:
            found = CASE.recipients([(row, None) for row in rows])
        assert found == {row.pk: [owner] for row in rows}
        asked.append(len(queries))
    assert asked[0] == asked[1]


def words_of_card(label: str, desk: Desk) -> str:
    return next(entry["count"] for entry in desk.get("/admin/").context["work"] if entry["label"] == label)


def test_nobody_sends_more_than_twenty_messages_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    thread = CaseThreadFactory()
    person = thread.application.applicant.user
    for number in range(threads.MOST_MESSAGES):
        write_to_case(thread=thread, body=f"Message {number}", by=person)
    with pytest.raises(Refused, match="20 messages in a day"):
        write_to_case(thread=thread, body="And another", by=person)
    with time_machine.travel(timezone.now() + 2 * DAY):
        write_to_case(thread=thread, body="The day after", by=person)

    monkeypatch.setattr(threads, "MOST_MESSAGES", 1_000)  # the limit is what refused
    write_to_case(thread=thread, body="And another", by=person)


# ── Information ───────────────────────────────────────────────────────────────────────────────────
def test_a_request_for_information_is_a_task_with_a_date_and_ends_with_its_answer() -> None:
    application = SubmittedApplicationFactory(status="in_review")
    person, decider = application.applicant.user, opm_staff(OpmRole.HR_DECIDER)
    Desk(decider).post(
        f"/admin/applicants/application/{application.pk}/act/ask_for_information/",
        {"reason_code": "dates_unclear", "question": "March or June?", "due_on": today() + 9 * DAY},
    )
    assert "Send the information that we asked for" in read(person)
    assert "March or June?" in read(person, "/my/information/")
    thread = application.case_threads.get()
    assert thread.due_on == today() + 9 * DAY

    client_of(person).post("/my/information/", {"body": "June."})
    thread.refresh_from_db()
    assert (thread.status, thread.messages.count()) == ("closed", 2)
    assert "June." in Desk(decider).get(f"/admin/applicants/casethread/{thread.pk}/change/").content.decode()


def test_whoever_withdraws_is_asked_for_nothing_any_more() -> None:
    application = SubmittedApplicationFactory(status="in_review")
    decider = opm_staff(OpmRole.HR_DECIDER)
    ask_for_information(application=application, reason_code="other", by=decider)
    request_withdrawal(application=application, by=application.applicant.user)
    with time_machine.travel(timezone.now() + 2 * DAY):
        withdraw_due(by=User.objects.system())
    assert application.case_threads.get().status == "closed"


def test_the_cases_of_a_leaver_go_to_a_successor_who_may_work_them() -> None:
    leaver, successor = opm_staff(OpmRole.PROGRAM_MANAGER), opm_staff(OpmRole.CASE_MANAGER)
    question, review = CaseThreadFactory(owner=leaver), request_for_review()
    assign_case(thread=review, owner=leaver, by=leaver)
    moved = reassign_all(leaver=leaver, to=successor, by=opm_staff(OpmRole.ADMINISTRATOR))
    assert moved["applicants.cases"] == 1
    question.refresh_from_db()
    assert question.owner == successor
    assert AuditEvent.objects.about(question).get().detail == {"owner": successor.pk}


def test_the_office_writes_first_and_asks_for_an_answer() -> None:
    application = SubmittedApplicationFactory()
    Desk(opm_staff(OpmRole.CASE_MANAGER)).post(
        f"/admin/applicants/application/{application.pk}/act/write/",
        {"body": "Is your number still right?", "reply_by": today() + 5 * DAY},
    )
    assert "Answer the program office" in read(application.applicant.user)
    with pytest.raises(NotPermitted):
        write_to_person(application=application, body="Hello", by=opm_staff(OpmRole.HR_DECIDER))


# ── Accommodation ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def asked_in_a_draft() -> CaseThread:
    """By the box of the form, before anything is submitted: the form may be what is hard to use."""
    opm_staff(OpmRole.CASE_MANAGER)
    application = draft()
    person = Person(application.applicant.user)
    person.fill(at(application, "support"), has_accommodation_request="on")
    return application.case_threads.get()


def test_the_box_of_the_form_begins_a_case_with_an_owner_and_a_date(asked_in_a_draft: CaseThread) -> None:
    thread = asked_in_a_draft
    assert (thread.topic, thread.status) == ("accommodation", "open")
    assert thread.owner is not None
    said = read(thread.application.applicant.user, page(thread))
    assert f"We received your request for an accommodation. {thread.owner} of the program office" in said


def test_the_box_unticked_ends_the_case_and_ticked_again_begins_another(asked_in_a_draft: CaseThread) -> None:
    application = asked_in_a_draft.application
    person, form = Person(application.applicant.user), at(application, "support")
    person.post(form, {**typed(person.get(form)), "has_accommodation_request": ""})
    person.fill(form, has_accommodation_request="on")
    person.fill(form, has_accommodation_request="on", veterans_preference="tp")
    assert list(application.case_threads.order_by("pk").values_list("status", "outcome")) == [
        ("closed", "given_up"),
        ("open", ""),
    ]


def last_event(thread: CaseThread) -> tuple[Any, ...]:
    event = AuditEvent.objects.about(thread).order_by("pk").last()
    return event.action, event.from_state, event.to_state, event.reason_code, event.detail


def test_an_accommodation_is_settled_with_an_outcome_that_only_its_case_tells() -> None:
    thread, manager = accommodation(), opm_staff(OpmRole.CASE_MANAGER)
    desk = Desk(manager)
    assert thread.application.reference_number in desk.get("/admin/accommodations/").content.decode()
    desk.post(act(thread, "settle_accommodation"), {"outcome": "arranged", "body": "You have double time."})
    thread.refresh_from_db()
    assert (thread.status, thread.outcome, thread.owner) == ("closed", "arranged", manager)
    assert "What you asked for is arranged." in read(thread.application.applicant.user, page(thread))
    question = CaseThreadFactory()
    close_case(thread=question, by=manager)
    # The audit does not tell the end of one from the end of the other.
    assert last_event(thread) == last_event(question)
    told = str(list(AuditEvent.objects.values_list("action", "reason_code", "detail", "to_state")))
    mail = render(OutboxMessage.objects.get(template_key="case_answered")).body
    assert not any(word in text for text in (told, mail) for word in ("accommodation", "arranged", "double"))


def test_an_accommodation_is_not_reopened_beside_a_newer_one() -> None:
    old, desk = accommodation(), Desk(opm_staff(OpmRole.CASE_MANAGER))
    desk.post(act(old, "settle_accommodation"), {"outcome": "arranged", "body": "You have double time."})
    newer = open_case(
        application=old.application, topic="accommodation", body="More.", by=old.application.applicant.user
    )
    assert "newer request" in desk.post(act(old, "reopen")).content.decode()

    desk.post(act(newer, "settle_accommodation"), {"outcome": "arranged", "body": "That too."})
    desk.post(act(old, "reopen"))
    assert list(CaseThread.objects.not_closed()) == [old]


def test_that_somebody_asked_is_not_on_the_page_of_those_who_decide() -> None:
    application = accommodation().application
    address = f"/admin/applicants/application/{application.pk}/change/"
    label = "asks for an accommodation"
    assert label not in Desk(opm_staff(OpmRole.HR_DECIDER)).get(address).content.decode().lower()
    assert label in Desk(opm_staff(OpmRole.CASE_MANAGER)).get(address).content.decode().lower()


# ── Review of a decision ──────────────────────────────────────────────────────────────────────────
def test_a_review_is_asked_for_once_and_in_time() -> None:
    application = turned_down()
    person = application.applicant.user
    with time_machine.travel(application.decided_at + 17 * DAY), pytest.raises(Refused, match="is over"):
        ask_for_review(application=application, body="Look again.", by=person)
    ask_for_review(application=application, body="Look again.", by=person)
    with pytest.raises(Refused, match="reviewed once"):
        ask_for_review(application=application, body="And again.", by=person)
    with pytest.raises(Refused, match="no decision"):
        undecided = SubmittedApplicationFactory()
        ask_for_review(application=undecided, body="?", by=undecided.applicant.user)


def test_whoever_decided_or_rated_does_not_review() -> None:
    decider = opm_staff(OpmRole.HR_DECIDER)
    thread = request_for_review(decider)
    rater = opm_staff(OpmRole.PROGRAM_MANAGER)
    RatingFactory(application=thread.application, rater=rater, submitted_at=timezone.now())
    answers: dict[str, Any] = {"outcome": "upheld", "reason_code": "nothing_new", "body": "It stands."}
    for user in (decider, rater):
        with pytest.raises(NotPermitted, match="somebody else"):
            settle_review(thread=thread, by=user, **answers)
        with pytest.raises(NotPermitted, match="somebody else"):
            assign_case(thread=thread, owner=user, by=opm_staff(OpmRole.HR_DECIDER))
        with pytest.raises(NotPermitted, match="somebody else"):
            assign_case(thread=thread, owner=opm_staff(OpmRole.HR_DECIDER), by=user)
        with pytest.raises(TransitionRefused, match="somebody else"):
            transition(thread, "answer", by=user)
    with pytest.raises(IntegrityError, match="case_review_by_somebody_else"), transaction.atomic():
        CaseThread.objects.update(owner=decider)

    settle_review(thread=thread, by=opm_staff(OpmRole.HR_DECIDER), **answers)
    thread.application.refresh_from_db()
    assert thread.application.status == "not_qualified"
    assert "the decision stands" in read(thread.application.applicant.user, page(thread))


def test_without_the_constraint_the_database_would_take_the_first_decider() -> None:
    """The negative control of the constraint."""
    thread = request_for_review()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE applicants_casethread DROP CONSTRAINT case_review_by_somebody_else")
    assert CaseThread.objects.update(owner=thread.decided_by) == 1


def test_without_the_guard_a_rater_would_review(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the guard."""
    thread, rater = request_for_review(), opm_staff(OpmRole.PROGRAM_MANAGER)
    RatingFactory(application=thread.application, rater=rater, submitted_at=timezone.now())
    for module in (guards, threads):
        monkeypatch.setattr(module, "reviews_of_their_own", lambda rows, user: set())
    answers = {"outcome": "upheld", "reason_code": "nothing_new", "body": "It stands."}
    assert settle_review(thread=thread, by=rater, **answers).owner == rater


def test_a_decision_set_aside_is_taken_again() -> None:
    thread, desk = request_for_review(), Desk(opm_staff(OpmRole.PROGRAM_MANAGER))
    answers = {"outcome": "changed", "reason_code": "nothing_new", "body": "We look again."}
    assert desk.post(act(thread, "settle_review"), answers).status_code == 422  # no reason to set it aside
    desk.post(act(thread, "settle_review"), answers | {"reason_code": "error"})
    thread.refresh_from_db()
    application = Application.objects.get(pk=thread.application_id)
    assert (thread.outcome, thread.reason_code, application.status) == ("changed", "error", "in_review")
    person = application.applicant.user
    assert "Your application is in review again" in read(person, page(thread))
    assert OutboxMessage.objects.filter(template_key="case_answered", recipient=person).count() == 1


# ── What cannot be ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("topic", "values", "rule"),
    [
        ("question", {"due_on": None}, "case_due_iff_somebody_must_write"),
        ("question", {"outcome": "arranged"}, "case_ends_with_its_outcome"),
        ("question", {"decided_at": timezone.now()}, "case_review_names_the_decision"),
        ("question", {"closed_at": timezone.now() + DAY}, "case_closed_at_iff_closed"),
        ("accommodation", {"outcome": "upheld"}, "case_ends_with_its_outcome"),
        ("review_request", {"decided_by": None}, "case_review_names_the_decision"),
        ("review_request", {"outcome": "upheld", "reason_code": "error"}, "case_ends_with_its_outcome"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(topic: str, values: dict[str, Any], rule: str) -> None:
    thread = case_about(topic)
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        CaseThread.objects.filter(pk=thread.pk).update(**values)
