"""Who is reminded of which step, and where the link leads them."""

import datetime

import pytest
import time_machine

from placements import services
from placements.models import ChecklistItem, Placement
from placements.reminders import CHECKLIST_ITEM, PLACEMENT
from techforce.accounts.models import OpmRole
from techforce.core import reminders
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyMembershipFactory, agency_member
from tests.factories.applicants import RecusalFactory
from tests.factories.partners import PartnerMembershipFactory
from tests.placements.reminding import DUE, agency_of, at, beside, owner_of, step, sweep_and_send, told

DAY = datetime.timedelta(days=1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


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


def test_a_case_manager_who_stands_aside_hears_nothing_of_the_case() -> None:
    item = step("V10", "security_officer")
    aside, other = opm_staff(OpmRole.CASE_MANAGER), opm_staff(OpmRole.CASE_MANAGER)
    RecusalFactory(user=aside, applicant=item.checklist.placement.applicant)
    assert told("2026-12-30T09:00") == {other.email}


def test_whoever_is_no_supervisor_any_more_is_not_told_and_the_present_one_is() -> None:
    item = step()
    former = AgencyMembershipFactory(
        role="supervisor", agency=agency_of(item), starts_on=DUE - 90 * DAY, ends_on=DUE - 60 * DAY
    )
    Placement.objects.filter(pk=item.checklist.placement_id).update(supervisor=former.user)
    present = agency_member("supervisor", agency=agency_of(item))
    assert told("2026-12-31T09:00") == {owner_of(item).email, present.email}
