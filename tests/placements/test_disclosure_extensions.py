"""More time for a financial disclosure: asked for in time by the filer, answered and signed by the ethics official,
within the days that the law allows (5 CFR 2634.903(d), 2634.201(g))."""

import datetime
from typing import Any

import pytest

from placements.models import ChecklistItem, DisclosureExtension, Placement
from placements.services import (
    ask_for_extension,
    complete_item,
    decline_extension,
    grant_extension,
    hand_in_items,
    redate,
    withdraw_extension,
)
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.notifications import render
from techforce.core.models import AuditEvent, OutboxMessage, ReminderLedger
from tests.factories.accounts import DelegationFactory, opm_staff
from tests.factories.agencies import AgencyMembershipFactory, PublishedOpeningFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.asking_for_time import WHY, ask, report, url_of
from tests.placements.people import client_of, read, words_of
from tests.placements.serving import DAY, on_leave
from tests.placements.starting import staff
from tests.placements.vetting_desk import step
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving() -> Placement:
    """Ten days in: the report of a new entrant is due in twenty."""
    return on_leave(served=10)


def told(key: str) -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template_key=key).order_by("pk"))


# ── The way of a request ──────────────────────────────────────────────────────────────────────────
def test_the_filer_asks_and_the_official_grants_on_their_own_pages(serving: Placement) -> None:
    person, seat = client_of(serving.applicant.user), desk(ETHICS, serving.opening)
    due_on = report(serving).due_on
    assert due_on == today() + 20 * DAY
    assert url_of(serving) in person.get("/my/service/").content.decode()
    missing = person.post(url_of(serving), {"days": "0", "reason": ""})
    assert (missing.status_code, DisclosureExtension.objects.count()) == (422, 0)
    asked = words_of(person.post(url_of(serving), {"days": "30", "reason": WHY}, follow=True))
    assert "Your request waits for the ethics office" in asked
    assert "1 Requests for more time" in words_of(seat.get("/agency/"))
    row = DisclosureExtension.objects.get()
    address = f"/agency/more-time/{row.public_id}/"
    assert address in seat.get("/agency/ethics/").content.decode()
    assert WHY in words_of(seat.get(address))
    granted = words_of(seat.post(f"{address}grant/", {"days": "25"}, follow=True))
    assert f"Signed {seat.user}" in granted
    page = read(serving.applicant.user, url_of(serving))
    assert "25 days granted" in page
    assert "may add up to 65 days" in page
    assert report(serving).due_on == due_on + 25 * DAY
    assert "0 Requests for more time" in words_of(seat.get("/agency/"))


def noon(day: datetime.date | None, days: int) -> datetime.datetime:
    """In Washington, so many days from that one."""
    assert day is not None
    return datetime.datetime.combine(day + days * DAY, datetime.time(17), tzinfo=datetime.UTC)


def queued_about(item: ChecklistItem) -> list[str]:
    found = OutboxMessage.objects.filter(
        subject_type="placements.checklistitem", subject_id=item.pk, template_key="deadline_reminder"
    )
    return list(found.order_by("pk").values_list("delivery", flat=True))


def test_a_grant_cancels_stale_reminders_and_reminds_again_of_the_new_day() -> None:
    serving = on_leave(served=10)
    before = report(serving)
    reminders.sweep(now=noon(before.due_on, -14))
    assert queued_about(before) == ["pending"]
    grant_extension(extension=ask(serving), days=30, by=staff(serving, ETHICS))
    after = report(serving)
    assert queued_about(after) == ["cancelled"]
    assert after.reminder_cycle == before.reminder_cycle + 1
    for _sweep in range(2):
        reminders.sweep(now=noon(after.due_on, -14))
    assert queued_about(after) == ["cancelled", "pending"]


def test_old_and_new_day_are_noted_and_what_counts_from_the_report_moves_along(serving: Placement) -> None:
    before, review, official = report(serving), step(serving, "A20"), staff(serving, ETHICS)
    grant_extension(extension=ask(serving), days=30, by=official)
    after = report(serving)
    assert (before.due_on, after.due_on) == (today() + 20 * DAY, today() + 50 * DAY)
    assert step(serving, "A20").due_on == review.due_on + 30 * DAY  # type: ignore[operator]
    moved = AuditEvent.objects.filter(action="placements.placement:redate").latest("pk")
    days = [day.isoformat() for day in (before.due_on, after.due_on) if day]
    assert (moved.actor, moved.detail["moved"]["A19"]) == (official, days)
    row = DisclosureExtension.objects.get()
    assert (row.old_due_on, row.new_due_on, row.decided_by) == (before.due_on, after.due_on, official)
    signed = AuditEvent.objects.get(action="placements.disclosureextension:grant")
    assert (signed.actor, signed.detail["days"]) == (official, 30)


