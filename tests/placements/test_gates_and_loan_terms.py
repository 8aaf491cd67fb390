"""I7: nobody starts past an open gate but by a named exception; a lent person has exactly one of {leave of absence,
separation} on file."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from partners.models import LoanTerms
from partners.services import record_leave_of_absence, record_separation
from placements.models import ChecklistItem, Placement, StartException
from placements.services import (
    add_corrective_item,
    complete_item,
    confirm_ready,
    enter_on_duty,
    enter_on_duty_by_exception,
    excuse_item,
    send_item_back,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, TransitionRefused
from techforce.core.invariants import broken
from techforce.core.workflow import transition
from tests.factories.agencies import AgencyMembershipFactory, agency_member
from tests.factories.partners import ConfirmedNominationFactory, LeaveFactory, SeparationFactory
from tests.factories.placements import (
    ChecklistItemFactory,
    LentPlacementFactory,
    checked_placement,
)
from tests.parallel import at_once, succeeded
from tests.placements.attacks import refused, run, without_triggers

ROUNDS = 20

pytestmark = pytest.mark.django_db


def open_step(placement: Placement, code: str = "C06") -> ChecklistItem:
    return ChecklistItemFactory(checklist=placement.checklists.get(area="ethics"), step__code=code)


def staff(placement: Placement, role: str) -> User:
    return agency_member(role, agency=placement.opening.agency)


def test_a_placement_whose_steps_are_settled_becomes_ready_and_active() -> None:
    placement = checked_placement()
    hr = staff(placement, "hr_specialist")
    confirm_ready(placement=placement, by=hr)
    enter_on_duty(placement=placement, effective_on=today(), by=hr)
    assert placement.status == "active"


def test_an_open_step_is_named_to_whoever_wants_to_authorize() -> None:
    placement = checked_placement()
    open_step(placement)
    with pytest.raises(TransitionRefused, match="still open: C06"):
        confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


def test_an_outcome_that_is_not_accepted_opens_no_gate() -> None:
    placement = checked_placement()
    item = open_step(placement, "C20")
    type(item.step).objects.filter(pk=item.step_id).update(outcomes=["recorded", "pending"])
    ethics = staff(placement, "ethics_official")
    complete_item(item=item, outcome="pending", effective_on=today(), by=ethics)
    item.refresh_from_db()
    assert (item.status, item.is_settled) == ("done", False)
    with pytest.raises(TransitionRefused, match="C20"):
        confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


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


def force_ready(placement: Placement) -> None:
    """With the workflow's own mark, so that only the gate stands in the way."""
    run("SELECT set_config('techforce.transition', 'placements.placement:confirm_ready', true)")
    Placement.objects.filter(pk=placement.pk).update(status="ready")
    run("SELECT set_config('techforce.transition', '', true)")


def force_returned(item: ChecklistItem) -> None:
    run("SELECT set_config('techforce.transition', 'placements.checklistitem:send_back', true)")
    cleared = {"outcome": "", "effective_on": None, "recorded_at": None, "recorded_by": None}
    ChecklistItem.objects.filter(pk=item.pk).update(status="returned", **cleared)
    run("SELECT set_config('techforce.transition', '', true)")


def race(first: Callable[[], Any], second: Callable[[], Any]) -> int:
    """Both in transactions of their own that overlap; how many were committed."""
    works = (first, second)

    def work(number: int) -> bool:
        with transaction.atomic():
            works[number]()
            run("SELECT pg_sleep(0.05)")
        return True

    return len(succeeded(at_once(2, work)))


@pytest.mark.django_db(transaction=True)
def test_a_step_returned_while_the_start_is_authorized_20_rounds() -> None:
    for _round in range(ROUNDS):
        placement = checked_placement()
        item = ChecklistItem.objects.filter(checklist__placement=placement).order_by("pk").first()
        assert race(lambda p=placement: force_ready(p), lambda i=item: force_returned(i)) == 1
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_both_are_committed() -> None:
    placement = checked_placement()
    item = ChecklistItem.objects.filter(checklist__placement=placement).order_by("pk").first()
    with without_triggers("placements_placement"), without_triggers("placements_checklistitem"):
        assert race(lambda: force_ready(placement), lambda: force_returned(item)) == 2
    assert [invariant.code for invariant in broken()] == ["I7"]


