"""I16, I17: no firm offer but past a signed screen, and nobody decides about themselves."""

import datetime

import pytest
from django.utils import timezone

from placements import services
from placements.models import ChecklistItem, Offer, Placement
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.invariants import broken
from techforce.core.models import AuditEvent
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyMembershipFactory
from tests.placements.starting import staff

DAY = datetime.timedelta(days=1)

pytestmark = pytest.mark.django_db


def firm_offer(placement: Placement) -> Offer:
    return made.OfferFactory(selection=placement.selection, kind="firm")


def send(offer: Offer, placement: Placement) -> Offer:
    due = timezone.now() + 5 * DAY
    return services.send_offer(offer=offer, response_due_at=due, by=staff(placement, "hr_specialist"))


def screen(placement: Placement, result: str) -> None:
    determination = made.DeterminationFactory(selection=placement.selection)
    services.sign_determination(
        determination=determination, result=result, by=staff(placement, "ethics_official")
    )


def conflict_step(placement: Placement) -> ChecklistItem:
    checklist = placement.checklists.get(area="ethics")
    return made.ChecklistItemFactory(
        checklist=checklist,
        status="under_review",
        step__code="A03",
        step__decided_by="determination",
        step__owner_role="ethics_official",
        step__outcomes=["clear", "recusal", "remedy", "waived"],
        step__accepted_outcomes=["clear", "recusal", "remedy", "waived"],
    )


def test_a_firm_offer_that_nobody_screened_stays_here() -> None:
    placement = made.checked_placement(is_firm=False)
    with pytest.raises(TransitionRefused, match="sign first"):
        send(firm_offer(placement), placement)


def test_a_firm_offer_waits_for_the_signature() -> None:
    placement = made.checked_placement(is_firm=False)
    made.DeterminationFactory(selection=placement.selection, proposed_result="clear")
    with pytest.raises(TransitionRefused, match="sign first"):
        send(firm_offer(placement), placement)


def test_a_signed_block_stops_a_firm_offer_and_a_waiver_lets_it_pass() -> None:
    placement = made.checked_placement(is_firm=False)
    screen(placement, "block")
    offer = firm_offer(placement)
    with pytest.raises(TransitionRefused, match="sign first"):
        send(offer, placement)
    made.EthicsWaiverFactory(selection=placement.selection)
    assert send(offer, placement).status == "sent"


def test_a_clear_screen_lets_a_firm_offer_pass() -> None:
    placement = made.checked_placement(is_firm=False)
    screen(placement, "clear")
    assert send(firm_offer(placement), placement).status == "sent"
    assert "I17" not in {invariant.code for invariant in broken()}


def test_an_unsigned_screen_of_the_placement_stops_a_firm_offer_too() -> None:
    placement = made.checked_placement(is_firm=False)
    screen(placement, "clear")
    made.DeterminationFactory(selection=None, placement=placement)
    with pytest.raises(TransitionRefused, match="sign first"):
        send(firm_offer(placement), placement)


def test_a_firm_offer_past_the_screen_is_found_by_the_invariant() -> None:
    offer = made.SentOfferFactory(kind="firm")
    found = {invariant.code: lines for invariant, lines in broken().items()}
    assert found["I17"] == [f"offer {offer.public_id}"]


def test_a_tentative_offer_is_not_accepted_past_a_block() -> None:
    offer = made.SentOfferFactory()
    made.DeterminationFactory(selection=offer.selection, proposed_result="block")
    with pytest.raises(TransitionRefused, match="decide first"):
        services.accept_offer(offer=offer, by=offer.applicant.user)


def test_the_conflict_step_is_done_when_the_screen_is_signed() -> None:
    placement = made.checked_placement(is_firm=False)
    step = conflict_step(placement)
    screen(placement, "recusal")
    step.refresh_from_db()
    assert (step.status, step.outcome, step.is_settled) == ("done", "recusal", True)


