"""A coordinator nominates, invites again and takes back."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Nomination
from partners.services import expire_invitations
from techforce.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    PartnerAgreementFactory,
    PartnerFactory,
    PartnerMembershipFactory,
    coordinator,
)
from tests.factories.program import CohortFactory
from tests.partners.desks import (
    NOMINATE,
    ROSTER,
    able_company,
    answers,
    mails_to,
    page_of,
    text,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


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
