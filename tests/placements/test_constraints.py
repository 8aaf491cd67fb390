"""One attack for each rule that a row must obey by itself."""

import datetime

import pytest
from django.utils import timezone

from techforce.core.calendar import today
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import ApplicantFactory, QualifiedApplicationFactory
from tests.factories.program import CohortFactory, CompanyFactory, SensitivityFactory, VettingTierFactory
from tests.placements.attacks import refused

NOW = timezone.now

pytestmark = pytest.mark.django_db

ONE_ROW = [
    ("certificate_method_known", made.CertificateFactory, {"method": "lottery"}),
    ("certificate_issued_past_draft", made.CertificateFactory, {"status": "issued"}),
    ("certificate_expires_after_issue", made.IssuedCertificateFactory, {"expires_on": datetime.date(2020, 1, 1)}),
    ("certificate_has_authority", made.CertificateFactory, {"authority": ""}),
    ("referral_returned_with_time", made.ReferralFactory, {"status": "returned"}),
    ("disposition_code_known", made.DispositionFactory, {"code": "liked"}),
    ("match_pairs_within_both_sides", made.MatchProofFactory, {"pairs": 4}),
    ("match_proof_digests", made.MatchProofFactory, {"input_digest": "short"}),
    ("offer_kind_known", made.OfferFactory, {"kind": "verbal"}),
    ("offer_sent_with_due_date", made.SentOfferFactory, {"response_due_at": None}),
    ("offer_answered_with_time", made.SentOfferFactory, {"status": "accepted"}),
    ("offer_clock_paused_while_sent", made.OfferFactory, {"clock_paused_at": NOW()}),
    ("placement_kind_known", made.PlacementFactory, {"kind": "borrowed"}),
    ("placement_mechanism_known", made.PlacementFactory, {"appointment_mechanism": "handshake"}),
    ("placement_lent_has_nomination", made.PlacementFactory, {"kind": "separation"}),
    ("placement_ended_with_day", made.ActivePlacementFactory, {"status": "completed"}),
    ("placement_ended_with_day", made.EndedPlacementFactory, {"ended_on": None}),
    ("divestiture_dates_in_order", made.DivestitureCertificateFactory, {"number": "CD-1"}),
    ("match_round_has_window_past_draft", made.MatchRoundFactory, {"status": "collecting", "closes_at": None}),
    ("placement_entered_with_record", made.PlacementFactory, {"status": "active"}),
    ("placement_closed_with_outcome", made.EndedPlacementFactory, {"status": "closed"}),
    ("placement_extension_is_later", made.PlacementExtensionFactory, {"new_ends_on": datetime.date(2020, 1, 1)}),
    ("start_exception_says_why", made.StartExceptionFactory, {"reason": ""}),
    ("start_exception_names_steps", made.StartExceptionFactory, {"open_codes": []}),
    ("determination_about_one_thing", made.DeterminationFactory, {"selection": None}),
    ("determination_proposal_known", made.DeterminationFactory, {"proposed_result": "maybe"}),
    ("determination_signed_by_someone", made.DeterminationFactory, {"status": "signed"}),
    ("determination_signature_is_whole", made.DeterminationFactory, {"signed_result": "clear"}),
    ("determination_superseded_with_time", made.DeterminationFactory, {"status": "superseded"}),
    ("ethics_waiver_known", made.EthicsWaiverFactory, {"authority": "favor"}),
    ("ethics_waiver_dates_in_order", made.EthicsWaiverFactory, {"expires_on": datetime.date(2020, 1, 1)}),
    ("ethics_waiver_says_what_and_where", made.EthicsWaiverFactory, {"scope": ""}),
    ("recusal_statement_has_scope", made.RecusalStatementFactory, {"scope": ""}),
    ("recusal_statement_dates_in_order", made.RecusalStatementFactory, {"ends_on": datetime.date(2020, 1, 1)}),
    ("screening_dates_in_order", made.ScreeningArrangementFactory, {"ended_on": datetime.date(2020, 1, 1)}),
    ("divestiture_dates_in_order", made.DivestitureCertificateFactory, {"sold_on": datetime.date(2030, 1, 1)}),
    ("template_tier_for_vetting", made.ChecklistTemplateFactory, {"kind": "vetting"}),
    ("template_kind_known", made.ChecklistTemplateFactory, {"kind": "gardening"}),
    ("step_words_known", made.ChecklistTemplateStepFactory, {"gate": "door"}),
    ("step_distance_is_whole", made.ChecklistTemplateStepFactory, {"unit": "months"}),
    ("step_distance_in_reach", made.ChecklistTemplateStepFactory, {"offset": -121, "unit": "months"}),
    ("step_distance_in_reach", made.ChecklistTemplateStepFactory, {"offset": 3661, "unit": "business_days"}),
    ("step_opening_in_reach", made.ChecklistTemplateStepFactory, {"opens_anchor": "EOD", "opens_offset": -3661}),
    ("step_counts_on_few", made.ChecklistTemplateStepFactory, {"anchors": ["EOD"] * 11}),
    ("legal_step_is_never_excused", made.ChecklistTemplateStepFactory, {"is_legal": True, "excusable_by": ["opm"]}),
    ("step_accepts_what_it_can_have", made.ChecklistTemplateStepFactory, {"accepted_outcomes": ["maybe"]}),
    ("checklist_area_known", made.ChecklistFactory, {"area": "garden"}),
    ("item_words_known", made.ChecklistItemFactory, {"owner_role": "janitor"}),
    ("item_dated_or_says_why_not", made.ChecklistItemFactory, {"undated_reason": ""}),
    ("item_dated_or_says_why_not", made.ChecklistItemFactory, {"due_on": datetime.date(2027, 1, 1)}),
    ("item_done_with_outcome", made.ChecklistItemFactory, {"status": "done"}),
    ("item_done_with_outcome", made.ChecklistItemFactory, {"outcome": "recorded"}),
    ("item_excused_with_authority", made.ChecklistItemFactory, {"status": "excused"}),
    ("item_blocked_by_someone", made.ChecklistItemFactory, {"status": "blocked"}),
    ("legal_course_names_its_rule", made.TrainingCourseFactory, {"is_legal": True}),
    ("enrollment_completed_with_day", made.TrainingEnrollmentFactory, {"status": "completed"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "factory", "attack"), ONE_ROW, ids=lambda part: part if isinstance(part, str) else ""
)
def test_a_row_that_contradicts_itself_is_refused(name, factory, attack):
    with refused(name):
        factory(**attack)


def test_a_name_stands_once_on_a_certificate():
    entry = made.CertificateEntryFactory()
    with refused("one_entry_a_person"):
        made.CertificateEntryFactory(certificate=entry.certificate, application=entry.application)


def test_a_certificate_is_referred_once_to_an_opening_and_only_of_its_cohort():
    referral = made.ReferralFactory()
    with refused("one_referral_an_opening"):
        made.ReferralFactory(certificate=referral.certificate, opening=referral.opening)
    with refused("referral_opening_in_cohort"):
        made.ReferralFactory(certificate=referral.certificate, opening=PublishedOpeningFactory())


def test_a_disposition_is_of_a_name_on_the_same_certificate():
    with refused("disposition_entry_of_certificate"):
        made.DispositionFactory(entry=made.CertificateEntryFactory())
    given = made.DispositionFactory()
    with refused("one_disposition_a_name"):
        made.DispositionFactory(referral=given.referral, entry=given.entry)


def test_a_person_is_considered_once_for_an_opening_and_as_themselves():
    selection = made.SelectionFactory()
    with refused("one_live_selection_an_opening"):
        made.SelectionFactory(application=selection.application, opening=selection.opening)
    with refused("not of this applicant"):
        made.SelectionFactory(applicant=ApplicantFactory())
    with refused("selection_application_in_cohort|selection_opening_in_cohort"):
        made.SelectionFactory(cohort=CohortFactory())


def test_a_person_may_be_considered_again_after_a_no():
    first = made.SelectionFactory(status="not_selected")
    assert made.SelectionFactory(application=first.application, opening=first.opening).status == "proposed"


def test_an_offer_is_for_the_selected_person():
    with refused("offer_copies_selection"):
        made.OfferFactory(applicant=ApplicantFactory())
    offer = made.OfferFactory()
    with refused("one_live_offer_a_kind"):
        made.OfferFactory(selection=offer.selection)


def test_a_placement_is_of_the_selected_person_or_a_transfer():
    with refused("placement_copies_selection"):
        made.PlacementFactory(applicant=ApplicantFactory())
    placement = made.PlacementFactory.build(
        selection=made.SelectionFactory(), selection_id=None, opening=PublishedOpeningFactory()
    )
    placement.selection = None
    with refused("placement_comes_from_somewhere"):
        placement.save()


def test_one_determination_is_current():
    determination = made.DeterminationFactory()
    with refused("one_determination_a_selection"):
        made.DeterminationFactory(selection=determination.selection)
    made.DeterminationFactory(selection=determination.selection, status="superseded", superseded_at=NOW())


def test_one_recusal_statement_a_company_and_one_screening_arrangement():
    statement = made.RecusalStatementFactory()
    with refused("one_recusal_statement_a_company"):
        made.RecusalStatementFactory(placement=statement.placement, company=statement.company)
    made.RecusalStatementFactory(placement=statement.placement, company=CompanyFactory())
    arrangement = made.ScreeningArrangementFactory(placement=statement.placement)
    with refused("one_screening_arrangement_a_placement"):
        made.ScreeningArrangementFactory(placement=arrangement.placement)


def test_one_template_is_in_use_and_one_checklist_an_area():
    template = made.ChecklistTemplateFactory()
    with refused("one_template_in_use"):
        type(template).objects.create(
            kind=template.kind,
            version_number=2,
            status="published",
            published_at=template.published_at,
            effective_on=template.effective_on,
            digest=template.digest,
        )
    checklist = made.ChecklistFactory()
    with refused("one_checklist_an_area"):
        made.ChecklistFactory(placement=checklist.placement)


def test_a_step_stands_once_and_its_correction_stops_no_gate():
    item = made.ChecklistItemFactory()
    with refused("one_item_a_step"):
        made.ChecklistItemFactory(checklist=item.checklist)
    with refused("corrective_item_has_no_gate"):
        made.ChecklistItemFactory(checklist=item.checklist, corrects=item)


@pytest.mark.parametrize("code", ["special", "nonsensitive"])
def test_no_waiver_for_a_position_whose_sensitivity_allows_none(code):
    opening = PublishedOpeningFactory(
        sensitivity=SensitivityFactory(code=code), vetting_tier=VettingTierFactory(code="NS-TS")
    )
    application = QualifiedApplicationFactory(cohort=opening.cohort)
    placement = made.PlacementFactory(selection__opening=opening, selection__application=application)
    with refused("allows no waiver"):
        made.VettingWaiverFactory(placement=placement)


def test_one_vetting_waiver_at_a_time_and_for_a_limited_period():
    placement = made.PlacementFactory(selection__opening__sensitivity=SensitivityFactory(code="critical"))
    with refused("vetting_waiver_dates_in_order"):
        made.VettingWaiverFactory(placement=placement, expires_on=today())
    with refused("vetting_waiver_says_why_and_where"):
        made.VettingWaiverFactory(placement=placement, emergency="")
    made.VettingWaiverFactory(placement=placement)
    with refused("one_vetting_waiver_a_placement"):
        made.VettingWaiverFactory(placement=placement)


def test_a_course_is_assigned_once_at_a_time():
    enrollment = made.TrainingEnrollmentFactory()
    with refused("one_open_enrollment_a_course"):
        made.TrainingEnrollmentFactory(placement=enrollment.placement, course=enrollment.course)


def test_a_match_proof_is_never_touched_up():
    proof = made.MatchProofFactory()
    with refused("append-only"):
        type(proof).objects.filter(pk=proof.pk).update(seed=8)