def test_the_new_day_stays_whenever_dates_are_counted_anew_and_moves_with_the_start(
    serving: Placement,
) -> None:
    grant_extension(extension=ask(serving), days=30, by=staff(serving, ETHICS))
    system = User.objects.system()
    assert redate([serving], by=system) == 0
    Placement.objects.filter(pk=serving.pk).update(starts_on=serving.starts_on + 3 * DAY)
    redate([serving], by=system)
    assert report(serving).due_on == today() + 53 * DAY


def test_declined_with_a_reason_that_the_filer_reads_and_the_day_stays(serving: Placement) -> None:
    asked, due_on = ask(serving), report(serving).due_on
    official = staff(serving, ETHICS)
    with pytest.raises(Refused, match="Say why"):
        decline_extension(extension=asked, answer="  ", by=official)
    decline_extension(extension=asked, answer="The statement came last week.", by=official)
    assert (report(serving).due_on, report(serving).reminder_cycle) == (
        due_on,
        report(serving).reminder_cycle,
    )
    assert "Not granted: The statement came last week." in read(serving.applicant.user, url_of(serving))
    event = AuditEvent.objects.get(action="placements.disclosureextension:decline")
    assert (event.actor, "statement" in str(event.detail)) == (official, False)


def test_mails_go_to_the_official_and_to_the_filer_and_tell_nothing(serving: Placement) -> None:
    official, other = staff(serving, ETHICS), staff(serving, SECURITY)
    asked = ask(serving)
    (to_office,) = told("extension_asked")
    assert to_office.recipient == official != other
    mails = [render(to_office)]
    grant_extension(extension=asked, days=10, by=official)
    (to_filer,) = told("extension_answered")
    assert to_filer.recipient == serving.applicant.user
    mails.append(render(to_filer))
    for mail in mails:
        words = f"{mail.subject} {mail.body}".casefold()
        assert not any(word in words for word in ("ethic", "disclos", "financ", "grant 1", "broker", "a19"))
        assert str(serving.applicant).casefold() not in words
    assert f"/more-time/{asked.public_id}/" in mails[0].body
    assert url_of(serving) in mails[1].body


