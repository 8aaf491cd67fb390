"""A change of duties: its step begins anew with a clock of its own, and the ethics office is told, once each (A26)."""

import datetime
from typing import Any

import pytest

from placements.models import ChecklistItem, Determination, Placement
from placements.services import (
    complete_item,
    end_placement_early,
    open_checklists,
    report_duty_change,
    screen_again,
    screen_case,
    send_item_back,
    sign_determination,
)
from techforce.accounts.models import User
from techforce.core.calendar import BusinessCalendar, today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.notifications import render
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import AgencyMembershipFactory
from tests.placements.agency_room import ETHICS, HR, MANAGER, SUPERVISOR, desk
from tests.placements.people import words_of
from tests.placements.serving import on_leave
from tests.placements.starting import staff

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving() -> Placement:
    return on_leave(served=90)


def report(placement: Placement, by: User, *, days_ago: int = 0, what: str = "duties") -> ChecklistItem:
    day = today() - days_ago * DAY
    return report_duty_change(placement=placement, happened_on=day, what=what, by=by)


def sign_again(placement: Placement, official: User) -> None:
    """The rules look at what is known today, and the ethics official signs what that means."""
    selection: Any = placement.selection
    about = Determination.objects.current().filter(selection=selection)
    current = about.first() or screen_case(case=selection, by=official)
    if current.status == "signed":
        current = screen_again(determination=current, reason_code="duties_changed", by=official)
    sign_determination(determination=current, result="recusal", by=official)


def record(item: ChecklistItem, official: User) -> ChecklistItem:
    return complete_item(item=item, outcome="recorded", effective_on=today(), by=official)


def changes(placement: Placement) -> list[tuple[int, str, datetime.date | None]]:
    items = ChecklistItem.objects.filter(checklist__placement=placement, code="A26")
    return list(items.order_by("occurrence").values_list("occurrence", "status", "event_on"))


def told() -> int:
    return OutboxMessage.objects.filter(template_key="duties_changed").count()


def test_the_supervisor_reports_it_and_the_clock_of_the_step_begins(serving: Placement) -> None:
    assert changes(serving) == [(1, "not_started", None)]
    item = report(serving, staff(serving, SUPERVISOR), days_ago=2)
    assert changes(serving) == [(1, "submitted", today() - 2 * DAY)]
    assert item.due_on == BusinessCalendar().add_business_days(today() - 2 * DAY, 5)
    assert item.next_reminder_at is not None


def test_the_ethics_office_is_told_once_and_nothing_of_what_changed(serving: Placement) -> None:
    official, supervisor = staff(serving, ETHICS), staff(serving, SUPERVISOR)
    for _each in range(2):
        report(serving, supervisor, what="contract")
    assert (len(changes(serving)), told()) == (1, 1)
    message = OutboxMessage.objects.get(template_key="duties_changed")
    assert message.recipient == official
    assert str(serving.applicant) not in render(message).body


def test_every_change_has_an_occurrence_and_a_date_of_its_own(serving: Placement) -> None:
    supervisor, official = staff(serving, SUPERVISOR), staff(serving, ETHICS)
    first = report(serving, supervisor, days_ago=20)
    second = report(serving, staff(serving, HR), days_ago=10, what="office")
    assert first.due_on is not None
    assert second.due_on is not None
    assert first.due_on < second.due_on
    sign_again(serving, official)
    record(first, official)
    third = report(serving, supervisor)
    assert [number for number, _status, _day in changes(serving)] == [1, 2, 3]
    second.refresh_from_db()
    calendar = BusinessCalendar()
    assert (second.due_on, third.due_on) == (
        calendar.add_business_days(today() - 10 * DAY, 5),
        calendar.add_business_days(today(), 5),
    )
    assert told() == 3
    sign_again(serving, official)
    for item in (second, third):
        record(item, official)
    assert changes(serving)[-1] == (4, "not_started", None)  # waits for the next one


def test_the_form_stands_on_the_page_of_the_placement(serving: Placement) -> None:
    address = f"/agency/placements/{serving.public_id}/"
    seat = desk(SUPERVISOR, serving.opening)
    assert "Report a change of duties" in words_of(seat.get(address))
    answer = seat.post(f"{address}report-change/", {"what": "duties", "happened_on": today()}, follow=True)
    assert "The ethics office is told." in words_of(answer)
    assert changes(serving)[0][:2] == (1, "submitted")
    assert desk(MANAGER, serving.opening).get(f"{address}report-change/").status_code == 404


def test_others_and_other_days_are_refused(serving: Placement) -> None:
    for role in (MANAGER, ETHICS):  # who records the step does not report the change
        with pytest.raises(NotPermitted):
            report(serving, staff(serving, role))
    with pytest.raises(Refused, match="Say what changed"):
        report(serving, staff(serving, HR), what="rumor")
    with pytest.raises(Refused, match="cannot lie in the future"):
        report(serving, staff(serving, HR), days_ago=-1)
    with pytest.raises(Refused, match="before this placement"):
        report(serving, staff(serving, HR), days_ago=91)
    outside: Placement = made.PlacementFactory()  # type: ignore[assignment]
    open_checklists(outside)
    with pytest.raises(Refused, match="asks for no new screen"):
        report(outside, staff(outside, HR))
    assert told() == 0


