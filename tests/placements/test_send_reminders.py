"""Who is reminded of which step, when, and in what kind of mail (domain.md §6.2 and §6.3)."""

import datetime
import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import Agency
from placements import services
from placements.models import ChecklistItem, Placement
from placements.reminders import CHECKLIST_ITEM, PLACEMENT
from placements.reminders.ladders import ladder_of, ladders
from placements.reminders.watched import DATED
from placements.services import read_seed
from techforce.accounts.models import OpmRole, User
from techforce.core import mailer, reminders
from techforce.core.calendar import EASTERN
from techforce.core.models import Delivery, MessageClass, OutboxMessage, ReminderLedger
from techforce.core.thresholds import next_after
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyMembershipFactory, agency_member
from tests.factories.partners import LeaveFactory, PartnerMembershipFactory

pytestmark = pytest.mark.django_db

DUE = datetime.date(2026, 12, 30)


@pytest.fixture(autouse=True)
def _november() -> Iterator[None]:
    with time_machine.travel(at("2026-11-30T10:00"), tick=False):
        yield


def at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=EASTERN)


def step(
    code: str = "A19", owner: str = "candidate", *, due_on: datetime.date = DUE, **fields: Any
) -> ChecklistItem:
    """A step of a placement that began today, watched from now on."""
    item = made.ChecklistItemFactory(
        step__code=code,
        owner_role=owner,
        recorder_role="ethics_official",
        due_on=due_on,
        undated_reason="",
        **fields,
    )
    reminders.watch_again(item, CHECKLIST_ITEM)
    return item


def beside(item: ChecklistItem, code: str, owner: str = "candidate", **fields: Any) -> ChecklistItem:
    return step(code, owner, checklist=item.checklist, **fields)


def agency_of(item: ChecklistItem) -> Agency:
    return item.checklist.placement.opening.agency


def owner_of(item: ChecklistItem) -> User:
    return item.checklist.placement.applicant.user


