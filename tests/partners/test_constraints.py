"""One attack for each rule of partner companies, nominations and terms."""

import datetime

import pytest
from django.utils import timezone

from partners.models import Partner, PartnerAgreement
from techforce.core.calendar import today
from tests.factories import partners as made
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicationFactory
from tests.placements.attacks import refused

LONG_AGO, LATER = datetime.date(2020, 1, 1), datetime.date(2020, 1, 2)
KEEPS_VESTING = {"holds_unvested_units": True, "keeps_vesting": True}

pytestmark = pytest.mark.django_db

ONE_ROW = [
    ("agreement_ends_after_start", made.PartnerAgreementFactory, {"ends_on": LONG_AGO, "signed_on": None}),
    ("partner_role_known", made.PartnerMembershipFactory, {"role": "owner"}),
    ("nominee_known_by_confirming", made.ConfirmedNominationFactory, {"confirmed_at": None}),
    ("confirmed_nomination_has_nominee", made.NominationFactory, {"status": "confirmed"}),
    ("unconfirmed_nomination_has_no_nominee", made.ConfirmedNominationFactory, {"status": "draft"}),
    ("invited_nomination_has_token", made.InvitedNominationFactory, {"token_digest": ""}),
    ("nomination_planned_kind_known", made.NominationFactory, {"planned_kind": "secondment"}),
    ("active_nomination_has_application", made.ConfirmedNominationFactory, {"status": "active"}),
    ("leave_or_separation_never_both", made.LeaveFactory, {"last_day_on": LONG_AGO}),
    ("leave_or_separation_never_both", made.SeparationFactory, {"has_return_right": True}),
    ("leave_or_separation_never_both", made.SeparationFactory, {"kind": "secondment"}),
    ("leave_type_known", made.LeaveFactory, {"leave_type": "paid"}),
    ("return_after_leave_begins", made.LeaveFactory, {"expected_return_on": LONG_AGO}),
    ("leave_begins_once_executed", made.LeaveFactory, {"leave_starts_on": LONG_AGO, "executed_on": LATER}),
    ("vesting_in_service_has_conditions", made.EquityDeclarationFactory, KEEPS_VESTING),
    ("vesting_date_has_units", made.EquityDeclarationFactory, {"next_vest_on": LONG_AGO}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "factory", "attack"), ONE_ROW, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_row_that_contradicts_itself_is_refused(name, factory, attack):
    with refused(name):
        factory(**attack)


def test_an_invitation_lasts_30_days_at_most():
    with refused("invitation_lasts_30_days_at_most"):
        made.InvitedNominationFactory(expires_at=timezone.now() + datetime.timedelta(days=31))


def test_signed_agreements_of_a_company_do_not_overlap_but_drafts_may():
    agreement = made.PartnerAgreementFactory()
    draft = made.PartnerAgreementFactory(partner=agreement.partner, signed_on=None)
    with refused("one_agreement_a_day"):
        PartnerAgreement.objects.filter(pk=draft.pk).update(signed_on=today())


def test_a_company_is_a_partner_once():
    partner = made.PartnerFactory()
    with refused("company_id"):
        Partner.objects.create(company=partner.company)


def test_an_address_is_nominated_once_at_a_time_whatever_its_case():
    first = made.NominationFactory(invited_email="robin@mail.example")
    with refused("one_open_nomination_an_address"):
        made.NominationFactory(partner=first.partner, cohort=first.cohort, invited_email="Robin@mail.example")


def test_a_person_is_lent_by_one_company_in_a_cohort():
    first = made.ConfirmedNominationFactory()
    with refused("one_confirmed_nomination_a_person"):
        made.ConfirmedNominationFactory(cohort=first.cohort, nominee=first.nominee)


def test_an_application_is_attached_only_to_a_nominee_who_confirmed():
    with refused("application_after_confirming"):
        made.NominationFactory(application=ApplicationFactory())


def test_one_declaration_a_company_is_current():
    declaration = made.EquityDeclarationFactory()
    with refused("one_equity_declaration_a_company"):
        made.EquityDeclarationFactory(nomination=declaration.nomination, company=declaration.company)


def test_a_token_opens_one_nomination():
    first = made.InvitedNominationFactory()
    with refused("one_nomination_a_token"):
        made.InvitedNominationFactory(token_digest=first.token_digest, invited_email=UserFactory().email)
