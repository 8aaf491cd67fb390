"""From a certificate to the end of a term, through the services."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from placements import services
from placements.models import DispositionCode, Offer, Placement, Selection
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, TransitionRefused
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyMembershipFactory, PublishedOpeningFactory, agency_member
from tests.factories.program import VettingTierFactory

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_a_certificate_comes_back_when_every_name_has_an_outcome():
    entry = made.CertificateEntryFactory(certificate=made.CertificateFactory())
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    certificate = services.issue_certificate(certificate=entry.certificate, by=manager)
    opening = PublishedOpeningFactory(cohort=certificate.cohort)
    referral = services.refer_certificate(certificate=certificate, opening=opening, by=manager)
    hr = agency_member(agency=opening.agency)
    with pytest.raises(TransitionRefused, match="Every name"):
        services.return_referral(referral=referral, by=hr)
    services.record_dispositions(
        referral=referral, entries=[entry], code=DispositionCode.NOT_CONSIDERED, by=hr
    )
    services.return_referral(referral=referral, by=hr)
    assert services.complete_certificate(certificate=certificate, by=manager).status == "completed"


def test_an_empty_certificate_is_not_issued():
    with pytest.raises(TransitionRefused, match="at least one person"):
        services.issue_certificate(
            certificate=made.CertificateFactory(), by=opm_staff(OpmRole.PROGRAM_MANAGER)
        )


def test_from_selection_to_a_placement_with_both_checklists():
    VettingTierFactory(code="L"), VettingTierFactory(code="NS-S"), VettingTierFactory(code="H")
    VettingTierFactory(code="NS-TS"), VettingTierFactory(code="M")
    services.seed_placements()
    selection = made.SelectionFactory(status="interviewing")
    agency = selection.opening.agency
    official, hr = agency_member("approving_official", agency=agency), agency_member(agency=agency)
    services.select_candidate(selection=selection, by=official)
    offer = services.draft_offer(
        selection=selection, pay_rate=Decimal(150_000), starts_on=today() + 60 * DAY, by=hr
    )
    services.send_offer(offer=offer, response_due_at=timezone.now() + 5 * DAY, by=hr)
    placement = services.accept_offer(offer=offer, by=selection.applicant.user)
    selection.refresh_from_db()
    assert (selection.status, selection.application.status) == ("accepted", "placed")
    assert {c.area: c.items.count() for c in placement.checklists.all()} == {"vetting": 22, "ethics": 12}
    assert placement.checklists.get(area="vetting").items.get(code="V01").status == "done"


def test_nobody_else_accepts_and_nobody_selects_past_a_block():
    offer = made.SentOfferFactory()
    with pytest.raises(NotPermitted):
        services.accept_offer(offer=offer, by=agency_member(agency=offer.opening.agency))
    selection = made.SelectionFactory(status="interviewing")
    made.DeterminationFactory(selection=selection, proposed_result="block")
    with pytest.raises(TransitionRefused, match="ethics official"):
        services.select_candidate(
            selection=selection, by=agency_member("approving_official", agency=selection.opening.agency)
        )


def test_a_waiver_in_force_passes_a_block():
    selection = made.SelectionFactory(status="interviewing")
    made.DeterminationFactory(selection=selection, proposed_result="block")
    made.EthicsWaiverFactory(selection=selection)
    official = agency_member("approving_official", agency=selection.opening.agency)
    assert services.select_candidate(selection=selection, by=official).status == "selected"


def test_a_signed_block_stops_the_selection_and_nobody_signs_about_themselves():
    determination = made.DeterminationFactory()
    selection = determination.selection
    oneself = AgencyMembershipFactory(
        role="ethics_official", agency=selection.opening.agency, user=selection.applicant.user
    ).user
    with pytest.raises(NotPermitted):
        services.sign_determination(determination=determination, result="clear", by=oneself)
    ethics = agency_member("ethics_official", agency=selection.opening.agency)
    services.sign_determination(determination=determination, result="block", by=ethics)
    selection.refresh_from_db()
    assert selection.status == "conflict_blocked"


def test_accepting_holds_what_others_selected():
    offer = made.SentOfferFactory()
    other = made.SelectionFactory(
        application=offer.selection.application,
        opening=PublishedOpeningFactory(cohort=offer.cohort),
        status="selected",
    )
    services.accept_offer(offer=offer, by=offer.applicant.user)
    assert Selection.objects.get(pk=other.pk).status == "held"


def test_a_firm_offer_waits_for_its_gates():
    placement = made.checked_placement(is_firm=False)
    made.ChecklistItemFactory(checklist=placement.checklists.get(area="ethics"), step__code="C06")
    determination = made.DeterminationFactory(selection=placement.selection)
    ethics = agency_member("ethics_official", agency=placement.opening.agency)
    services.sign_determination(determination=determination, result="clear", by=ethics)
    hr = agency_member(agency=placement.opening.agency)
    firm = services.draft_offer(
        selection=placement.selection,
        kind="firm",
        pay_rate=Decimal(150_000),
        starts_on=placement.starts_on,
        by=hr,
    )
    with pytest.raises(TransitionRefused, match="C06"):
        services.send_offer(offer=firm, response_due_at=timezone.now() + 5 * DAY, by=hr)


def test_a_paused_clock_gives_the_time_back():
    offer = made.SentOfferFactory(response_due_at=timezone.now() + DAY)
    services.pause_offer_clock(offer=offer, by=offer.applicant.user)
    Offer.objects.filter(pk=offer.pk).update(clock_paused_at=timezone.now() - 2 * DAY)
    services.resume_offer_clock(offer=offer, by=agency_member(agency=offer.opening.agency))
    assert offer.response_due_at > timezone.now() + 2 * DAY


def test_an_offer_nobody_answered_expires_and_may_be_made_again():
    offer = made.SentOfferFactory(sent_at=timezone.now() - 6 * DAY, response_due_at=timezone.now() - DAY)
    with pytest.raises(TransitionRefused, match="time for the answer is over"):
        services.accept_offer(offer=offer, by=offer.applicant.user)
    assert services.expire_offers(by=User.objects.system()) == 1
    offer.selection.refresh_from_db()
    assert offer.selection.status == "selected"


def test_falling_through_frees_the_seat_and_the_person():
    offer = made.SentOfferFactory()
    placement = services.accept_offer(offer=offer, by=offer.applicant.user)
    hr = agency_member(agency=offer.opening.agency)
    services.record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    offer.opening.refresh_from_db()
    application = Selection.objects.get(pk=offer.selection_id).application
    assert (offer.opening.seats_filled, application.status) == (0, "qualified")


def test_the_last_seat_is_not_given_twice():
    offer = made.SentOfferFactory(selection__opening__seats=1)
    other = made.SelectionFactory(opening=offer.opening, status="offered")
    second = made.SentOfferFactory(selection=other)
    services.accept_offer(offer=offer, by=offer.applicant.user)
    with pytest.raises(Conflict, match="last seat"):
        services.accept_offer(offer=second, by=second.applicant.user)
    assert Placement.objects.count() == 1


def test_an_early_end_and_what_became_of_the_person():
    placement = made.ActivePlacementFactory(starts_on=today() - 100 * DAY)
    hr = agency_member(agency=placement.opening.agency)
    services.end_placement_early(placement=placement, ended_on=today(), reason="resigned", by=hr)
    with pytest.raises(TransitionRefused, match="what became"):
        services.close_placement(placement=placement, outcome="", by=hr)
    assert services.close_placement(placement=placement, outcome="left", by=hr).outcome == "left"


def test_a_round_is_proposed_only_with_its_proof():
    match_round = made.MatchRoundFactory()
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    services.start_collecting(match_round=match_round, by=manager)
    services.lock_round(match_round=match_round, by=manager)
    proof = made.MatchProofFactory.build(match_round=None)
    services.propose_round(match_round=match_round, proof=proof, by=manager)
    assert services.release_round(match_round=match_round, by=manager).proof == proof