def dry_run(moment: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("send_reminders", "--dry-run", "--at", moment, "--json", stdout=out)
    return json.loads(out.getvalue())


def told(moment: str) -> set[str]:
    return {line["recipient"] for line in dry_run(moment)}


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_dry_run_shows_what_would_go_to_whom_by_which_rule_and_when() -> None:
    item = step()
    assert dry_run("2026-12-24T09:00") == [
        {
            "rule": "checklist_item",
            "about": "A19",
            "subject": str(item.public_id),
            "due_on": "2026-12-30",
            "threshold": "-7d",
            "occurrence": 1,
            "recipient": owner_of(item).email,
            "message": "deadline_reminder",
            "leaves_at": "2026-12-24T09:00-05:00",
        }
    ]


def test_a_dry_run_leaves_nothing_behind() -> None:
    item = step()
    dry_run("2026-12-24T09:00")
    assert not ReminderLedger.objects.exists()
    assert not OutboxMessage.objects.exists()
    assert ChecklistItem.objects.get(pk=item.pk).next_reminder_at == at("2026-12-16T00:00")


def test_without_dry_run_it_queues_once() -> None:
    step(due_on=datetime.date(2026, 12, 2))
    out = StringIO()
    with time_machine.travel(at("2026-12-02T09:00")):
        call_command("send_reminders", stdout=out)
        call_command("send_reminders", stdout=out)
    assert out.getvalue().splitlines() == ["1 reminders queued.", "0 reminders queued."]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--dry-run", "--at", "Christmas"], "--at is a moment"),
        (["--at", "2026-12-24T09:00"], "need --dry-run"),
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as raised:
        call_command("send_reminders", *arguments)
    assert raised.value.returncode == 2


def test_the_text_is_for_people() -> None:
    item = step()
    out = StringIO()
    call_command("send_reminders", "--dry-run", "--at", "2026-12-24T09:00", stdout=out)
    assert owner_of(item).email in out.getvalue()
    assert "checklist_item A19 -7d (due 2026-12-30" in out.getvalue()


# ── The ladders ──────────────────────────────────────────────────────────────────────────────────────────────────────


def rungs(code: str, due_on: str, starts_on: str = "2026-11-30") -> list[str]:
    """The days before the due date on which something goes, first to last."""
    due = datetime.date.fromisoformat(due_on)
    ladder = ladder_of(code).of(due, datetime.date.fromisoformat(starts_on))
    moment, found = at("2026-01-01T00:00"), []
    while (following := next_after(ladder, due, moment)) and following.date() <= due:
        found.append(following.date().isoformat())
        moment = following
    return found


@pytest.mark.parametrize(
    ("code", "due_on", "expected"),
    [
        ("A19", "2026-12-30", ["2026-12-16", "2026-12-23", "2026-12-28", "2026-12-30"]),
        ("A21", "2027-02-28", ["2026-12-30", "2027-01-29", "2027-02-12", "2027-02-24"]),
        ("V09", "2026-10-23", ["2026-10-16", "2026-10-19", "2026-10-22", "2026-10-23"]),
        ("V08", "2026-10-20", ["2026-10-16", "2026-10-19", "2026-10-20"]),
        ("A09", "2026-10-20", ["2026-10-13", "2026-10-16", "2026-10-20"]),
        ("A24", "2027-02-15", ["2027-01-15", "2027-02-01", "2027-02-10", "2027-02-12"]),
        ("A27", "2028-10-30", ["2028-08-31", "2028-09-29", "2028-10-30"]),
        (
            "entry_on_duty",
            "2026-11-30",
            ["2026-11-05", "2026-11-13", "2026-11-20", "2026-11-24", "2026-11-27"],
        ),
        ("A06", "2026-10-13", ["2026-10-06", "2026-10-08", "2026-10-13"]),
    ],
)
def test_rungs_fall_on_the_days_of_the_reference(code: str, due_on: str, expected: list[str]) -> None:
    """A21: thirty and sixty days after entry on duty (January 29), 14 days before (Sunday), three business days before.
    A24: the due date itself is Washington's Birthday. A27: September 30, 2028 is a Saturday."""
    assert rungs(code, due_on) == expected


def test_every_ladder_names_a_step_a_milestone_or_a_date_elsewhere() -> None:
    codes = {step.code for template in read_seed() for step in template.steps}
    watched_keys = {dated.key for dated in DATED}
    assert set(ladders()) - codes == {"", "entry_on_duty", "end_of_term"} | watched_keys


# ── Recipients ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_late_disclosure_climbs_to_supervisor_and_ethics_official() -> None:
    item = step()
    supervisor = agency_member("supervisor", agency=agency_of(item))
    ethics = agency_member("ethics_official", agency=agency_of(item))
    assert told("2026-12-30T09:00") == {owner_of(item).email}
    assert told("2026-12-31T09:00") == {owner_of(item).email, supervisor.email}
    assert told("2027-01-14T09:00") == {owner_of(item).email, ethics.email}


def test_a_step_of_the_agency_goes_to_the_live_holders_of_its_role() -> None:
    item = step("V10", "security_officer")
    officer = agency_member("security_officer", agency=agency_of(item))
    agency_member("security_officer")  # of another agency
    assert told("2026-12-30T09:00") == {officer.email}


def test_where_nobody_holds_the_role_the_agencys_hr_hears_of_it_and_then_opm() -> None:
    item = step("V10", "security_officer")
    opm = opm_staff(OpmRole.CASE_MANAGER)
    assert told("2026-12-30T09:00") == {opm.email}
    hr = agency_member("hr_specialist", agency=agency_of(item))
    assert told("2026-12-30T09:00") == {hr.email}


def test_nobody_is_reminded_of_their_own_case_in_another_role() -> None:
    item = step("V10", "security_officer")
    AgencyMembershipFactory(role="security_officer", agency=agency_of(item), user=owner_of(item))
    hr = agency_member("hr_specialist", agency=agency_of(item))
    assert told("2026-12-30T09:00") == {hr.email}


def test_the_person_is_not_pressed_for_what_waits_on_somebody_else() -> None:
    item = step("V09", step__depends_on=["V05"])
    officer = agency_member("security_officer", agency=agency_of(item))
    invitation = beside(item, "V05", "security_officer")
    assert told("2026-12-30T09:00") == {officer.email}
    ChecklistItem.objects.filter(pk=invitation.pk).delete()
    assert told("2026-12-30T09:00") == {owner_of(item).email}


def test_a_deadline_of_the_law_runs_on_while_somebody_else_is_late() -> None:
    item = step("C07", step__depends_on=["C06"], step__is_legal=True)
    beside(item, "C06", "ethics_official")
    assert owner_of(item).email in told("2026-12-30T09:00")


def test_what_was_handed_in_presses_whoever_records_it() -> None:
    item = step("C07", step__is_legal=True)
    ethics = agency_member("ethics_official", agency=agency_of(item))
    assert told("2026-12-30T09:00") == {owner_of(item).email}
    services.hand_in_items(items=[item], by=owner_of(item))
    assert told("2026-12-30T09:00") == {ethics.email}
    services.begin_review_of_item(item=item, by=ethics)
    assert told("2026-12-30T09:00") == {ethics.email}


def test_handing_in_takes_back_the_mail_that_waits_for_the_morning() -> None:
    item = step()
    with time_machine.travel(at("2026-12-16T00:05"), tick=False):
        reminders.sweep()
    services.hand_in_items(items=[item], by=owner_of(item))
    assert sweep_and_send("2026-12-16T09:30") == []


def test_a_company_hears_of_its_own_step() -> None:
    placement = made.LentPlacementFactory()
    coordinator = PartnerMembershipFactory(partner=placement.nomination.partner).user
    step("A05", "partner", checklist__placement=placement)
    assert told("2026-12-30T09:00") == {coordinator.email}


# ── In what kind of mail ─────────────────────────────────────────────────────────────────────────────────────────────


def sweep_and_send(moment: str) -> list[Any]:
    with time_machine.travel(at(moment), tick=False):
        reminders.sweep()
        mailer.send_due()
    return mail.outbox


def test_staff_get_one_mail_a_work_day_at_half_past_eight() -> None:
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    officer = agency_member("security_officer", agency=agency_of(item))
    beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11))
    assert sweep_and_send("2026-12-09T00:05") == []
    message = OutboxMessage.objects.get()
    assert (message.recipient, message.message_class) == (officer, MessageClass.DIGEST)
    assert message.not_before == at("2026-12-09T08:30")
    assert message.reminders.count() == 2
    (sent,) = sweep_and_send("2026-12-09T08:31")
    assert sent.subject == "2 steps wait for you in Tech Force"
    assert "Due within three work days" in sent.body
    assert "V10" not in sent.body


