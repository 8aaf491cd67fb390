"""A person who comes in another way than was taken for granted: the ethics checklist follows (domain.md §4.5)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.services import (
    close_nomination,
    record_leave_of_absence,
    record_separation,
    revoke_nomination,
)
from placements import services
from placements.models import Checklist, ChecklistItem, Determination, Placement
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.invariants import broken
from techforce.core.models import AuditEvent, Delivery, ReminderLedger
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import agency_member
from tests.factories.partners import ConfirmedNominationFactory, LeaveFactory, SeparationFactory
from tests.factories.program import VettingTierFactory
from tests.placements.attacks import check_deferred
from tests.placements.starting import force_ready, staff
from tests.placements.test_lock_order import ORDER, tables_locked
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates() -> None:
    for code in ("L", "M", "NS-S", "H", "NS-TS"):
        VettingTierFactory(code=code)
    services.seed_placements()


def accepted(*, is_nominee: bool = True) -> Placement:
    """Who accepted the tentative offer before any terms were on file."""
    offer = made.SentOfferFactory()
    if is_nominee:
        ConfirmedNominationFactory(cohort=offer.cohort, nominee=offer.applicant.user)
    placement = services.accept_offer(offer=offer, by=offer.applicant.user)
    made.AcceptedFirmOfferFactory(selection=placement.selection)
    return placement


def separate(placement: Placement) -> Placement:
    nominee = placement.applicant.user
    record_separation(nomination=nominee.nominations.get(), last_day_on=today(), by=nominee)
    placement.refresh_from_db()
    check_deferred()
    return placement


def reclassify(
    placement: Placement, kind: str, by: Any = None, reason: str = "recorded_in_error"
) -> Placement:
    by = by or opm_staff(OpmRole.CASE_MANAGER)
    return services.reclassify_placement(placement=placement, kind=kind, reason=reason, by=by)


def ethics_of(placement: Placement) -> Checklist:
    return Checklist.objects.current().get(placement=placement, area="ethics")


def item(placement: Placement, code: str) -> ChecklistItem:
    return ethics_of(placement).items.get(code=code)


def finish(placement: Placement, code: str) -> ChecklistItem:
    step = ChecklistItem.objects.of_placements([placement.pk]).select_related("step").get(code=code)
    outcome = step.step.accepted_outcomes[0]
    by = staff(placement, step.recorder_role)
    return services.complete_item(item=step, outcome=outcome, effective_on=today(), by=by)


# ── The kind follows the terms ────────────────────────────────────────────────────────────────────
def test_a_separation_that_is_recorded_later_brings_its_own_checklist() -> None:
    placement = separate(accepted())
    assert (placement.kind, ethics_of(placement).template.kind) == ("separation", "separation")
    assert item(placement, "B01").due_on is not None
    old = placement.checklists.get(area="ethics", superseded_at__isnull=False)
    assert old.template.kind == "leave_of_absence"
    assert set(old.items.exclude(status="done").values_list("status", flat=True)) == {"cancelled"}


def test_terms_of_the_kind_that_was_taken_for_granted_change_nothing() -> None:
    placement = accepted()
    before = ethics_of(placement)
    record_leave_of_absence(
        nomination=placement.nomination,
        leave_type="personal",
        starts_on=today(),
        has_return_right=True,
        by=placement.applicant.user,
    )
    placement.refresh_from_db()
    assert (placement.kind, ethics_of(placement)) == ("leave_of_absence", before)


def test_corrected_terms_lead_back() -> None:
    placement = separate(accepted())
    record_leave_of_absence(
        nomination=placement.nomination,
        leave_type="personal",
        starts_on=today(),
        has_return_right=True,
        by=placement.applicant.user,
    )
    placement.refresh_from_db()
    assert placement.kind == "leave_of_absence"
    assert placement.checklists.filter(area="ethics").count() == 3


def test_terms_of_someone_who_was_taken_to_come_from_outside_make_them_lent() -> None:
    placement = accepted(is_nominee=False)
    nomination = ConfirmedNominationFactory(cohort=placement.cohort, nominee=placement.applicant.user)
    separate(placement)
    nomination.refresh_from_db()
    assert (placement.kind, placement.nomination) == ("separation", nomination)
    assert (nomination.status, nomination.application) == ("active", placement.selection.application)


def test_the_audit_says_who_changed_what_and_why() -> None:
    placement = separate(accepted())
    event = AuditEvent.objects.get(action="placements.placement:reclassify")
    assert (event.actor, event.reason_code) == (User.objects.system(), "terms_recorded")
    assert (event.detail["from"], event.detail["to"]) == ("leave_of_absence", "separation")
    assert event.subject_id == placement.pk


# ── What is carried over ──────────────────────────────────────────────────────────────────────────
def test_steps_that_ask_the_same_stay_done() -> None:
    placement = accepted()
    before = finish(placement, "A06")
    separate(placement)
    after = item(placement, "A06")
    columns = ("status", "outcome", "effective_on", "recorded_at", "recorded_by")
    assert after.pk != before.pk
    assert [getattr(after, name) for name in columns] == [getattr(before, name) for name in columns]
    assert AuditEvent.objects.get(action="placements.placement:reclassify").detail["carried"] == ["A06"]


def test_an_excuse_stays_with_its_authority() -> None:
    placement = accepted()
    official = staff(placement, "ethics_official")
    services.excuse_item(item=item(placement, "A09"), authority="Filed in March", by=official)
    separate(placement)
    after = item(placement, "A09")
    assert (after.status, after.excused_by, after.excuse_authority) == ("excused", official, "Filed in March")


@pytest.mark.parametrize("code", ["A05", "A07", "A12", "A18"])
def test_what_the_other_kind_alters_or_what_rests_on_it_starts_anew(code: str) -> None:
    placement = accepted()
    finish(placement, code)
    separate(placement)
    assert not ethics_of(placement).items.filter(code=code, status="done").exists()


def test_the_vetting_goes_on_as_it_was() -> None:
    placement = accepted()
    before = placement.checklists.get(area="vetting")
    separate(placement)
    assert Checklist.objects.current().get(placement=placement, area="vetting") == before


def test_reminders_of_the_old_steps_do_not_leave() -> None:
    placement = accepted()
    step = item(placement, "A06")
    reminders.sweep(now=step.next_reminder_at)
    about = ReminderLedger.objects.filter(subject_type="placements.checklistitem", subject_id=step.pk)
    assert [entry.message.delivery for entry in about.order_by("pk")] == [Delivery.PENDING]
    separate(placement)
    assert [entry.message.delivery for entry in about.order_by("pk")] == [Delivery.CANCELLED]
    step.refresh_from_db()
    assert (step.status, step.next_reminder_at) == ("cancelled", None)


# ── The conflict screen and the gate ──────────────────────────────────────────────────────────────
def test_the_official_signs_again_because_the_tie_is_another_one() -> None:
    placement = accepted()
    first = made.DeterminationFactory(selection=placement.selection)
    official = staff(placement, "ethics_official")
    services.sign_determination(determination=first, result="clear", by=official)
    assert item(placement, "A03").status == "done"
    separate(placement)
    first.refresh_from_db()
    assert (first.status, item(placement, "A03").status) == ("superseded", "under_review")
    again = Determination.objects.current().get(selection=placement.selection)
    services.sign_determination(determination=again, result="recusal", by=official)
    assert (item(placement, "A03").status, item(placement, "A03").outcome) == ("done", "recusal")


def checked() -> Placement:
    """Lent, with an accepted firm offer, each checklist with one step that is done."""
    placement = made.LentPlacementFactory()
    made.AcceptedFirmOfferFactory(selection=placement.selection)
    vetting = made.ChecklistTemplateFactory(kind="vetting", tier=VettingTierFactory())
    leave = made.ChecklistTemplateFactory(kind="leave_of_absence")
    for area, template in (("vetting", vetting), ("ethics", leave)):
        checklist = made.ChecklistFactory(placement=placement, template=template, area=area)
        made.DoneItemFactory(checklist=checklist, step__code="X1", step__position=98)
    return placement


def settle(checklist: Checklist) -> None:
    """Whatever of the new checklist stops the start is done."""
    official = staff(checklist.placement, "ethics_official")
    again = Determination.objects.current().get(selection=checklist.placement.selection)
    services.sign_determination(determination=again, result="clear", by=official)
    for step in checklist.items.filter(gate__in=["firm_offer", "entry_on_duty"], is_settled=False):
        if step.step.condition:
            services.set_item_aside(item=step, by=official)
        else:
            finish(checklist.placement, step.code)


def test_whoever_separates_can_become_ready() -> None:
    placement = separate(checked())
    hr = staff(placement, "hr_specialist")
    with pytest.raises(TransitionRefused, match="B01"):
        services.confirm_ready(placement=placement, by=hr)
    settle(ethics_of(placement))
    assert services.confirm_ready(placement=placement, by=hr).status == "ready"
    check_deferred()
    assert "I7" not in {invariant.code for invariant in broken()}


def test_control_without_the_switch_the_start_is_refused() -> None:
    placement = checked()
    SeparationFactory(nomination=placement.nomination)
    with pytest.raises(TransitionRefused, match="terms of the loan"):
        services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))


def test_open_steps_of_the_old_checklist_hold_nothing() -> None:
    placement = checked()
    old = made.ChecklistItemFactory(checklist=ethics_of(placement), step__code="X2", step__position=99)
    separate(placement)
    old.refresh_from_db()
    assert (old.status, old.is_settled) == ("cancelled", False)
    settle(ethics_of(placement))
    services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    check_deferred()


def test_what_was_done_in_the_old_checklist_is_history_and_not_asked_again() -> None:
    placement = accepted()
    done = finish(placement, "A06")
    separate(placement)
    with pytest.raises(TransitionRefused, match="was replaced"):
        services.send_item_back(item=done, reason_code="incorrect", by=staff(placement, "ethics_official"))


def test_whoever_was_ready_goes_back_to_the_checks() -> None:
    placement = checked()
    LeaveFactory(nomination=placement.nomination)
    services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    assert separate(placement).status == "pending_checks"


# ── Who, when, and what is refused ────────────────────────────────────────────────────────────────
def test_after_entry_on_duty_it_is_refused_and_the_terms_stay() -> None:
    placement = checked()
    terms = LeaveFactory(nomination=placement.nomination)
    force_ready(placement)
    placement.refresh_from_db()
    services.enter_on_duty(placement=placement, effective_on=today(), by=staff(placement, "hr_specialist"))
    with pytest.raises(Refused, match="before entry on duty"):
        record_separation(nomination=placement.nomination, last_day_on=today(), by=placement.applicant.user)
    terms.refresh_from_db()
    assert terms.superseded_at is None
    with pytest.raises(Refused, match="before entry on duty"):
        reclassify(placement, "separation")


@pytest.mark.parametrize("role", ["hr_specialist", "ethics_official"])
def test_the_agencys_hr_and_ethics_officials_may(role: str) -> None:
    placement = accepted()
    assert reclassify(placement, "separation", by=staff(placement, role)).kind == "separation"


@pytest.mark.parametrize("role", ["hiring_manager", "security_officer", "supervisor", "viewer"])
def test_others_of_the_agency_may_not(role: str) -> None:
    placement = accepted()
    with pytest.raises(NotPermitted):
        reclassify(placement, "separation", by=staff(placement, role))


def test_neither_may_another_agency_nor_the_person() -> None:
    placement = accepted()
    themselves = agency_member(
        "hr_specialist", agency=placement.opening.agency, user=placement.applicant.user
    )
    for by in (agency_member(), placement.applicant.user, themselves):
        with pytest.raises(NotPermitted):
            reclassify(placement, "separation", by=by)


def test_the_kind_does_not_contradict_the_terms_on_file() -> None:
    placement = separate(accepted())
    with pytest.raises(Refused, match="terms on file say otherwise"):
        reclassify(placement, "leave_of_absence")


def test_nobody_is_lent_without_a_nomination_nor_from_outside_with_one() -> None:
    with pytest.raises(Refused, match="confirmed no nomination"):
        reclassify(accepted(is_nominee=False), "separation", reason="employment_revealed")
    with pytest.raises(Refused, match="nomination of this person stands"):
        reclassify(accepted(), "outside")


def test_after_the_nomination_is_closed_the_person_comes_from_outside() -> None:
    placement = accepted()
    manager = opm_staff(OpmRole.CASE_MANAGER)
    placement.nomination.refresh_from_db()
    close_nomination(nomination=placement.nomination, reason_code="withdrew", by=manager)
    changed = reclassify(placement, "outside", by=manager)
    assert (changed.kind, changed.nomination, item(changed, "C02").status) == ("outside", None, "not_started")


def test_an_outside_applicant_who_reveals_a_partner_employment_is_bound_to_the_nomination() -> None:
    placement = accepted(is_nominee=False)
    nomination = ConfirmedNominationFactory(cohort=placement.cohort, nominee=placement.applicant.user)
    assert reclassify(placement, "leave_of_absence", reason="employment_revealed").nomination == nomination
    nomination.refresh_from_db()
    with pytest.raises(TransitionRefused):
        revoke_nomination(
            nomination=nomination, reason_code="company_decision", by=opm_staff(OpmRole.PROGRAM_MANAGER)
        )


@pytest.mark.parametrize(("kind", "reason"), [("visitor", "recorded_in_error"), ("separation", "a whim")])
def test_unknown_words_are_refused(kind: str, reason: str) -> None:
    with pytest.raises(Refused, match="Say how"):
        reclassify(accepted(), kind, reason=reason)


def test_terms_that_switch_the_kind_lock_in_the_houses_order() -> None:
    placement = accepted()
    made.DeterminationFactory(selection=placement.selection)
    with CaptureQueriesContext(connection) as context:
        separate(placement)
    locked = list(tables_locked(context.captured_queries))
    assert "placements_selection" in locked
    assert locked == sorted(locked, key=ORDER.index)


# ── At the case manager's desk ────────────────────────────────────────────────────────────────────
def desk() -> Desk:
    found = Desk(opm_staff(OpmRole.CASE_MANAGER))
    found.raise_request_exception = True
    return found


def test_a_case_manager_does_it_from_the_placements_page() -> None:
    placement, at = accepted(), desk()
    page = f"/admin/placements/placement/{placement.pk}"
    act = f"{page}/act/reclassify/"
    assert "Change how the person comes" in at.get(f"{page}/change/").content.decode()
    assert at.post(act, {"kind": "separation"}).status_code == 422
    refusal = at.post(act, {"kind": "outside", "reason": "recorded_in_error"})
    assert refusal.status_code == 422
    assert "Close it first" in refusal.content.decode()
    assert at.post(act, {"kind": "separation", "reason": "recorded_in_error"}).status_code == 302
    placement.refresh_from_db()
    assert placement.kind == "separation"
    assert "It was recorded in error" in at.get(f"{page}/change/").content.decode()


def test_after_the_start_the_page_does_not_offer_it() -> None:
    placement = made.ActivePlacementFactory()
    page = desk().get(f"/admin/placements/placement/{placement.pk}/change/").content.decode()
    assert "Change how the person comes" not in page
