"""Who hears of a step that was returned, of a former employer's year, of an assessment that ran out and of an interview
whose outcome nobody recorded; and what a reminder says beside its date."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core import mail

from agencies.models import AgencyRole
from applicants.models import Interview
from applicants.reminders.talks import where_it_is_recorded
from applicants.services import expire_invitations, record_interview_outcome
from placements import services
from placements.models import ChecklistItem
from placements.reminders.ladders import DECLARED
from placements.reminders.notes import TO_STAFF, TO_THE_PERSON
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.calendar import EASTERN
from techforce.core.mail import mailer
from techforce.core.models import OutboxMessage, ReminderLedger
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import AgencyInterviewFactory, AssessmentInvitationFactory
from tests.factories.partners import SeparationFactory
from tests.placements.reminding import beside, owner_of, step
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2027, 6, 7)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(at(MONDAY), tick=False) as traveller:
        yield traveller


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=EASTERN)


def told(clock: Any, rule: str, days: range) -> dict[int, set[User]]:
    """Who hears by this rule, so many days after the Monday."""
    found = {}
    for number in days:
        clock.move_to(at(MONDAY + number * DAY, 11), tick=False)
        before = set(ReminderLedger.objects.values_list("pk", flat=True))
        reminders.sweep()
        new = ReminderLedger.objects.filter(rule=rule).exclude(pk__in=before).select_related("recipient")
        if people := {entry.recipient for entry in new}:
            found[number] = people
    return found


# ── A step that was returned ──────────────────────────────────────────────────────────────────────
def handed_in(gate: str = "firm_offer") -> tuple[ChecklistItem, User]:
    item = made.ChecklistItemFactory(
        step__code="V09",
        status="submitted",
        gate=gate,
        owner_role="candidate",
        recorder_role="security_officer",
    )
    return item, agency_member(AgencyRole.SECURITY_OFFICER, agency=item.checklist.placement.opening.agency)


@pytest.mark.parametrize("gate", ["firm_offer", "none"])
def test_who_has_to_correct_a_step_hears_at_once_and_again_and_then_security_too(
    clock: Any, gate: str
) -> None:
    item, officer = handed_in(gate)
    services.send_item_back(item=item, reason_code="incomplete", by=officer)
    while mailer.send_due():
        pass
    assert owner_of(item).email in {sent.to[0] for sent in mail.outbox}
    assert told(clock, "step_returned", range(10)) == {2: {owner_of(item)}, 7: {owner_of(item), officer}}


def test_who_corrected_it_is_left_alone(clock: Any) -> None:
    item, officer = handed_in()
    services.send_item_back(item=item, reason_code="incomplete", by=officer)
    item.refresh_from_db()
    assert set(told(clock, "step_returned", range(3))) == {2}
    services.hand_in_items(items=[item], by=owner_of(item))
    assert told(clock, "step_returned", range(3, 10)) == {}


def test_a_step_that_comes_back_after_its_own_date_is_asked_for_by_its_own_ladder(clock: Any) -> None:
    """Which begins again at once."""
    item, officer = handed_in()
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=MONDAY - 3 * DAY, undated_reason="")
    services.send_item_back(item=item, reason_code="incomplete", by=officer)
    assert told(clock, "checklist_item", range(2))[0] == {owner_of(item)}
    assert told(clock, "step_returned", range(2, 10)) == {}


def test_who_corrects_it_in_the_night_before_gets_no_mail(clock: Any) -> None:
    """What is watched is compared every few minutes only; a mail looks again when it leaves."""
    item, officer = handed_in()
    services.send_item_back(item=item, reason_code="incomplete", by=officer)
    clock.move_to(at(MONDAY + 2 * DAY, 1), tick=False)
    reminders.sweep()
    item.refresh_from_db()
    services.hand_in_items(items=[item], by=owner_of(item))
    clock.move_to(at(MONDAY + 2 * DAY, 11), tick=False)
    while mailer.send_due():
        pass
    assert OutboxMessage.objects.get(template_key="step_returned").delivery == "cancelled"


# ── The year after a company ──────────────────────────────────────────────────────────────────────
def test_two_weeks_before_the_year_of_a_former_employer_ends(clock: Any) -> None:
    placement = made.LentPlacementFactory(
        kind="separation", status="active", entry_recorded_at=at(MONDAY), starts_on=MONDAY - 340 * DAY
    )
    SeparationFactory(nomination=placement.nomination, last_day_on=datetime.date(2026, 6, 23))
    ethics = agency_member(AgencyRole.ETHICS_OFFICIAL, agency=placement.opening.agency)
    found = told(clock, "former_employer_year", range(20))
    assert found == {2: {placement.applicant.user, ethics}}


# ── Assessments and interviews ────────────────────────────────────────────────────────────────────
def test_case_managers_hear_of_an_assessment_that_ran_out(clock: Any) -> None:
    manager = opm_staff(OpmRole.CASE_MANAGER)
    invitation = AssessmentInvitationFactory(
        step__status="invited",
        step__application__status="in_review",
        invited_at=at(MONDAY - 5 * DAY),
        expires_at=at(MONDAY + 2 * DAY, 9),
    )
    assert told(clock, "assessment_expired", range(2)) == {}
    clock.move_to(at(MONDAY + 2 * DAY), tick=False)
    expire_invitations(by=User.objects.system())
    assert told(clock, "assessment_expired", range(2, 9)) == {2: {manager}}
    page = f"/admin/applicants/assessmentstep/{invitation.step_id}/change/"
    assert Desk(manager).get(page).status_code == 200


def held_today() -> tuple[Interview, User, User]:
    """An agency's interview, who set it up, and another hiring manager."""
    interview = AgencyInterviewFactory(starts_at=at(MONDAY, 13), ends_at=at(MONDAY, 14))
    opening: Any = interview.opening
    chair, other = (agency_member(AgencyRole.HIRING_MANAGER, agency=opening.agency) for _n in range(2))
    record_event("applicants.interview:offer", subject=interview, by=chair)
    return interview, chair, other