def test_a_new_screen_takes_the_step_and_readiness_back() -> None:
    placement = made.checked_placement()
    step = conflict_step(placement)
    screen(placement, "clear")
    services.confirm_ready(placement=placement, by=staff(placement, "hr_specialist"))
    services.rescreen(
        determination=placement.selection.determinations.get(),
        result="review",
        reason_code="duties_changed",
        by=staff(placement, "ethics_official"),
    )
    step.refresh_from_db()
    placement.refresh_from_db()
    assert (step.status, placement.status) == ("under_review", "pending_checks")


def test_a_block_leaves_the_step_under_review_until_it_is_waived() -> None:
    placement = made.checked_placement(is_firm=False)
    step = conflict_step(placement)
    screen(placement, "block")
    step.refresh_from_db()
    assert step.status == "under_review"
    made.EthicsWaiverFactory(selection=placement.selection)
    send(firm_offer(placement), placement)
    step.refresh_from_db()
    assert (step.status, step.outcome) == ("done", "waived")


def test_nobody_records_a_step_that_is_decided_elsewhere() -> None:
    placement = made.checked_placement(is_firm=False)
    step = conflict_step(placement)
    with pytest.raises(TransitionRefused, match="decided elsewhere"):
        services.complete_item(
            item=step, outcome="clear", effective_on=today(), by=staff(placement, "ethics_official")
        )


def test_a_screen_that_was_signed_before_is_shown_when_the_placement_opens() -> None:
    template = made.ChecklistTemplateFactory(kind="outside")
    made.ChecklistTemplateStepFactory(
        template=template,
        code="A03",
        decided_by="determination",
        outcomes=["clear"],
        accepted_outcomes=["clear"],
    )
    offer = made.SentOfferFactory()
    determination = made.DeterminationFactory(selection=offer.selection)
    ethics = AgencyMembershipFactory(role="ethics_official", agency=offer.opening.agency).user
    services.sign_determination(determination=determination, result="clear", by=ethics)
    placement = services.accept_offer(offer=offer, by=offer.applicant.user)
    assert ChecklistItem.objects.get(checklist__placement=placement).status == "done"


def test_nobody_screens_themselves_again() -> None:
    determination = made.DeterminationFactory(proposed_result="block")
    selection = determination.selection
    me: User = AgencyMembershipFactory(
        role="ethics_official", agency=selection.opening.agency, user=selection.applicant.user
    ).user
    with pytest.raises(NotPermitted):
        services.rescreen(determination=determination, result="clear", reason_code="fact_corrected", by=me)
    with pytest.raises(NotPermitted):
        services.propose_determination(selection=selection, result="clear", by=me)


@pytest.mark.parametrize("fields", [{"is_restricted": True}, {"is_signed": True}])
def test_what_is_signed_or_restricted_is_the_ethics_officials_alone(fields: dict[str, bool]) -> None:
    placement = made.checked_placement(is_firm=False)
    determination = made.DeterminationFactory(
        selection=placement.selection, is_restricted=fields.get("is_restricted", False)
    )
    ethics = staff(placement, "ethics_official")
    if "is_signed" in fields:
        services.sign_determination(determination=determination, result="clear", by=ethics)
    asked = {"determination": determination, "result": "review", "reason_code": "fact_corrected"}
    with pytest.raises(NotPermitted):
        services.rescreen(**asked, by=opm_staff(OpmRole.CASE_MANAGER))
    assert services.rescreen(**asked, by=ethics).status == "proposed"


def test_a_proposal_leaves_an_audit_row_and_a_signature_unblocks() -> None:
    selection = made.SelectionFactory(status="conflict_blocked")
    ethics = AgencyMembershipFactory(role="ethics_official", agency=selection.opening.agency).user
    determination = services.propose_determination(selection=selection, result="review", by=ethics)
    assert AuditEvent.objects.about(determination).get().actor == ethics
    with pytest.raises(Refused, match="on file"):
        services.propose_determination(selection=selection, result="clear", by=ethics)
    services.sign_determination(determination=determination, result="remedy", by=ethics)
    selection.refresh_from_db()
    assert selection.status == "proposed"
