"""What a coordinator reads: the own roster in public words, never why."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Nomination
from partners.services.standing import Word
from placements.models import Placement
from techforce.core.calendar import today
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import QualifiedApplicationFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    LeaveFactory,
    NominationFactory,
    PartnerAgreementFactory,
    coordinator,
)
from tests.factories.program import CohortFactory
from tests.partners.desks import (
    NOMINATE,
    ROSTER,
    able_company,
    page_of,
    text,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

SECRETS = ("pending_checks", "vetting", "Ethics official", "suspended", "curtailed", "C02", "Qualified")


def lent(partner, **placement) -> Nomination:
    """A nominee who confirmed, with a placement (or none)."""
    nomination = ConfirmedNominationFactory(partner=partner)
    if placement:
        place(nomination, **placement)
    return nomination


def place(nomination: Nomination, **fields) -> Placement:
    selection = made.SelectionFactory(
        opening__cohort=nomination.cohort,
        application__cohort=nomination.cohort,
        application__applicant__user=nomination.nominee,
    )
    return made.PlacementFactory(
        selection=selection, kind="leave_of_absence", nomination=nomination, **fields
    )


def roster_row(desk: Desk, nomination: Nomination) -> str:
    return text(desk.get(page_of(nomination)))


# ── The roster ────────────────────────────────────────────────────────────────────────────────────
def test_a_coordinator_reads_the_own_roster_and_nobody_elses() -> None:
    partner, desk = able_company()
    NominationFactory(partner=partner, full_name="Ours Indeed")
    NominationFactory(full_name="Theirs Alone")

    page = text(desk.get(ROSTER))

    assert "Ours Indeed" in page
    assert "Theirs Alone" not in page


@pytest.mark.parametrize("who", [UserFactory, opm_staff, agency_member])
def test_whoever_acts_for_no_company_finds_no_roster(who) -> None:
    desk = Desk(who())
    assert [desk.get(path).status_code for path in (ROSTER, NOMINATE)] == [404, 404]


def test_signing_in_leads_a_coordinator_to_the_roster_and_the_menu_offers_it() -> None:
    _partner, desk = able_company()
    assert f'href="{ROSTER}"' in text(desk.get("/"))
    assert f'href="{ROSTER}"' not in text(Desk(UserFactory()).get("/"))


def test_the_number_of_queries_does_not_grow_with_the_roster() -> None:
    partner, desk = able_company()
    desk.get(ROSTER)  # the first page of a sitting notes the sign of life
    counts = []
    for more in (1, 2):
        for _number in range(more):
            LeaveFactory(nomination=lent(partner, status="pending_checks"))
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert desk.get(ROSTER).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_long_roster_has_pages_and_the_newest_comes_first() -> None:
    partner, desk = able_company()
    for number in range(26):
        NominationFactory(partner=partner, full_name=f"Person {number:02}")
    first = desk.get(ROSTER)
    assert "Person 25" in text(first)
    assert "Person 00" not in text(first)
    assert "Person 00" in text(desk.get(ROSTER + first.context["next_url"]))


def test_the_agreement_and_its_dates_are_shown() -> None:
    agreement = PartnerAgreementFactory(reference="PA-IN-FORCE")
    PartnerAgreementFactory(partner=agreement.partner, reference="PA-DRAFT", signed_on=None)
    page = text(Desk(coordinator(partner=agreement.partner)).get(ROSTER))
    for words in ("PA-IN-FORCE", "In force", "PA-DRAFT", "Not signed"):
        assert words in page


# ── The words ─────────────────────────────────────────────────────────────────────────────────────
def service(day: datetime.date) -> dict:
    return {"starts_on": day, "entry_recorded_at": timezone.now()}


def ended(status: str, **other) -> dict:
    start = today() - datetime.timedelta(days=300)
    return {
        **service(start),
        "status": status,
        "ended_on": today() - datetime.timedelta(days=1),
        "end_recorded_at": timezone.now(),
        **other,
    }


STANDINGS = [
    ({}, "Confirmed"),
    ({"status": "pending_checks"}, "In process"),
    ({"status": "fell_through"}, "Confirmed"),
    (ended("completed"), "Closed"),
    (ended("curtailed"), "Closed"),
]


@pytest.mark.parametrize(("placement", "word"), STANDINGS, ids=lambda part: str(part)[:30])
def test_a_placement_shows_as_one_public_word(placement: dict, word: str) -> None:
    partner, desk = able_company()
    page = roster_row(desk, lent(partner, **placement))
    assert f">{word}</span>" in page
    assert [secret for secret in SECRETS if secret in page] == []


@pytest.mark.parametrize("status", ["active", "suspended"])
def test_whoever_serves_reads_as_serving_whatever_happens(status: str) -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination=lent(partner)).nomination
    place(nomination, status=status, **service(today()))
    assert ">Serving</span>" in roster_row(desk, nomination)


@pytest.mark.parametrize(("status", "is_told"), [("pending_checks", False), ("ready", True)])
def test_the_start_is_told_once_it_is_certain(status: str, is_told: bool) -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination=lent(partner)).nomination
    place(nomination, status=status, starts_on=datetime.date(2031, 3, 4))
    page = roster_row(desk, nomination)
    assert (">Start date set</span>" in page) is is_told
    assert ("March 4, 2031" in page) is is_told


@pytest.mark.parametrize(
    ("step", "word"),
    [
        ({"owner_role": "partner", "status": "requested"}, "Step outstanding"),
        ({"owner_role": "ethics_official", "status": "blocked", "waiting_on": "partner"}, "Step outstanding"),
        ({"owner_role": "partner", "status": "submitted"}, "In process"),
        ({"owner_role": "candidate", "status": "requested"}, "In process"),
        ({"owner_role": "ethics_official", "status": "returned"}, "In process"),
    ],
    ids=str,
)
def test_only_a_step_of_the_company_is_outstanding(step: dict, word: str) -> None:
    partner, desk = able_company()
    nomination = lent(partner)
    placement = place(nomination, status="pending_checks")
    made.ChecklistItemFactory(checklist__placement=placement, step__title="Benefits review", **step)
    page = roster_row(desk, nomination)
    assert f">{word}</span>" in page
    assert "Benefits review" not in page


def test_an_application_changes_nothing_that_the_company_reads() -> None:
    partner, desk = able_company()
    without = ConfirmedNominationFactory(partner=partner, cohort=CohortFactory(name="One cohort"))
    with_one = ConfirmedNominationFactory(
        partner=partner, cohort=without.cohort, confirmed_at=without.confirmed_at,
        application=QualifiedApplicationFactory(cohort=without.cohort),
    )  # fmt: skip
    texts = [tidy(roster_row(desk, row), row) for row in (without, with_one)]
    assert texts[0] == texts[1]


def tidy(page: str, row: Nomination) -> str:
    """Without what names the row itself, the token of the form and the moments."""
    page = page.replace(str(row.public_id), "ID").replace(row.invited_email, "ADDRESS")
    return page.partition("<main")[2].partition("<h2>History")[0].replace("\n", "").split("csrf")[0]


def test_the_words_are_those_of_the_design() -> None:
    known = {"Invited", "Confirmed", "In process", "Step outstanding", "Start date set", "Serving", "Closed"}
    assert {str(word.label) for word in Word} - {"Not sent"} == known


# ── Another company's ─────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("rest", [(), ("revoke",), ("terms",)])
def test_another_companys_nomination_is_not_there(rest: tuple[str, ...]) -> None:
    _partner, desk = able_company()
    assert desk.get(page_of(ConfirmedNominationFactory(), *rest)).status_code == 404


@pytest.mark.parametrize("action", ["invite", "revoke", "terms"])
def test_nothing_is_done_to_another_companys_nomination(action: str) -> None:
    _partner, desk = able_company()
    theirs = InvitedNominationFactory()
    data = {"reason_code": "left_company", "kind": "separation"}
    assert desk.post(page_of(theirs, action), data).status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "invited"


def test_the_nominee_and_opm_use_pages_of_their_own() -> None:
    nomination = ConfirmedNominationFactory()
    for person in (nomination.nominee, opm_staff()):
        assert Desk(person).get(page_of(nomination)).status_code == 404


def test_reading_the_pages_queues_no_mail_and_changes_no_row() -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination__partner=partner).nomination
    for path in (ROSTER, NOMINATE, page_of(nomination), page_of(nomination, "terms")):
        assert desk.get(path).status_code == 200
    assert not OutboxMessage.objects.exists()