def test_a_report_that_came_back_keeps_its_step_and_the_next_change_has_another(serving: Placement) -> None:
    hr, official = staff(serving, HR), staff(serving, ETHICS)
    returned = report(serving, hr, days_ago=3)
    send_item_back(item=returned, reason_code="incomplete", by=official)
    assert report(serving, hr, days_ago=1).pk != returned.pk
    again = report(serving, hr, days_ago=3)
    assert (again.pk, again.status) == (returned.pk, "submitted")


def test_two_changes_of_one_day_are_two_and_each_is_told(serving: Placement) -> None:
    hr = staff(serving, HR)
    staff(serving, ETHICS)
    first, second = report(serving, hr), report(serving, hr, what="office")
    assert (len({first.pk, second.pk}), told()) == (2, 2)
    assert report(serving, hr).pk == first.pk
    assert [status for _number, status, _day in changes(serving)] == ["submitted", "submitted"]


def test_a_report_that_came_back_may_say_something_else_of_the_same_day(serving: Placement) -> None:
    hr, official = staff(serving, HR), staff(serving, ETHICS)
    item = report(serving, hr)
    send_item_back(item=item, reason_code="incorrect", by=official)
    again = report(serving, hr, what="contract")
    assert (again.pk, again.status) == (item.pk, "submitted")


def test_a_change_that_was_answered_is_not_reported_again(serving: Placement) -> None:
    hr, official = staff(serving, HR), staff(serving, ETHICS)
    item = report(serving, hr)
    sign_again(serving, official)
    record(item, official)
    with pytest.raises(Refused, match="has answered it"):
        report(serving, hr)


def test_of_service_that_is_over_no_change_is_reported(serving: Placement) -> None:
    hr = staff(serving, HR)
    end_placement_early(placement=serving, ended_on=today(), reason="resigned", by=hr)
    with pytest.raises(Refused, match="This placement is over"):
        report(serving, hr)


def test_whoever_reported_it_does_not_record_the_new_screen(serving: Placement) -> None:
    both = staff(serving, HR)
    AgencyMembershipFactory(user=both, agency=serving.opening.agency, role=ETHICS)
    item = report(serving, User.objects.get(pk=both.pk))
    with pytest.raises(Refused, match="because you handed it in"):
        complete_item(item=item, outcome="recorded", effective_on=today(), by=User.objects.get(pk=both.pk))


# ── What the change means is decided before its step is done ──────────────────────────────────────
def test_a_change_is_done_only_after_a_decision_that_is_newer_than_the_report(serving: Placement) -> None:
    supervisor, official = staff(serving, SUPERVISOR), staff(serving, ETHICS)
    with pytest.raises(Refused, match="Nobody has reported a change"):
        record(ChecklistItem.objects.get(checklist__placement=serving, code="A26"), official)
    sign_again(serving, official)  # before it
    item = report(serving, supervisor)
    with pytest.raises(Refused, match="since the change was reported"):
        record(item, official)
    current = Determination.objects.current().get(selection=serving.selection)
    proposed = screen_again(determination=current, reason_code="duties_changed", by=official)
    with pytest.raises(Refused, match="since the change was reported"):
        record(item, official)  # proposed, and not signed
    sign_determination(determination=proposed, result="clear", by=official)
    assert record(item, official).status == "done"


def test_a_decision_that_waits_beside_a_signed_one_is_no_answer(serving: Placement) -> None:
    item, official = report(serving, staff(serving, SUPERVISOR)), staff(serving, ETHICS)
    sign_again(serving, official)
    waiting: Any = made.DeterminationFactory(selection=None, placement=serving)
    with pytest.raises(Refused, match="since the change was reported"):
        record(item, official)
    sign_determination(determination=waiting, result="clear", by=official)
    assert record(item, official).status == "done"


def test_another_persons_decision_answers_nothing(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    item = report(serving, staff(serving, SUPERVISOR))
    other: Any = made.SelectionFactory(opening=serving.opening)
    sign_determination(determination=screen_case(case=other, by=official), result="clear", by=official)
    with pytest.raises(Refused, match="since the change was reported"):
        record(item, official)


def test_several_steps_at_once_do_not_pass_it_by(serving: Placement) -> None:
    item = report(serving, staff(serving, SUPERVISOR))
    seat = desk(ETHICS, serving.opening)
    answer = seat.post("/agency/steps/record/", {"item": item.public_id, "effective_on": today()})
    assert answer.status_code == 422
    assert "No conflict review was signed" in words_of(answer)
    assert changes(serving)[0][1] == "submitted"
