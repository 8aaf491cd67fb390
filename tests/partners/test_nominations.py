"""How a company proposes a person, and how that person answers."""

import datetime

import pytest
from django.utils import timezone

from partners.models import Nomination, Partner
from partners.services import (
    activate_partner,
    begin_agreement,
    confirm_nomination,
    decline_nomination,
    expire_invitations,
    invite_nominee,
    nominate,
    revoke_nomination,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import ApplicationFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    InvitedNominationFactory,
    NominationFactory,
    PartnerAgreementFactory,
    PartnerFactory,
    coordinator,
)
from tests.factories.program import CohortFactory
from tests.parallel import at_once, succeeded
from tests.partners.desks import mails_to

pytestmark = pytest.mark.django_db


def invited() -> tuple[Nomination, str]:
    agreement = PartnerAgreementFactory()
    nomination = NominationFactory(partner=agreement.partner)
    return nomination, invite_nominee(nomination=nomination, by=coordinator(partner=agreement.partner))


def test_a_company_becomes_active_with_an_agreement_in_force():
    partner = PartnerFactory(status="prospective")
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    begin_agreement(partner=partner, by=manager)
    with pytest.raises(TransitionRefused, match="signed agreement"):
        activate_partner(partner=partner, by=manager)
    PartnerAgreementFactory(partner=partner)
    assert activate_partner(partner=partner, by=manager).status == "active"


def test_a_coordinator_nominates_for_the_own_company_only():
    agreement = PartnerAgreementFactory()
    facts = {
        "cohort": CohortFactory(),
        "full_name": "Robin Reyes",
        "email": "r@mail.example",
        "present_role": "Lead",
    }
    nomination = nominate(partner=agreement.partner, by=coordinator(partner=agreement.partner), **facts)
    assert nomination.status == "draft"
    with pytest.raises(NotPermitted):
        nominate(partner=agreement.partner, by=coordinator(), **facts)


def test_without_an_agreement_no_invitation_leaves():
    nomination = NominationFactory()
    with pytest.raises(TransitionRefused, match="no agreement in force"):
        invite_nominee(nomination=nomination, by=coordinator(partner=nomination.partner))


def test_the_token_is_stored_only_as_a_digest():
    nomination, token = invited()
    nomination.refresh_from_db()
    assert token not in str(vars(nomination))
    assert nomination.expires_at - nomination.invited_at <= datetime.timedelta(days=30)


def test_whoever_opens_the_link_confirms_with_the_own_account_and_application():
    nomination, token = invited()
    application = ApplicationFactory(cohort=nomination.cohort)
    person = application.applicant.user
    confirmed = confirm_nomination(token=token, by=person)
    assert (confirmed.status, confirmed.nominee, confirmed.application) == ("confirmed", person, application)


def test_an_account_at_the_company_cannot_confirm():
    nomination, token = invited()
    at_work = UserFactory(email=f"robin@{nomination.partner.work_email_domains}")
    with pytest.raises(TransitionRefused, match="address of your own"):
        confirm_nomination(token=token, by=at_work)


def test_an_address_that_nobody_verified_cannot_confirm():
    _nomination, token = invited()
    person = UserFactory()
    person.emailaddress_set.update(verified=False)
    with pytest.raises(TransitionRefused, match="verified address"):
        confirm_nomination(token=token, by=person)


def test_a_token_works_once():
    _nomination, token = invited()
    confirm_nomination(token=token, by=UserFactory())
    with pytest.raises(Refused, match="already used"):
        confirm_nomination(token=token, by=UserFactory())


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_open_the_link_at_once_one_confirms():
    _nomination, token = invited()
    people = [UserFactory() for _ in range(8)]
    results = at_once(8, lambda n: confirm_nomination(token=token, by=people[n]))
    assert len(succeeded(results)) == 1


def test_a_machine_confirms_nothing():
    _nomination, token = invited()
    with pytest.raises(NotPermitted):
        confirm_nomination(token=token, by=UserFactory(kind=User.Kind.SERVICE))


def test_after_a_no_nobody_knows_who_said_it():
    nomination, token = invited()
    decline_nomination(token=token, by=UserFactory())
    nomination.refresh_from_db()
    assert (nomination.status, nomination.nominee) == ("declined", None)


def test_an_invitation_ends_after_30_days_and_not_before():
    fresh = InvitedNominationFactory()
    month_ago = timezone.now() - datetime.timedelta(days=30, minutes=1)
    lapsed = InvitedNominationFactory(invited_at=month_ago)
    assert expire_invitations(by=User.objects.system()) == 1
    assert {row.pk: row.status for row in Nomination.objects.order_by("pk")} == {
        fresh.pk: "invited",
        lapsed.pk: "expired",
    }


def test_a_company_takes_its_nomination_back():
    nomination, token = invited()
    revoke_nomination(
        nomination=nomination, reason_code="left_company", by=coordinator(partner=nomination.partner)
    )
    with pytest.raises(Refused):
        confirm_nomination(token=token, by=UserFactory())


def test_whoever_had_confirmed_is_told_that_it_is_closed_and_not_why():
    nomination = ConfirmedNominationFactory()
    revoke_nomination(
        nomination=nomination, reason_code="left_company", by=coordinator(partner=nomination.partner)
    )
    (message,) = mails_to(nomination.nominee.email)
    assert message.subject == "Your nomination is closed"
    assert f"/nomination/{nomination.public_id}/" in message.body
    for word in ("left", "reason", nomination.partner.company.name):
        assert word not in message.body


def test_an_invitation_that_nobody_answered_is_taken_back_without_a_mail():
    nomination = InvitedNominationFactory()
    revoke_nomination(
        nomination=nomination, reason_code="sent_in_error", by=coordinator(partner=nomination.partner)
    )
    assert mails_to(nomination.invited_email) == []


def test_a_coordinator_sees_the_own_company_and_an_agency_sees_no_nominee():
    nomination = NominationFactory()
    own, other = coordinator(partner=nomination.partner), coordinator()
    assert nomination in Nomination.objects.visible_to(own)
    for stranger in (other, agency_member(), UserFactory()):
        assert nomination not in Nomination.objects.visible_to(stranger)
    assert list(Partner.objects.visible_to(other)) == [other.partnermemberships.get().partner]


def test_revoking_and_nominating_again_does_not_flood_a_mailbox() -> None:
    first = InvitedNominationFactory()
    by = coordinator(partner=first.partner)
    revoke_nomination(nomination=first, reason_code="sent_in_error", by=by)
    again = NominationFactory(partner=first.partner, cohort=first.cohort, invited_email=first.invited_email)
    with pytest.raises(Refused, match="less than a day ago"):
        invite_nominee(nomination=again, by=by)