def test_a_digest_leaves_out_what_is_done_and_is_not_sent_when_nothing_is_left() -> None:
    item = step("V10", "security_officer", due_on=datetime.date(2026, 12, 16))
    agency_member("security_officer", agency=agency_of(item))
    other = beside(item, "V03", "security_officer", due_on=datetime.date(2026, 12, 11))
    sweep_and_send("2026-12-09T00:05")
    ChecklistItem.objects.filter(pk=other.pk).delete()
    reminders.move_due_date(item, CHECKLIST_ITEM, datetime.date(2027, 1, 20))
    assert sweep_and_send("2026-12-09T08:31") == []
    assert OutboxMessage.objects.get().delivery == Delivery.CANCELLED


def test_a_legal_deadline_of_staff_goes_at_once_on_its_day() -> None:
    item = step("A20", "ethics_official", step__is_legal=True)
    agency_member("ethics_official", agency=agency_of(item))
    assert [line["message"] for line in dry_run("2026-12-21T09:00")] == ["staff_digest"]
    assert [line["message"] for line in dry_run("2026-12-30T09:00")] == ["deadline_reminder"]


def test_an_applicant_hears_from_us_once_a_day_as_long_as_there_is_time() -> None:
    first = step("A11")
    for code in ("A15", "A06"):
        beside(first, code)
    days = [line["leaves_at"][:10] for line in dry_run("2026-12-23T00:05")]
    assert days == ["2026-12-23", "2026-12-24", "2026-12-28"]


def test_what_is_late_anyway_keeps_to_the_caps() -> None:
    first = step("A11")
    beside(first, "A15", due_on=datetime.date(2026, 12, 31))
    days = [line["leaves_at"][:10] for line in dry_run("2027-01-04T00:05")]
    assert days == ["2027-01-04", "2027-01-05"]


def test_a_deadline_is_never_passed_for_the_sake_of_a_cap() -> None:
    first = step("A11")
    for code in ("A15", "A06"):
        beside(first, code)
    lines = dry_run("2026-12-30T00:05")
    assert {line["leaves_at"] for line in lines} == {"2026-12-30T09:00-05:00"}


def test_hours_are_those_of_the_recipient() -> None:
    item = step()
    User.objects.filter(pk=owner_of(item).pk).update(time_zone="Pacific/Honolulu")
    (line,) = dry_run("2026-12-30T00:05")
    assert line["leaves_at"] == "2026-12-30T14:00-05:00"


