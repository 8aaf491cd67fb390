"""The work page: each role finds its own work there, and nobody else comes in."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import Opening
from placements import services
from placements.forms.words import OUTCOMES, REASONS
from placements.services import read_seed
from techforce.core.calendar import today
from techforce.core.mail.notifications import render
from techforce.core.models import OutboxMessage
from techforce.core.navigation import beginning_of
from techforce.core.workflow import all_workflows
from tests.factories import placements as made
from tests.factories.accounts import UserFactory
from tests.factories.agencies import AgencyMembershipFactory, PublishedOpeningFactory, agency_member
from tests.placements.agency_room import (
    APPROVER,
    ETHICS,
    HR,
    MANAGER,
    SECURITY,
    SUPERVISOR,
    VIEWER,
    desk,
    page_of,
    placed,
    referred,
)
from tests.techforce.desk import Desk

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db

COMMON = {"First days in the next 30 days", "Terms that end in the next 90 days"}
HIRING = {"Certificates to consider", "Openings to finish"}
OFFERS = HIRING | {
    "Tentative offers to prepare",
    "Offers to send",
    "Questions about an offer",
    "Offers that wait for an answer",
    "Firm offers to prepare",
    "Starts to confirm",
}
WORK = {
    HR: COMMON | OFFERS,
    MANAGER: COMMON | HIRING,
    APPROVER: COMMON | HIRING | {"Selections to approve"},
    ETHICS: COMMON | {"Reviews to sign"},
    SECURITY: COMMON,
    SUPERVISOR: COMMON,
    VIEWER: COMMON,
}
ALL_WORK = set.union(*WORK.values())


def counts(seat: Client, address: str = "/agency/") -> dict[str, int]:
    """What waits, by label."""
    return {str(entry["label"]): entry["count"] for entry in seat.get(address).context["work"]}


@pytest.mark.parametrize("role", WORK)
def test_each_role_finds_its_own_work(role: str) -> None:
    page = desk(role, PublishedOpeningFactory()).get("/agency/").content.decode()
    assert {label for label in ALL_WORK if label in page} == WORK[role]
    assert ("Conflicts of interest" in page) == (role == ETHICS)


PAGES = ("/agency/", "/agency/candidates/", "/agency/offers/", "/agency/placements/")


@pytest.mark.parametrize("role", WORK)
@pytest.mark.parametrize("address", PAGES)
def test_every_role_opens_every_list_of_its_agency(role: str, address: str) -> None:
    assert desk(role, PublishedOpeningFactory()).get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, "/agency/conflicts/"])
def test_a_stranger_is_told_nothing(address: str) -> None:
    assert Desk(UserFactory()).get(address).status_code == 404


def test_members_begin_here_and_others_do_not() -> None:
    assert beginning_of(agency_member()) == "/agency/"
    assert beginning_of(UserFactory()) != "/agency/"


def test_the_work_is_counted_as_it_moves() -> None:
    referral = referred()
    hr, approver = desk(HR, referral.opening), desk(APPROVER, referral.opening)
    ethics = desk(ETHICS, referral.opening)
    assert counts(hr)["Certificates to consider"] == 1
    approver.post(f"{page_of(referral)}propose/")
    assert counts(approver)["Selections to approve"] == 1
    assert counts(ethics)["Reviews to sign"] == 1
    approver.post(f"{page_of(referral)}select/")
    assert counts(hr)["Tentative offers to prepare"] == 1
    assert counts(approver)["Selections to approve"] == 0


def test_starts_are_counted_when_nothing_stops_them() -> None:
    placement = placed(starts_on=today() + 10 * DAY)
    found = counts(desk(HR, placement.opening))
    assert (found["Starts to confirm"], found["First days in the next 30 days"]) == (1, 1)
    assert found["Firm offers to prepare"] == 0  # nobody has signed the conflict screen


def open_step(opening: Opening, due_on: datetime.date, owner: str = "ethics_official") -> None:
    placement = made.PlacementFactory(selection__opening=opening)
    made.ChecklistItemFactory(
        checklist=made.ChecklistFactory(placement=placement),
        step__owner_role=owner,
        due_on=due_on,
        undated_reason="",
    )


def test_late_steps_come_first_and_only_those_that_are_mine() -> None:
    opening = PublishedOpeningFactory()
    open_step(opening, today() + 5 * DAY)
    open_step(opening, today() - 3 * DAY)
    page = desk(ETHICS, opening).get("/agency/").content.decode()
    assert page.index("3 days late") < page.index("in 5 days")
    assert "3 days late" not in desk(SECURITY, opening).get("/agency/").content.decode()


def test_the_step_of_an_outside_party_waits_for_whoever_records_it() -> None:
    opening = PublishedOpeningFactory()
    open_step(opening, today(), owner="partner")
    assert "Short questions" in desk(ETHICS, opening).get("/agency/").content.decode()


def test_a_person_with_two_agencies_chooses_one() -> None:
    referral, other = referred(), PublishedOpeningFactory()
    seat = desk(HR, referral.opening)
    AgencyMembershipFactory(user=seat.user, role=VIEWER, agency=other.agency)
    here = counts(seat, f"/agency/?agency={referral.opening.agency.code}")
    assert here["Certificates to consider"] == 1
    there = counts(seat, f"/agency/?agency={other.agency.code}")
    assert set(there) == COMMON


def test_the_page_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        opening = PublishedOpeningFactory()
        for _number in range(count):
            open_step(opening, today(), owner="hr_specialist")
            made.SentOfferFactory(selection__opening=opening)
        seat = desk(HR, opening)
        with CaptureQueriesContext(connection) as caught:
            assert seat.get("/agency/").status_code == 200
        costs.append(len(caught))
    assert costs[0] == costs[1]


# ── Words ─────────────────────────────────────────────────────────────────────────────────────────
def test_every_reason_that_is_asked_has_its_words() -> None:
    flows = {flow.model.lower(): flow for flow in all_workflows()}
    for (model, name), known in REASONS.items():
        assert set(known) == set(flows[model].named(name).reasons)


def test_every_outcome_of_the_seeded_steps_has_its_words() -> None:
    used = {outcome for template in read_seed() for step in template.steps for outcome in step.outcomes}
    assert used <= set(OUTCOMES)


def test_mails_to_an_agency_name_nobody_and_lead_to_the_page() -> None:
    placement = placed()
    hr, _ethics = (
        agency_member(agency=placement.opening.agency),
        agency_member(ETHICS, agency=placement.opening.agency),
    )
    offer = made.SentOfferFactory(selection__opening=placement.opening)
    made.DeterminationFactory(selection=offer.selection)
    services.accept_offer(offer=offer, by=offer.applicant.user)
    services.screen_case(case=placement.selection, by=hr)
    services.confirm_ready(placement=placement, by=hr)
    keys = ("offer_answered", "determination_waiting", "placement_ready")
    messages = OutboxMessage.objects.filter(template_key__in=keys).order_by("pk")
    texts = [render(message).body for message in messages]
    assert {message.template_key for message in messages} == set(keys)
    assert all("/agency/" in text and "Robin" not in text for text in texts)
    assert mail.outbox == []
