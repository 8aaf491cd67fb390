"""The nominee's own page: opened by the link in the mail, confirmed from an account of their own."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from partners.models import EquityDeclaration, Nomination
from partners.services import confirm_nomination, invite_again, revoke_nomination
from techforce.accounts.models import User
from techforce.core.models import AuditEvent
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicationFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    LeaveFactory,
    PartnerAgreementFactory,
    PartnerMembershipFactory,
    coordinator,
)
from tests.factories.program import CohortFactory
from tests.partners.desks import NOMINATE, able_company, answers, link_mailed_to, mails_to, page_of, text
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

YES = {
    "is_private_company": "no",
    "holdings": ["holds_options", "holds_vested_stock"],
    "expects_return": "yes",
    "has_family_tie": "no",
    "agrees": "on",
}


@pytest.fixture
def company() -> Desk:
    """The desk of the coordinator who nominates."""
    _partner, desk = able_company()
    return desk


def invited(company: Desk, **other: str) -> tuple[Nomination, str]:
    """A nomination made on the page, and the link that its invitation carries."""
    company.post(NOMINATE, answers(**other))
    nomination = Nomination.objects.latest("pk")
    return nomination, link_mailed_to(nomination.invited_email)


def opened(person: User, link: str) -> Desk:
    desk = Desk(person)
    assert desk.get(link, follow=True).status_code == 200
    return desk


def path_of(nomination: Nomination, rest: str = "") -> str:
    return f"/nomination/{nomination.public_id}/{rest}"


# ── The invitation ────────────────────────────────────────────────────────────────────────────────
def test_the_mail_names_the_company_and_the_token_is_nowhere_in_plain(company: Desk) -> None:
    nomination, link = invited(company)
    (mail,) = mails_to("robin@mail.example")
    assert str(nomination.partner) in mail.subject
    token = link.partition("token=")[2]
    (queued,) = nomination_messages()
    assert token not in str(queued.context)
    assert token not in queued.dedupe_key


def nomination_messages() -> list:
    from techforce.core.models import OutboxMessage

    return list(OutboxMessage.objects.filter(template_key="nomination_invitation").order_by("pk"))


def test_the_page_says_who_nominates_and_asks_to_sign_in(company: Desk) -> None:
    nomination, link = invited(company)
    visitor = Client()
    page = text(visitor.get(link, follow=True))
    assert f"{nomination.partner} would like to lend you" in page
    assert company.user.get_full_name() in page
    assert f"/accounts/signup/?next={path_of(nomination)}" in page
    assert "holdings" not in page
    assert visitor.post(path_of(nomination), YES).status_code == 200
    nomination.refresh_from_db()
    assert nomination.status == "invited"


def test_the_token_leaves_the_address(company: Desk) -> None:
    _nomination, link = invited(company)
    assert "token" not in Client().get(link).url


def test_opening_the_link_confirms_nothing(company: Desk) -> None:
    nomination, link = invited(company)
    opened(UserFactory(), link)
    nomination.refresh_from_db()
    assert nomination.nominee is None


# ── Links that open nothing ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("tamper", [lambda link: link + "x", lambda link: re.sub("token=.*", "token=", link)])
def test_a_forged_link_opens_nothing(company: Desk, tamper) -> None:
    _nomination, link = invited(company)
    answer = Desk(UserFactory()).get(tamper(link), follow=True)
    assert answer.status_code == 410
    assert "no longer open" in text(answer)


def test_the_token_of_one_nomination_does_not_open_another(company: Desk) -> None:
    first, _link = invited(company)
    _second, link = invited(company, email="second@mail.example")
    borrowed = path_of(first) + "?" + link.partition("?")[2]
    assert Desk(UserFactory()).get(borrowed, follow=True).status_code == 410


def test_an_expired_link_opens_nothing(company: Desk) -> None:
    nomination, link = invited(company)
    desk = opened(UserFactory(), link)
    past = timezone.now() - datetime.timedelta(minutes=1)
    Nomination.objects.filter(pk=nomination.pk).update(
        invited_at=past - datetime.timedelta(days=30), expires_at=past
    )
    for answer in (desk.get(path_of(nomination)), desk.post(path_of(nomination), YES)):
        assert answer.status_code == 410
    nomination.refresh_from_db()
    assert nomination.nominee is None


def test_a_used_link_opens_nothing_to_anybody_else(company: Desk) -> None:
    nomination, link = invited(company)
    opened(UserFactory(), link).post(path_of(nomination), YES)
    assert Desk(UserFactory()).get(link, follow=True).status_code == 410
    assert Client().get(path_of(nomination)).status_code == 410


def test_a_nomination_taken_back_opens_nothing(company: Desk) -> None:
    nomination, link = invited(company)
    revoke_nomination(nomination=nomination, reason_code="sent_in_error", by=company.user)
    assert Desk(UserFactory()).get(link, follow=True).status_code == 410


def test_a_fresh_link_makes_the_old_one_useless(company: Desk) -> None:
    nomination, old = invited(company)
    earlier = timezone.now() - datetime.timedelta(days=2)
    Nomination.objects.filter(pk=nomination.pk).update(invited_at=earlier, expires_at=timezone.now())
    invite_again(nomination=nomination, by=company.user)
    fresh = link_mailed_to(nomination.invited_email)
    assert Desk(UserFactory()).get(old, follow=True).status_code == 410
    assert Desk(UserFactory()).get(fresh, follow=True).status_code == 200


# ── Saying yes ────────────────────────────────────────────────────────────────────────────────────
def test_the_signed_in_account_confirms_and_says_what_it_keeps(company: Desk) -> None:
    nomination, link = invited(company)
    person = UserFactory()
    page = opened(person, link).post(path_of(nomination), YES, follow=True)

    assert "You confirmed the nomination" in text(page)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.nominee) == ("confirmed", person)
    declared = EquityDeclaration.objects.get(nomination=nomination, company=nomination.partner.company)
    assert (declared.holds_options, declared.holds_private_equity) == (True, False)
    assert (declared.expects_return, declared.has_family_tie) == (True, False)


def test_the_company_reads_the_word_and_gets_one_mail_that_names_nobody(company: Desk) -> None:
    nomination, link = invited(company)
    opened(UserFactory(), link).post(path_of(nomination), YES)
    (mail,) = mails_to(company.user.email)
    assert mail.subject == "A nomination of your company is confirmed"
    assert "Robin" not in mail.body
    page = text(company.get(page_of(nomination)))
    assert ">Confirmed</span>" in page
    for kept in ("Options", "Vested stock", "spouse"):
        assert kept not in page


def test_confirming_twice_is_confirming_once(company: Desk) -> None:
    nomination, link = invited(company)
    desk = opened(UserFactory(), link)
    codes = [desk.post(path_of(nomination), YES).status_code for _click in range(2)]
    assert codes == [302, 302]
    assert EquityDeclaration.objects.count() == 1
    assert AuditEvent.objects.filter(action="partners.nomination:confirm").count() == 1
    assert len(mails_to(company.user.email)) == 1


def test_an_account_with_an_address_of_the_company_is_turned_to_another(company: Desk) -> None:
    nomination, link = invited(company)
    domain = nomination.partner.work_email_domains
    desk = opened(UserFactory(email=f"robin@{domain}"), link)
    assert "Use an address of your own" in text(desk.get(path_of(nomination)))
    answer = desk.post(path_of(nomination), YES)
    assert answer.status_code == 422
    assert "address of your own" in text(answer)
    nomination.refresh_from_db()
    assert nomination.nominee is None


def test_an_address_that_nobody_verified_does_not_do(company: Desk) -> None:
    nomination, link = invited(company)
    person = UserFactory()
    person.emailaddress_set.update(verified=False)
    assert opened(person, link).post(path_of(nomination), YES).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"agrees": ""}, "Check this box to confirm"),
        ({"holdings": []}, "required"),
        ({"holdings": ["none", "holds_options"]}, "not both"),
        ({"holdings": ["a_lot"]}, "valid choice"),
        ({"expects_return": "perhaps"}, "valid choice"),
    ],
    ids=str,
)
def test_wrong_answers_are_refused_and_the_others_kept(company: Desk, wrong: dict, sentence: str) -> None:
    nomination, link = invited(company)
    answer = opened(UserFactory(), link).post(path_of(nomination), {**YES, **wrong})
    page = text(answer)
    assert answer.status_code == 422
    assert sentence in page
    assert 'name="has_family_tie" value="no"' in page
    assert page.count(" checked") >= 2
    nomination.refresh_from_db()
    assert nomination.status == "invited"


def test_a_person_is_lent_by_one_company_in_a_cohort(company: Desk) -> None:
    nomination, link = invited(company)
    person = ConfirmedNominationFactory(cohort=nomination.cohort).nominee
    answer = opened(person, link).post(path_of(nomination), YES)
    assert answer.status_code == 422
    assert "in this cohort already" in text(answer)


# ── With and without an application ───────────────────────────────────────────────────────────────
def test_an_application_of_the_cohort_goes_with_it_and_the_company_is_not_told(company: Desk) -> None:
    cohort = CohortFactory(status="open")
    nomination, link = invited(company, cohort=cohort.slug)
    application = ApplicationFactory(cohort=cohort)
    page = opened(application.applicant.user, link).post(path_of(nomination), YES, follow=True)
    assert "Your application for this cohort goes with it" in text(page)
    nomination.refresh_from_db()
    assert nomination.application == application
    assert application.reference_number not in text(company.get(page_of(nomination)))


def test_without_an_application_the_page_leads_to_one(company: Desk) -> None:
    nomination, link = invited(company)
    page = opened(UserFactory(), link).post(path_of(nomination), YES, follow=True)
    assert 'href="/apply/"' in text(page)


# ── Saying no ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("has_account", [True, False])
def test_saying_no_takes_the_link_and_no_account(company: Desk, has_account: bool) -> None:
    nomination, link = invited(company)
    desk = Desk(UserFactory()) if has_account else Client()
    desk.get(link, follow=True)
    assert desk.get(path_of(nomination, "decline/")).status_code == 200
    page = desk.post(path_of(nomination, "decline/"), {"reason": "terms"}, follow=True)
    assert "You said no" in text(page)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.nominee) == ("declined", None)
    assert AuditEvent.objects.get(action="partners.nomination:decline").detail == {"why": "terms"}


def test_the_company_learns_neither_the_no_nor_the_reason(company: Desk) -> None:
    nomination, link = invited(company)
    visitor = Client()
    visitor.get(link)
    visitor.post(path_of(nomination, "decline/"), {"reason": "terms"})
    page = text(company.get(page_of(nomination)))
    assert ">Closed</span>" in page
    for telling in ("eclined", "do not suit me", "said no"):
        assert telling not in page
    (mail,) = mails_to(company.user.email)
    assert mail.subject == "A nomination of your company is closed"


def test_a_no_needs_the_link_too(company: Desk) -> None:
    nomination, _link = invited(company)
    assert Client().post(path_of(nomination, "decline/"), {}).status_code == 410
    assert Desk(UserFactory()).post(path_of(nomination, "decline/"), {}).status_code == 410
    nomination.refresh_from_db()
    assert nomination.status == "invited"


# ── Afterwards ────────────────────────────────────────────────────────────────────────────────────
def test_the_nominee_reads_the_terms_and_what_they_declared_and_nobody_else_does() -> None:
    terms = LeaveFactory()
    nomination = terms.nomination
    page = text(Desk(nomination.nominee).get(path_of(nomination)))
    assert "Unpaid personal leave" in page
    for stranger in (Desk(UserFactory()), Desk(coordinator(partner=nomination.partner)), Client()):
        assert stranger.get(path_of(nomination)).status_code == 410


def test_whoever_nominated_and_left_is_not_told(company: Desk) -> None:
    agreement = PartnerAgreementFactory()
    leaver = coordinator(partner=agreement.partner)
    successor = PartnerMembershipFactory(partner=agreement.partner).user
    nomination, link = invited(Desk(leaver))
    leaver.partnermemberships.update(ends_on=datetime.date(2020, 1, 1), starts_on=datetime.date(2019, 1, 1))
    confirm_nomination(token=link.partition("token=")[2], by=UserFactory())
    assert mails_to(leaver.email) == []
    assert len(mails_to(successor.email)) == 1
    assert nomination.partner == agreement.partner
