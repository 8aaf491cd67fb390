"""Which waiver passes a block, and for how long (18 U.S.C. 208(b)(1), 5 CFR 2635.502(d), 5 CFR 2635.503(c))."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from partners.models import Nomination
from placements import services, tasks
from placements.conflicts import RULE_BLOCK, Facts, Tie, Waiver, is_waived
from placements.models import ChecklistItem, EthicsWaiver, Placement
from placements.models.conflict import WaiverAuthority
from placements.reminders.dates import ethics_waivers
from techforce.core.calendar import today
from techforce.core.errors import TransitionRefused
from tests.factories import placements as made
from tests.factories.agencies import agency_member
from tests.factories.program import CompanyFactory
from tests.placements.agency_room import APPROVER, ETHICS, HR, desk
from tests.placements.starting import staff
from tests.placements.test_agency_conflicts import case, waive
from tests.placements.test_conflict_screen import conflict_step, screen

DAY = datetime.timedelta(days=1)
PARTY = frozenset({"prime_contract"})
DUTIES = ("has_vendor_direction",)


def facts(*families: int) -> Facts:
    """A right to return to each of these, which are parties to the office."""
    ties = [Tie("return_right", family) for family in families]
    return Facts(ties=ties, relationships=dict.fromkeys(families, PARTY), duties=DUTIES)


@pytest.mark.parametrize(
    ("authority", "rules", "passes"),
    [
        ("208_b1", (RULE_BLOCK,), True),
        ("502_d", (RULE_BLOCK,), False),
        ("503_c", (RULE_BLOCK,), False),
        ("208_b1", (), True),
        ("502_d", (), False),
        ("503_c", (), True),  # what an official blocked after an extraordinary payment
    ],
)
def test_by_its_authority(authority: str, rules: tuple[str, ...], passes: bool) -> None:
    assert authority in WaiverAuthority.values
    assert is_waived(facts(7), rules, [Waiver(authority, 7)]) is passes


def test_by_its_company_and_for_each_of_several() -> None:
    assert not is_waived(facts(7), (RULE_BLOCK,), [Waiver("208_b1", 8)])
    assert not is_waived(facts(7), (), [Waiver("208_b1", 8)])
    assert not is_waived(facts(7, 9), (RULE_BLOCK,), [Waiver("208_b1", 7)])
    assert is_waived(facts(7, 9), (RULE_BLOCK,), [Waiver("208_b1", 7), Waiver("208_b1", 9)])
    assert not is_waived(facts(7), (RULE_BLOCK,), [])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["authority", "company"])
def test_a_waiver_of_something_else_lets_nobody_be_selected(wrong: str) -> None:
    determination = case()
    fields = {"authority": "502_d"} if wrong == "authority" else {"company": CompanyFactory()}
    waive(determination, **fields)
    approver = agency_member(APPROVER, agency=determination.selection.opening.agency)
    with pytest.raises(TransitionRefused, match="decide first"):
        services.select_candidate(selection=determination.selection, by=approver)


@pytest.mark.django_db
def test_a_waiver_for_the_family_counts_for_its_company() -> None:
    determination = case()
    lender = Nomination.objects.get(nominee=determination.selection.applicant.user).partner.company
    waive(determination, company=CompanyFactory(parent=lender))
    approver = agency_member(APPROVER, agency=determination.selection.opening.agency)
    assert services.select_candidate(selection=determination.selection, by=approver).status == "selected"


# ── While it lasts ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def passed() -> tuple[Placement, EthicsWaiver]:
    """Ready on a waiver of a signed block."""
    placement = made.checked_placement()
    conflict_step(placement)
    waiver = made.EthicsWaiverFactory(selection=placement.selection, expires_on=today() + 10 * DAY)
    screen(placement, "block")
    services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    return placement, waiver


@pytest.mark.django_db
def test_when_it_has_ended_the_start_is_stopped_and_the_step_is_under_review_again(
    passed: tuple[Placement, EthicsWaiver],
) -> None:
    placement, _waiver = passed
    with time_machine.travel(timezone.now() + 20 * DAY, tick=False):
        with pytest.raises(TransitionRefused, match="still open"):
            services.enter_on_duty(
                placement=placement, effective_on=today(), by=staff(placement, "hr_specialist")
            )
        tasks.expire_steps()
    placement.refresh_from_db()
    step = ChecklistItem.objects.get(checklist__placement=placement, step__decided_by="determination")
    assert (placement.status, step.status) == ("pending_checks", "under_review")


@pytest.mark.django_db
def test_an_official_ends_it_early_on_the_page(passed: tuple[Placement, EthicsWaiver]) -> None:
    placement, waiver = passed
    determination = placement.selection.determinations.current().get()
    address = f"/agency/conflicts/{determination.public_id}/end-waiver/"
    seat = desk(ETHICS, placement.opening)
    day = {"revoked_on": today().isoformat()}
    assert seat.post(address, {"waiver": waiver.pk, **day}).status_code == 302
    placement.refresh_from_db()
    waiver.refresh_from_db()
    assert (placement.status, waiver.revoked_on) == ("pending_checks", today())
    assert seat.get(address).status_code == 302  # there is none to end any more
    other = desk(HR, placement.opening)
    assert other.get(address).status_code == 404


@pytest.mark.django_db
def test_one_that_was_renewed_reminds_nobody(passed: tuple[Placement, EthicsWaiver]) -> None:
    placement, waiver = passed
    assert [key for key, _day in ethics_waivers(EthicsWaiver.objects.all())] == [waiver.pk]
    renewal = made.EthicsWaiverFactory(
        selection=placement.selection, company=waiver.company, expires_on=today() + 99 * DAY
    )
    assert [key for key, _day in ethics_waivers(EthicsWaiver.objects.all())] == [renewal.pk]