def test_a_step_sent_back_takes_readiness_away() -> None:
    placement = checked_placement()
    confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    item = placement.checklists.get(area="ethics").items.get()
    send_item_back(item=item, reason_code="incorrect", by=staff(placement, "ethics_official"))
    placement.refresh_from_db()
    assert (placement.status, item.status) == ("pending_checks", "returned")


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
    type(item.step).objects.filter(pk=item.step_id).update(excusable_by=["ethics_official"])
    item.refresh_from_db()
    excused = excuse_item(item=item, authority="Guidance", by=ethics)
    assert (excused.status, excused.excused_by) == ("excused", ethics)


# ── Terms of a loan ──────────────────────────────────────────────────────────────────────────────


def lent_placement(**fields: Any) -> Placement:
    return checked_placement(LentPlacementFactory(**fields))


def test_a_lent_person_does_not_start_without_terms_on_file() -> None:
    placement = lent_placement()
    hr = staff(placement, "hr_specialist")
    with pytest.raises(TransitionRefused, match="terms of the loan"):
        confirm_ready(placement=placement, by=hr)
    with refused("exactly one of leave of absence and separation"):
        force_ready(placement)
    LeaveFactory(nomination=placement.nomination)
    assert confirm_ready(placement=placement, by=hr).status == "ready"


def test_terms_of_the_other_kind_are_not_the_terms() -> None:
    placement = lent_placement()
    SeparationFactory(nomination=placement.nomination)
    with refused("exactly one of leave of absence and separation"):
        force_ready(placement)


def test_both_at_once_are_refused() -> None:
    leave = LeaveFactory()
    with refused("one_terms_in_force_a_nomination"):
        SeparationFactory(nomination=leave.nomination)


def test_terms_of_someone_who_serves_are_not_taken_away() -> None:
    placement = lent_placement()
    terms = LeaveFactory(nomination=placement.nomination)
    force_ready(placement)
    for attack in (
        lambda: LoanTerms.objects.filter(pk=terms.pk).delete(),
        lambda: LoanTerms.objects.filter(pk=terms.pk).update(superseded_at=timezone.now()),
        lambda: LoanTerms.objects.filter(pk=terms.pk).update(nomination=ConfirmedNominationFactory()),
    ):
        with refused("exactly one of leave of absence and separation"):
            attack()


def test_an_inserted_service_of_a_lent_person_needs_terms_too() -> None:
    with refused("exactly one of leave of absence and separation"):
        LentPlacementFactory(status="active", entry_recorded_at=timezone.now())


def test_terms_change_while_nobody_has_started() -> None:
    nomination = LeaveFactory().nomination
    nominee = nomination.nominee
    record_separation(nomination=nomination, last_day_on=today(), by=nominee)
    record_leave_of_absence(
        nomination=nomination, leave_type="personal", starts_on=today(), has_return_right=True, by=nominee
    )
    assert LoanTerms.objects.in_force().get(nomination=nomination).kind == "leave_of_absence"
    assert LoanTerms.objects.filter(nomination=nomination).count() == 3


@pytest.mark.django_db(transaction=True)
def test_terms_removed_while_the_start_is_authorized_20_rounds() -> None:
    for _round in range(ROUNDS):
        placement = lent_placement()
        terms = LeaveFactory(nomination=placement.nomination)
        assert (
            race(
                lambda p=placement: force_ready(p), lambda t=terms: LoanTerms.objects.filter(pk=t.pk).delete()
            )
            == 1
        )
    assert broken() == {}


@pytest.mark.django_db(transaction=True)
def test_control_without_the_triggers_the_terms_are_gone() -> None:
    placement = lent_placement()
    terms = LeaveFactory(nomination=placement.nomination)
    with without_triggers("placements_placement"), without_triggers("partners_loanterms"):
        assert (
            race(lambda: force_ready(placement), lambda: LoanTerms.objects.filter(pk=terms.pk).delete()) == 2
        )
    assert [invariant.code for invariant in broken()] == ["I7"]


def test_a_transition_refused_by_the_database_leaves_nothing_behind() -> None:
    placement = lent_placement()
    with refused("exactly one"):
        force_ready(placement)
    placement.refresh_from_db()
    assert placement.status == "pending_checks"
    with pytest.raises(TransitionRefused):
        transition(placement, "confirm_ready", by=staff(placement, "hr_specialist"))
