"""I7: nobody starts past an open gate but by a named exception."""

import datetime
from contextlib import nullcontext

import pytest
from django.utils import timezone

from placements.models import ChecklistItem, Offer, Placement, StartException
from placements.services import (
    add_corrective_item,
    block_item,
    complete_item,
    confirm_ready,
    end_placement_early,
    enter_on_duty,
    enter_on_duty_by_exception,
    excuse_item,
    reopen_item,
    send_item_back,
    unblock_item,
)
from placements.services.gates import open_codes
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.invariants import broken
from tests.factories.agencies import AgencyMembershipFactory
from tests.factories.placements import (
    ActivePlacementFactory,
    ChecklistItemFactory,
    DoneItemFactory,
    checked_placement,
    rewrite_step,
)
from tests.placements.attacks import check_deferred, refused, without_triggers
from tests.placements.starting import force_ready, force_returned, race, staff

ROUNDS = 20

pytestmark = pytest.mark.django_db


def open_step(placement: Placement, code: str = "C06") -> ChecklistItem:
    return ChecklistItemFactory(checklist=placement.checklists.get(area="ethics"), step__code=code)


def test_a_placement_whose_steps_are_settled_becomes_ready_and_active() -> None:
    placement = checked_placement()
    hr = staff(placement, "hr_specialist")
    confirm_ready(placement=placement, by=hr)
    enter_on_duty(placement=placement, effective_on=today(), by=hr)
    assert placement.status == "active"


def test_nobody_starts_before_the_offer_was_accepted_and_no_service_ends_in_advance() -> None:
    """Another year typed by mistake would make the term a year shorter."""
    placement = checked_placement()
    hr = staff(placement, "hr_specialist")
    confirm_ready(placement=placement, by=hr)
    with pytest.raises(Refused, match="before the offer was accepted"):
        enter_on_duty(placement=placement, effective_on=today() - datetime.timedelta(days=365), by=hr)
    enter_on_duty(placement=placement, effective_on=today(), by=hr)
    tomorrow = today() + datetime.timedelta(days=1)
    with pytest.raises(Refused, match="on the day itself or later"):
        end_placement_early(placement=placement, ended_on=tomorrow, reason="resigned", by=hr)
    assert placement.status == "active"


def test_an_open_step_is_named_to_whoever_wants_to_authorize() -> None:
    placement = checked_placement()
    open_step(placement)
    with pytest.raises(TransitionRefused, match="still open: C06"):
        confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


def test_an_outcome_that_is_not_accepted_opens_no_gate() -> None:
    placement = checked_placement()
    item = open_step(placement, "C20")
    rewrite_step(item.step, outcomes=["recorded", "pending"])
    ethics = staff(placement, "ethics_official")
    complete_item(item=item, outcome="pending", effective_on=today(), by=ethics)
    item.refresh_from_db()
    assert (item.status, item.is_settled) == ("done", False)
    with pytest.raises(TransitionRefused, match="C20"):
        confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


def test_an_outcome_that_the_step_cannot_have_is_not_recorded() -> None:
    """Whoever calls the service without the form, which offers no other."""
    item = open_step(checked_placement())
    ethics = staff(item.checklist.placement, "ethics_official")
    with pytest.raises(TransitionRefused, match="Choose one of the outcomes of this step"):
        complete_item(item=item, outcome="favorable", effective_on=today(), by=ethics)


def test_without_both_checklists_nothing_was_asked_and_nothing_opens() -> None:
    placement = checked_placement()
    checklist = placement.checklists.get(area="ethics")
    type(checklist).objects.filter(pk=checklist.pk).update(superseded_at=timezone.now())
    with pytest.raises(TransitionRefused):
        confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


def test_past_the_guard_the_database_still_refuses() -> None:
    placement = checked_placement()
    open_step(placement)
    with refused("may not start while a gate is open"):
        force_ready(placement)


@pytest.mark.django_db(transaction=True)
def test_a_step_returned_while_the_start_is_authorized_20_rounds() -> None:
    for _round in range(ROUNDS):
        placement = checked_placement()
        item = ChecklistItem.objects.filter(checklist__placement=placement).order_by("pk").first()
        assert race(lambda p=placement: force_ready(p), lambda i=item: force_returned(i)) == 1
    assert "I7" not in {invariant.code for invariant in broken()}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_both_are_committed() -> None:
    placement = checked_placement()
    item = ChecklistItem.objects.filter(checklist__placement=placement).order_by("pk").first()
    with without_triggers("placements_placement"), without_triggers("placements_checklistitem"):
        assert race(lambda: force_ready(placement), lambda: force_returned(item)) == 2
    assert "I7" in {invariant.code for invariant in broken()}


def test_a_step_sent_back_takes_readiness_away() -> None:
    placement = checked_placement()
    confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    item = placement.checklists.get(area="ethics").items.get()
    send_item_back(item=item, reason_code="incorrect", by=staff(placement, "ethics_official"))
    placement.refresh_from_db()
    assert (placement.status, item.status) == ("pending_checks", "returned")


def test_what_is_decided_elsewhere_is_not_returned_here() -> None:
    ethics = checked_placement().checklists.get(area="ethics")
    item = DoneItemFactory(checklist=ethics, step__code="A03", step__decided_by="determination")
    with pytest.raises(TransitionRefused, match="shows what is decided elsewhere"):
        send_item_back(
            item=item, reason_code="incorrect", by=staff(item.checklist.placement, "ethics_official")
        )


