"""What a coordinator sees and does: the own roster in public words, never why."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import LoanTerms, Nomination
from partners.services import expire_invitations
from partners.services.standing import Word
from placements.models import Placement
from techforce.accounts.models import User
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
    PartnerFactory,
    PartnerMembershipFactory,
    coordinator,
)
from tests.factories.program import CohortFactory
from tests.partners.desks import NOMINATE, ROSTER, able_company, answers, mails_to, page_of, text
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


# ── Nominating ────────────────────────────────────────────────────────────────────────────────────
def test_a_nomination_is_saved_and_one_invitation_leaves() -> None:
    partner, desk = able_company()
    desk.get(NOMINATE)
    done = desk.post(
        NOMINATE,
        answers(has_federal_accounts="yes", federal_accounts="Department of Energy"),
        follow=True,
    )
    assert "an invitation is on its way" in text(done)
    nomination = Nomination.objects.get(partner=partner)
    assert (nomination.status, nomination.federal_accounts) == ("invited", "Department of Energy")
    assert len(mails_to("robin@mail.example")) == 1


def test_an_address_known_to_us_gets_the_same_answer_as_an_unknown_one() -> None:
    _partner, desk = able_company()
    UserFactory(email="known@mail.example")
    ConfirmedNominationFactory(invited_email="known@mail.example")
    cohort = CohortFactory(status="open").slug
    seen = []
    for address in ("first@mail.example", "known@mail.example", "unknown@mail.example"):
        with CaptureQueriesContext(connection) as found:
            answer = desk.post(NOMINATE, answers(cohort=cohort, email=address))
        said = [str(message) for message in desk.get(answer.url).context["messages"]]
        seen.append((answer.status_code, answer.url, said, len(found)))
    assert seen[1] == seen[2]


def test_a_duplicate_in_the_own_roster_is_named_and_the_answers_are_kept() -> None:
    partner, desk = able_company()
    cohort = CohortFactory(status="open")
    InvitedNominationFactory(partner=partner, cohort=cohort, invited_email="robin@mail.example")
    answer = desk.post(NOMINATE, answers(cohort=cohort.slug, email="Robin@Mail.example"))
    assert answer.status_code == 422
    assert "has an open nomination with this address" in text(answer)
    assert 'value="Engineering manager"' in text(answer)
    assert Nomination.objects.filter(partner=partner).count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "not an address"}, "valid email"),
        ({"full_name": ""}, "required"),
        ({"cohort": "nowhere"}, "valid choice"),
        ({"has_federal_bids": ""}, "required"),
        ({"has_federal_accounts": "yes"}, "Name the agencies"),
        ({"planned_kind": "secondment"}, "valid choice"),
    ],
    ids=str,
)
def test_wrong_input_is_refused_and_keeps_the_answers(wrong: dict, sentence: str) -> None:
    _partner, desk = able_company()
    answer = desk.post(NOMINATE, answers(**wrong))
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert sentence in page
    assert "Engineering manager" in page
    assert not Nomination.objects.exists()


def test_without_an_agreement_in_force_a_sentence_says_what_to_do() -> None:
    partner = PartnerFactory()
    PartnerAgreementFactory(partner=partner, signed_on=None)
    desk = Desk(coordinator(partner=partner))
    for answer in (desk.get(ROSTER), desk.get(NOMINATE), desk.post(NOMINATE, answers())):
        assert "Ask the program office to sign or renew it" in text(answer)
    assert not Nomination.objects.exists()


def test_a_coordinator_of_two_companies_says_for_which() -> None:
    first, second = (PartnerAgreementFactory().partner for _number in range(2))
    person = coordinator(partner=first)
    PartnerMembershipFactory(user=person, partner=second)
    desk = Desk(person)
    assert desk.post(NOMINATE, answers()).status_code == 422
    assert desk.post(NOMINATE, answers(partner=second.pk)).status_code == 302
    assert Nomination.objects.get().partner == second
    stranger = PartnerAgreementFactory().partner
    assert desk.post(NOMINATE, answers(partner=stranger.pk, email="x@mail.example")).status_code == 422


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


# ── Inviting again, taking back ───────────────────────────────────────────────────────────────────
def a_month_ago() -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=30, minutes=1)


def test_who_did_not_answer_can_be_invited_again_and_the_company_is_told_once() -> None:
    partner, desk = able_company()
    lapsed = InvitedNominationFactory(partner=partner, nominated_by=desk.user, invited_at=a_month_ago())
    for _beat in range(2):
        expire_invitations(by=User.objects.system())
    assert [mail.subject for mail in mails_to(desk.user.email)] == [
        "An invitation of your company has run out"
    ]

    page = desk.post(page_of(lapsed, "invite"), follow=True)

    assert "An invitation is on its way" in text(page)
    statuses = Nomination.objects.filter(partner=partner).order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["expired", "invited"]
    assert len(mails_to(lapsed.invited_email)) == 1


def test_a_fresh_link_waits_a_day() -> None:
    partner, desk = able_company()
    nomination = InvitedNominationFactory(partner=partner)
    answer = desk.post(page_of(nomination, "invite"))
    assert answer.status_code == 422
    assert "Send it again tomorrow" in text(answer)
    assert mails_to(nomination.invited_email) == []


def test_a_confirmed_nominee_is_not_invited_again() -> None:
    partner, desk = able_company()
    answer = desk.post(page_of(ConfirmedNominationFactory(partner=partner), "invite"))
    assert answer.status_code == 422


def test_a_nomination_is_taken_back_with_a_reason() -> None:
    partner, desk = able_company()
    nomination = InvitedNominationFactory(partner=partner)
    assert desk.post(page_of(nomination, "revoke"), {}).status_code == 422
    assert desk.post(page_of(nomination, "revoke"), {"reason_code": "company_decision"}).status_code == 302
    assert ">Closed</span>" in text(desk.get(page_of(nomination)))
    assert desk.get(page_of(nomination, "revoke")).status_code == 404


# ── Terms of the loan ─────────────────────────────────────────────────────────────────────────────
def day(name: str, when: datetime.date) -> dict[str, str]:
    return {f"{name}_year": str(when.year), f"{name}_month": str(when.month), f"{name}_day": str(when.day)}


def leave(**other: str) -> dict[str, str]:
    return {
        "kind": "leave_of_absence",
        **day("begins_on", datetime.date(2030, 1, 7)),
        "leave_type": "public_service",
        "has_return_right": "yes",
        **day("expected_return_on", datetime.date(2032, 1, 8)),
        "is_unpaid": "on",
        **other,
    }


def separation(**other: str) -> dict[str, str]:
    begins = day("begins_on", datetime.date(2030, 1, 4))
    return {"kind": "separation", **begins, "is_unpaid": "on", **other}


def test_a_leave_is_recorded_and_the_person_is_told_once() -> None:
    partner, desk = able_company()
    nomination = ConfirmedNominationFactory(partner=partner)
    page = desk.post(page_of(nomination, "terms"), leave(), follow=True)
    assert "Jan. 8, 2032" in text(page)
    assert LoanTerms.objects.in_force().get(nomination=nomination).has_return_right
    assert [mail.subject for mail in mails_to(nomination.nominee.email)] == [
        "The terms of your loan are recorded"
    ]


def test_a_separation_takes_the_place_of_a_leave() -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination__partner=partner).nomination
    assert desk.get(page_of(nomination, "terms")).status_code == 200
    page = desk.post(page_of(nomination, "terms"), separation(), follow=True)
    assert "Last day at the company" in text(page)
    assert LoanTerms.objects.in_force().get(nomination=nomination).kind == "separation"
    assert text(page).count("Terms recorded") == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (leave(is_unpaid=""), "pay from the company are not possible"),
        (leave(leave_type=""), "Choose the kind of leave"),
        (leave(has_return_right=""), "Say whether the person may come back"),
        (leave(has_return_right="no"), "goes with a right to return"),
        (leave(begins_on_year="2033"), "comes after the first day"),
        (leave(begins_on_day="45"), "valid date"),
        (separation(has_return_right="yes"), "not with a separation"),
        ({}, "required"),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_terms_that_contradict_themselves_are_refused(wrong: dict, sentence: str) -> None:
    partner, desk = able_company()
    nomination = ConfirmedNominationFactory(partner=partner)
    answer = desk.post(page_of(nomination, "terms"), wrong)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not LoanTerms.objects.exists()


def test_terms_wait_for_the_persons_yes() -> None:
    partner, desk = able_company()
    nomination = InvitedNominationFactory(partner=partner)
    assert desk.post(page_of(nomination, "terms"), leave()).status_code == 404
    assert not LoanTerms.objects.exists()


def test_reading_the_pages_queues_no_mail_and_changes_no_row() -> None:
    partner, desk = able_company()
    nomination = LeaveFactory(nomination__partner=partner).nomination
    for path in (ROSTER, NOMINATE, page_of(nomination), page_of(nomination, "terms")):
        assert desk.get(path).status_code == 200
    assert not OutboxMessage.objects.exists()
