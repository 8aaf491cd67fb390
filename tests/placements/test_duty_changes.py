"""A change of duties: its step begins anew with a clock of its own, and the ethics office is told, once each (A26)."""

import datetime

import pytest
from django.utils import timezone

from placements.checklists import STOPPING_GATES
from placements.models import ChecklistItem, Placement
from placements.services import complete_item, open_checklists, redate, report_duty_change, seed_placements
from techforce.accounts.models import User
from techforce.core.calendar import BusinessCalendar, today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.notifications import render
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import AgencyMembershipFactory
from tests.factories.partners import LeaveFactory
from tests.factories.program import VettingTierFactory
from tests.placements.agency_room import ETHICS, HR, MANAGER, SUPERVISOR, desk
from tests.placements.people import words_of
from tests.placements.starting import staff

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving() -> Placement:
    """On leave of absence from a company, since three months."""
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    seed_placements()
    begun = timezone.now() - 90 * DAY
    placement: Placement = made.LentPlacementFactory(status="active", entry_recorded_at=begun)  # type: ignore[assignment]
    LeaveFactory(nomination=placement.nomination)
    Placement.objects.filter(pk=placement.pk).update(created_at=begun)
    open_checklists(placement)
    ChecklistItem.objects.filter(checklist__placement=placement, gate__in=STOPPING_GATES).update(gate="none")
    redate([placement], by=User.objects.system())
    return placement


def report(placement: Placement, by: User, *, days_ago: int = 0, what: str = "duties") -> ChecklistItem:
    day = today() - days_ago * DAY
    return report_duty_change(placement=placement, happened_on=day, what=what, by=by)


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
    complete_item(item=first, outcome="recorded", effective_on=today(), by=official)
    third = report(serving, supervisor)
    assert [number for number, _status, _day in changes(serving)] == [1, 2, 3]
    second.refresh_from_db()
    calendar = BusinessCalendar()
    assert (second.due_on, third.due_on) == (
        calendar.add_business_days(today() - 10 * DAY, 5),
        calendar.add_business_days(today(), 5),
    )
    assert told() == 3
    for item in (second, third):
        complete_item(item=item, outcome="recorded", effective_on=today(), by=official)
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
    with pytest.raises(NotPermitted):
        report(serving, staff(serving, MANAGER))
    with pytest.raises(Refused, match="cannot lie in the future"):
        report(serving, staff(serving, HR), days_ago=-1)
    with pytest.raises(Refused, match="before this placement"):
        report(serving, staff(serving, HR), days_ago=91)
    outside: Placement = made.PlacementFactory()  # type: ignore[assignment]
    open_checklists(outside)
    with pytest.raises(Refused, match="asks for no new screen"):
        report(outside, staff(outside, HR))
    assert told() == 0


def test_whoever_reported_it_does_not_record_the_new_screen(serving: Placement) -> None:
    both = staff(serving, HR)
    AgencyMembershipFactory(user=both, agency=serving.opening.agency, role=ETHICS)
    item = report(serving, User.objects.get(pk=both.pk))
    with pytest.raises(Refused, match="because you handed it in"):
        complete_item(item=item, outcome="recorded", effective_on=today(), by=User.objects.get(pk=both.pk))