def test_after_entry_on_duty_a_wrong_step_gets_a_corrective_one() -> None:
    placement = checked_placement()
    hr, ethics = staff(placement, "hr_specialist"), staff(placement, "ethics_official")
    confirm_ready(placement=placement, by=hr)
    enter_on_duty(placement=placement, effective_on=today(), by=hr)
    item = placement.checklists.get(area="ethics").items.get()
    with pytest.raises(TransitionRefused, match="corrective step"):
        send_item_back(item=item, reason_code="incorrect", by=ethics)
    corrective = add_corrective_item(item=item, by=ethics)
    assert (corrective.corrects, corrective.gate, corrective.status) == (item, "none", "not_started")
    with pytest.raises(Refused, match="open already"):
        add_corrective_item(item=item, by=ethics)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"step__decided_by": "determination"}, "decided elsewhere"), ({"status": "requested"}, "that is over")],
)
def test_what_nobody_could_end_is_not_added(fields: dict[str, str], why: str) -> None:
    placement = checked_placement(ActivePlacementFactory())
    kind = ChecklistItemFactory if "status" in fields else DoneItemFactory
    ethics = placement.checklists.get(area="ethics")
    item = kind(checklist=ethics, step__code="A24", step__gate="none", **fields)
    with pytest.raises(Refused, match=why):
        add_corrective_item(item=item, by=staff(placement, "ethics_official"))


def test_only_a_named_exception_lets_someone_start_past_a_gate() -> None:
    placement = checked_placement()
    open_step(placement)
    asked = {
        "placement": placement,
        "effective_on": today(),
        "authority": "Agency head",
        "reason": "No one else.",
    }
    with pytest.raises(NotPermitted):
        enter_on_duty_by_exception(**asked, by=staff(placement, "hr_specialist"))
    enter_on_duty_by_exception(**asked, by=staff(placement, "approving_official"))
    exception = StartException.objects.get()
    assert (placement.status, exception.open_codes) == ("active", ["C06"])
    assert exception.due_on > today() + datetime.timedelta(days=5)


def test_an_exception_says_why() -> None:
    placement = checked_placement()
    open_step(placement)
    with refused("start_exception_says_why"):
        enter_on_duty_by_exception(
            placement=placement,
            effective_on=today(),
            authority="",
            reason="",
            by=staff(placement, "approving_official"),
        )


def test_nobody_excuses_or_records_their_own_step() -> None:
    placement = checked_placement()
    item = open_step(placement)
    AgencyMembershipFactory(
        user=placement.applicant.user, role="ethics_official", agency=placement.opening.agency
    )
    oneself = User.objects.get(pk=placement.applicant.user_id)
    with pytest.raises(NotPermitted):
        excuse_item(item=item, authority="5 CFR", by=oneself)
    with pytest.raises(NotPermitted):
        complete_item(item=item, outcome="recorded", effective_on=today(), by=oneself)


def test_a_step_is_excused_only_by_whom_its_template_allows() -> None:
    placement = checked_placement()
    item = open_step(placement)
    ethics = staff(placement, "ethics_official")
    with pytest.raises(NotPermitted):
        excuse_item(item=item, authority="Guidance", by=ethics)
    rewrite_step(item.step, excusable_by=["ethics_official"])
    item.refresh_from_db()
    with pytest.raises(TransitionRefused, match="Name the rule or decision"):
        excuse_item(item=item, authority="", by=ethics)
    excused = excuse_item(item=item, authority="Guidance", by=ethics)
    assert (excused.status, excused.excused_by) == ("excused", ethics)


@pytest.mark.parametrize(
    ("waiver", "opens"), [("done", True), ("not_applicable", False), ("requested", False)]
)
def test_the_database_and_the_guard_agree_on_alternatives(waiver: str, opens: bool) -> None:
    placement = checked_placement()
    checklist = placement.checklists.get(area="vetting")
    made = DoneItemFactory if waiver == "done" else ChecklistItemFactory
    made(checklist=checklist, step__code="V15", alternatives="V15|V18", status=waiver)
    ChecklistItemFactory(checklist=checklist, step__code="V18", alternatives="V15|V18")
    assert opens == (not open_codes([placement], "entry_on_duty"))
    with nullcontext() if opens else refused("may not start while a gate is open"):
        force_ready(placement)
        check_deferred()


def watched(placement: Placement, **fields: object) -> ChecklistItem:
    """A step due in three days, watched since yesterday."""
    return ChecklistItemFactory(
        checklist=placement.checklists.get(area="ethics"),
        step__code="C06",
        due_on=today() + datetime.timedelta(days=3),
        undated_reason="",
        **{"next_reminder_at": timezone.now() - datetime.timedelta(days=1), **fields},
    )


def test_a_step_that_goes_on_or_comes_back_begins_a_new_cycle_of_reminders() -> None:
    placement = checked_placement()
    ethics = staff(placement, "ethics_official")
    item = watched(placement)
    block_item(item=item, waiting_on="partner", by=ethics)
    reminders.sweep()
    unblock_item(item=item, by=ethics)
    assert (item.reminder_cycle, item.next_reminder_at is not None) == (2, True)
    complete_item(item=item, outcome="recorded", effective_on=today(), by=ethics)
    item.refresh_from_db()
    assert item.next_reminder_at is None
    send_item_back(item=item, reason_code="incorrect", by=ethics)
    assert (item.reminder_cycle, item.next_reminder_at is not None) == (3, True)


def test_a_step_that_was_not_met_is_reopened_and_watched() -> None:
    placement = checked_placement()
    item = watched(placement, status="not_met", next_reminder_at=None)
    reopen_item(item=item, by=staff(placement, "ethics_official"))
    assert (item.status, item.next_reminder_at is not None) == ("requested", True)


def test_nobody_starts_on_a_tentative_offer() -> None:
    placement = checked_placement()
    Offer.objects.filter(selection=placement.selection).delete()
    hr = staff(placement, "hr_specialist")
    with pytest.raises(TransitionRefused, match="not accepted a firm offer"):
        confirm_ready(placement=placement, by=hr)
