"""What whoever keeps steps at one agency does with those of another, with their own, and by a page left open."""

import uuid
from typing import Any

import pytest

from placements.models import ChecklistItem, Placement
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.models import AuditEvent
from tests.factories.accounts import DelegationFactory
from tests.factories.agencies import (
    AgencyMembershipFactory,
    OfficeFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.placements.agency_room import ETHICS, HR, SECURITY, desk
from tests.placements.people import words_of
from tests.placements.vetting_desk import step, vetted
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

RECORD = "/agency/steps/record/"


def recorded(seat: Desk, *items: ChecklistItem, **answers: Any) -> Any:
    """All of them in one post, each with an outcome that would do."""
    facts = {f"outcome-{one.public_id}": "favorable" for one in items}
    facts |= {f"reference-{one.public_id}": "CASE-7" for one in items}
    chosen = {"item": [one.public_id for one in items], "effective_on": today(), **facts, **answers}
    return seat.post(RECORD, chosen, follow=True)


def untouched(*items: ChecklistItem) -> bool:
    rows = ChecklistItem.objects.filter(pk__in=[one.pk for one in items])
    return all((row.status, row.external_reference) == ("not_started", "") for row in rows.order_by("pk"))


def with_duty(placement: Placement, role: str = SECURITY) -> Desk:
    """The person of the case, who holds this role at the agency that vets them."""
    own = placement.applicant.user
    AgencyMembershipFactory(user=own, agency=placement.opening.agency, role=role)
    return Desk(User.objects.get(pk=own.pk))


def test_steps_of_another_agency_among_ones_own_stay_as_they_are() -> None:
    mine, theirs = (step(vetted("M", detail="full"), "V05") for _n in range(2))
    answer = recorded(desk(SECURITY, mine.checklist.placement.opening), mine, theirs)
    assert "1 step is recorded." in words_of(answer)
    assert untouched(theirs)
    assert not untouched(mine)
    assert not AuditEvent.objects.about(theirs).exclude(actor__kind="system").exists()
    assert str(theirs.checklist.placement.applicant) not in words_of(answer).replace(
        str(mine.checklist.placement.applicant), ""
    )


def test_steps_of_another_office_of_the_same_agency_too() -> None:
    item = step(vetted("M", detail="full"), "V05")
    agency = item.checklist.placement.opening.agency
    seat = Desk(agency_member(SECURITY, agency=agency, office=OfficeFactory(agency=agency)))
    assert "Choose at least one step" in words_of(recorded(seat, item))
    assert untouched(item)


def test_ones_own_steps_are_recorded_by_somebody_else() -> None:
    placement = vetted("M", detail="full")
    own = [step(placement, code) for code in ("V05", "V11")]
    seat = with_duty(placement)
    recorded(seat, *own)
    for item in own:
        answer = seat.post(
            f"/agency/steps/{item.public_id}/complete/",
            {"effective_on": today(), "outcome": "favorable", "reference": "CASE-7"},
        )
        assert answer.status_code in (403, 404)
    assert untouched(*own)

    recorded(desk(SECURITY, placement.opening), *own)  # the same post by a colleague
    assert not untouched(own[0])
    assert not untouched(own[1])


def test_nor_by_whoever_carries_ones_duties() -> None:
    placement = vetted("M", detail="full")
    item = step(placement, "V05")
    colleague = agency_member(SECURITY, agency=placement.opening.agency)
    DelegationFactory(giver=placement.applicant.user, taker=colleague)
    recorded(Desk(colleague), item)
    assert untouched(item)


@pytest.mark.parametrize("key", ["", "1", "x" * 200, "\N{NULL}", str(uuid.uuid4()), "' OR 1=1 --"])
def test_nonsense_for_a_step_records_nothing(key: str) -> None:
    item = step(vetted("M", detail="full"), "V05")
    seat = desk(SECURITY, item.checklist.placement.opening)
    answer = seat.post(RECORD, {"item": [key], "effective_on": today()}, follow=True)
    assert answer.status_code in (200, 400)
    assert untouched(item)


# ── Milestones ────────────────────────────────────────────────────────────────────────────────────
def milestone(placement: Placement) -> str:
    return f"/agency/placements/{placement.public_id}/record-milestone/"


def test_a_milestone_of_a_foreign_placement_is_not_there() -> None:
    mine, theirs = vetted("M"), vetted("M")
    fact = {"fact": "initiated:new", "effective_on": today(), "reference": "CASE-7"}
    seat = desk(SECURITY, mine.opening)
    assert seat.get(milestone(theirs)).status_code == 404
    assert seat.post(milestone(theirs), fact).status_code == 404
    # A form of one's own with a foreign placement among its fields records for the address alone.
    seat.post(milestone(mine), {**fact, "placement": theirs.public_id, "public_id": theirs.public_id})
    assert untouched(step(theirs, "V05"))
    assert not untouched(step(mine, "V05"))


def test_a_milestone_of_ones_own_case_is_recorded_by_somebody_else() -> None:
    placement = vetted("M")
    seat = with_duty(placement)
    fact = {"fact": "initiated:new", "effective_on": today(), "reference": "CASE-7"}
    assert seat.post(milestone(placement), fact).status_code in (403, 404)
    assert untouched(step(placement, "V05"))


@pytest.mark.parametrize(
    "fact", ["", "initiated", "initiated:gold", "cleared:favorable:x", "interim:granted"]
)
def test_a_fact_that_the_form_does_not_offer_is_refused(fact: str) -> None:
    placement = vetted("M")
    answer = desk(SECURITY, placement.opening).post(
        milestone(placement), {"fact": fact, "effective_on": today(), "reference": ""}
    )
    assert answer.status_code == 422
    assert untouched(step(placement, "V05"))


def test_of_two_roles_each_opens_its_own_bench() -> None:
    opening = PublishedOpeningFactory()
    assert desk(HR, opening).post(RECORD, {"item": []}).status_code in (302, 404)
    assert desk(ETHICS, opening).get("/agency/vetting/").status_code == 404