def test_whoever_set_an_interview_up_is_asked_what_became_of_it_and_then_the_managers(clock: Any) -> None:
    interview, chair, other = held_today()
    found = told(clock, "interview_unrecorded", range(5))
    assert found == {1: {chair}, 3: {chair}}
    assert Desk(chair).get(where_it_is_recorded(interview, chair)).status_code == 200
    record_interview_outcome(interview=interview, is_held=True, by=other)
    assert told(clock, "interview_unrecorded", range(5, 12)) == {}


def test_without_an_outcome_all_hiring_managers_hear_in_the_second_week(clock: Any) -> None:
    _interview, chair, other = held_today()
    assert told(clock, "interview_unrecorded", range(9))[7] == {chair, other}


# ── What a mail adds to its date ──────────────────────────────────────────────────────────────────
def mails_of(clock: Any, day: datetime.date) -> dict[str, str]:
    clock.move_to(at(day), tick=False)
    mail.outbox.clear()
    reminders.sweep()
    clock.move_to(at(day) + datetime.timedelta(hours=23), tick=False)
    while mailer.send_due():
        pass
    return {sent.to[0]: str(sent.body) for sent in mail.outbox}


def test_staff_read_that_a_start_is_at_risk_and_the_person_does_not(clock: Any) -> None:
    item = step("A09", due_on=MONDAY)
    hr = agency_member(AgencyRole.HR_SPECIALIST, agency=item.checklist.placement.opening.agency)
    found = mails_of(clock, MONDAY + 3 * DAY)
    assert "the start is at risk" in found[hr.email]
    assert "at risk" not in found[owner_of(item).email]


def test_before_the_day_of_a_disclosure_the_person_reads_that_more_time_can_be_asked_for(clock: Any) -> None:
    item = step("A19", due_on=MONDAY + 15 * DAY)
    assert "If you need more time" in mails_of(clock, MONDAY + DAY)[owner_of(item).email]
    assert "If you need more time" not in mails_of(clock, MONDAY + 16 * DAY)[owner_of(item).email]


def test_every_word_for_a_sentence_is_known_and_used() -> None:
    used = {word for one in DECLARED.values() for word in one.notes.values()}
    assert used == {*TO_THE_PERSON, *TO_STAFF}


# ── Notices of the law ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("is_legal", "days"), [(True, [8, 8]), (False, [8, 9])])
def test_no_cap_holds_back_what_the_law_made_late(clock: Any, is_legal: bool, days: list[int]) -> None:
    """Two are late on the Tuesday; where practice set the day, one waits for the next."""
    first = step("A19", due_on=MONDAY, step__is_legal=is_legal)
    beside(first, "A11", due_on=MONDAY, step__is_legal=is_legal)
    clock.move_to(at(MONDAY + DAY, 1), tick=False)
    reminders.sweep()
    entries = ReminderLedger.objects.filter(recipient=owner_of(first)).select_related("message")
    messages = [entry.message for entry in entries if entry.message]
    assert sorted(message.not_before.astimezone(EASTERN).day for message in messages) == days
    assert {message.message_class for message in messages} == {"legal" if is_legal else "reminder"}