# ── Who, and when ─────────────────────────────────────────────────────────────────────────────────
def test_only_the_filer_asks_and_withdraws(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    for other in (official, staff(serving, HR), opm_staff("case_manager")):
        with pytest.raises(NotPermitted):
            ask_for_extension(item=report(serving), days=5, reason=WHY, by=other)
        assert Desk(other).get(url_of(serving)).status_code == 404
    asked = ask(serving)
    with pytest.raises(NotPermitted):
        withdraw_extension(extension=asked, by=official)
    person = client_of(serving.applicant.user)
    page = words_of(person.post(f"{url_of(serving)}withdraw/", follow=True))
    assert "Your request is withdrawn." in page
    asked.refresh_from_db()
    assert (asked.status, asked.decided_by) == ("withdrawn", None)


def test_nobody_but_the_ethics_office_of_the_agency_reads_and_answers(serving: Placement) -> None:
    asked = ask(serving)
    address = f"/agency/more-time/{asked.public_id}/"
    for role in (HR, MANAGER, APPROVER, SECURITY, SUPERVISOR, VIEWER):
        seat = desk(role, serving.opening)
        assert {seat.get(address).status_code, seat.post(f"{address}grant/", {"days": 5}).status_code} == {
            404
        }
        with pytest.raises(NotPermitted):
            grant_extension(extension=asked, days=5, by=seat.user)
    other_opening: Any = PublishedOpeningFactory()
    elsewhere = desk(ETHICS, other_opening)
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.post(f"{address}decline/", {"answer": "No."}).status_code == 404
    assert "0 Requests" in words_of(elsewhere.get("/agency/"))
    for other in (elsewhere.user, opm_staff("case_manager", "auditor", "records_officer", "administrator")):
        assert not DisclosureExtension.objects.visible_to(other).exists()


def test_nobody_grants_their_own_nor_that_of_whoever_lent_them_the_role(serving: Placement) -> None:
    both = serving.applicant.user
    AgencyMembershipFactory(user=both, agency=serving.opening.agency, role=ETHICS)
    asked = ask(serving)
    deputy = staff(serving, ETHICS)  # who comes after the mail
    DelegationFactory(giver=both, taker=deputy)
    for user in (User.objects.get(pk=both.pk), User.objects.get(pk=deputy.pk)):
        with pytest.raises((NotPermitted, Refused)):
            grant_extension(extension=asked, days=5, by=user)
        with pytest.raises((NotPermitted, Refused)):
            decline_extension(extension=asked, answer="No.", by=user)
    asked.refresh_from_db()
    assert asked.status == "asked"
    assert [message.recipient for message in told("extension_asked")] == []


def test_asked_before_the_day_and_not_once_it_is_handed_in(serving: Placement) -> None:
    item = report(serving)
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=today(), nudge_on=today())
    with pytest.raises(Refused, match="the day has come"):
        ask(serving)
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=today() + DAY, nudge_on=today())
    asked = ask(serving)
    with pytest.raises(Refused, match="Withdraw it first"):
        ask(serving)
    hand_in_items(items=[report(serving)], by=serving.applicant.user)
    seat = desk(ETHICS, serving.opening)
    assert "0 Requests for more time" in words_of(seat.get("/agency/"))
    with pytest.raises(Refused, match="Ended by itself"):
        grant_extension(extension=asked, days=5, by=staff(serving, ETHICS))
    assert "No more time can be asked for" in read(serving.applicant.user, url_of(serving))


@pytest.mark.parametrize("code", ["A21", "A09", "A11"])
def test_only_reports_whose_day_the_law_sets_are_put_off(serving: Placement, code: str) -> None:
    item = step(serving, code)
    with pytest.raises(Refused):
        ask_for_extension(item=item, days=5, reason=WHY, by=serving.applicant.user)
    address = f"/my/service/steps/{item.public_id}/more-time/"
    assert client_of(serving.applicant.user).get(address).status_code == 404


def test_of_the_annual_step_the_report_is_put_off_and_the_training_is_not(serving: Placement) -> None:
    annual = step(serving, "A24")
    next_year = today().year + 1
    february, december = datetime.date(next_year, 2, 15), datetime.date(next_year, 12, 31)
    person = serving.applicant.user
    for day, is_report in ((december, False), (february, True)):
        ChecklistItem.objects.filter(pk=annual.pk).update(due_on=day, nudge_on=day, is_date_planned=False)
        annual.refresh_from_db()
        if not is_report:
            with pytest.raises(Refused):
                ask_for_extension(item=annual, days=5, reason=WHY, by=person)
        else:
            assert ask_for_extension(item=annual, days=5, reason=WHY, by=person).status == "asked"


def test_the_official_is_reminded_of_what_waits_and_of_nothing_that_is_answered(serving: Placement) -> None:
    official, asked, due_on = staff(serving, ETHICS), ask(serving), report(serving).due_on
    about = ReminderLedger.objects.filter(rule="extension_waiting")
    for _sweep in range(2):
        reminders.sweep(now=noon(due_on, -2))
    assert list(about.values_list("recipient", flat=True)) == [official.pk]
    decline_extension(extension=asked, answer="No.", by=official)
    reminders.sweep(now=noon(due_on, 0))
    assert about.count() == 1


def test_what_looks_like_a_social_security_number_is_never_kept(serving: Placement) -> None:
    with pytest.raises(Refused, match="Social Security"):
        ask(serving, reason="My number is 123-45-6789.")
    with pytest.raises(Refused, match="Social Security"):
        decline_extension(extension=ask(serving), answer="See 123-45-6789.", by=staff(serving, ETHICS))


def test_a_report_that_is_recorded_needs_no_more_time(serving: Placement) -> None:
    ask(serving)
    complete_item(item=report(serving), outcome="recorded", effective_on=today(), by=staff(serving, ETHICS))
    assert not DisclosureExtension.objects.waiting().exists()