def test_the_mail_shows_the_work_day_before_a_weekend_deadline() -> None:
    step("A21", due_on=datetime.date(2027, 2, 28))
    (sent,) = sweep_and_send("2027-02-24T09:30")
    assert sent.subject == "You have a step due February 26 in Tech Force"


def test_a_step_that_is_done_before_the_mail_leaves_is_not_mentioned() -> None:
    item = step()
    with time_machine.travel(at("2026-12-16T00:05"), tick=False):
        reminders.sweep()
    ChecklistItem.objects.filter(pk=item.pk).delete()
    assert sweep_and_send("2026-12-16T09:30") == []


def test_a_person_whose_placement_fell_through_is_left_alone() -> None:
    item = step(checklist__placement=made.PlacementFactory(status="fell_through", closed_at=timezone.now()))
    assert item.next_reminder_at is not None
    assert dry_run("2026-12-24T09:00") == []


def test_nobody_is_pressed_for_the_other_of_two_alternatives() -> None:
    item = step("V18", "security_officer", alternatives="V15|V18")
    agency_member("ethics_official", agency=agency_of(item))
    assert dry_run("2026-12-30T09:00") != []
    made.DoneItemFactory(checklist=item.checklist, step__code="V15", alternatives="V15|V18")
    assert dry_run("2026-12-30T09:00") == []


# ── Entry on duty and the end of the term ────────────────────────────────────────────────────────────────────────────


def watched(placement: Placement, due_on: datetime.date) -> Placement:
    reminders.move_due_date(placement, PLACEMENT, due_on)
    return placement


def test_hr_is_reminded_of_a_start_that_is_not_ready_and_at_last_opm_too() -> None:
    placement = watched(made.PlacementFactory(starts_on=DUE), DUE)
    hr = agency_member("hr_specialist", agency=placement.opening.agency)
    opm = opm_staff(OpmRole.CASE_MANAGER)
    assert told("2026-12-22T09:00") == {hr.email}
    assert told("2026-12-29T09:00") == {hr.email, opm.email}
    about = {line["about"] for line in dry_run("2026-12-29T09:00") if line["rule"] == "placement"}
    assert about == {"entry_on_duty"}


def test_the_end_of_a_term_is_told_half_a_year_ahead_the_company_included() -> None:
    placement = made.LentPlacementFactory(status="active", entry_recorded_at=timezone.now())
    LeaveFactory(nomination=placement.nomination)
    watched(placement, placement.ends_on)
    hr = agency_member("hr_specialist", agency=placement.opening.agency)
    coordinator = PartnerMembershipFactory(partner=placement.nomination.partner).user
    moment = (placement.ends_on - datetime.timedelta(days=178)).isoformat()
    lines = {line["recipient"]: line["message"] for line in dry_run(f"{moment}T09:00")}
    assert lines == {hr.email: "staff_digest", coordinator.email: "deadline_reminder"}


def test_a_sweep_of_three_steps_costs_as_many_queries_as_one() -> None:
    one, *others = (step() for _n in range(4))
    counts = []
    reminders.sweep(now=at("2026-12-16T00:05"))  # what stands in other tables is watched from now on
    ReminderLedger.objects.all().delete()
    for items in ([one], others):
        moment = timezone.now() - datetime.timedelta(days=1)
        ChecklistItem.objects.update(next_reminder_at=None)
        ChecklistItem.objects.filter(pk__in=[item.pk for item in items]).update(next_reminder_at=moment)
        with CaptureQueriesContext(connection) as captured:
            assert reminders.sweep(now=at("2026-12-16T00:05")) == len(items)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# ── Where the link leads ─────────────────────────────────────────────────────────────────────────────────────────────


def links(moment: str) -> list[str]:
    return [word for sent in sweep_and_send(moment) for word in sent.body.split() if word.count("/") > 3]


def test_the_link_leads_where_the_recipient_may_read_what_it_is() -> None:
    item = step("A19", checklist__placement=made.PlacementFactory(starts_on=DUE))
    ethics = agency_member("ethics_official", agency=agency_of(item))
    supervisor = agency_member("supervisor", agency=agency_of(item))
    placement = item.checklist.placement
    assert CHECKLIST_ITEM.path(item, ethics) == f"/agency/steps/{item.public_id}/"
    assert CHECKLIST_ITEM.path(item, supervisor) == f"/agency/placements/{placement.public_id}/"
    assert PLACEMENT.path(placement, opm_staff()) == f"/admin/placements/placement/{placement.pk}/change/"
    assert links("2026-12-16T09:30")[0].endswith("/my/service/")
