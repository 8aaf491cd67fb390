"""The ethics office's short questions: the person answers on a page of their own, that office alone reads it."""

from typing import Any

import pytest
from django.db.models import F

from placements.checklists import QUESTIONS
from placements.models import ChecklistItem, EthicsAnswers, Placement
from placements.services import (
    answer_ethics_questions,
    begin_review_of_item,
    block_item,
    complete_item,
    hand_in_items,
    send_item_back,
)
from techforce.core import privacy
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from techforce.core.privacy import shares
from tests.factories.accounts import UserFactory, opm_staff
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import client_of, read, words_of
from tests.placements.starting import staff
from tests.placements.vetting_desk import step, vetted

URL = "/my/service/ethics/"
ALL_NO = dict.fromkeys(
    (
        "had_other_employer", "has_spouse_at_work", "holds_much_stock", "holds_private_equity",
        "keeps_outside_work", "has_future_job",
    ),
    "no",
)  # fmt: skip
WITH_STOCK = {**ALL_NO, "holds_much_stock": "yes"}
QUESTION = "Do you hold stock of any one company that is worth more than $15,000?"

pytestmark = pytest.mark.django_db


def answer(placement: Placement, answers: dict[str, str]) -> Any:
    return client_of(placement.applicant.user).post(URL, answers, follow=True)


def current(placement: Placement) -> EthicsAnswers:
    return EthicsAnswers.objects.current().get(placement=placement)


def test_the_person_answers_each_question_and_so_hands_the_step_in() -> None:
    placement = vetted("L", detail="full")
    page = read(placement.applicant.user, "/my/service/")
    assert "Answer the questions" in page
    missing = client_of(placement.applicant.user).post(URL, {"holds_much_stock": "yes"})
    assert (missing.status_code, EthicsAnswers.objects.count()) == (422, 0)
    assert "Thank you." in words_of(answer(placement, WITH_STOCK))
    item = step(placement, "C02")
    assert (item.status, item.submitted_by) == ("submitted", placement.applicant.user)
    assert current(placement).outcome == "some_yes"


def test_other_answers_take_the_place_of_these_until_somebody_has_looked() -> None:
    placement = vetted("L", detail="full")
    for answers in (WITH_STOCK, WITH_STOCK, ALL_NO):
        answer(placement, answers)
    assert (EthicsAnswers.objects.count(), current(placement).outcome) == (2, "all_no")
    assert AuditEvent.objects.filter(action="placements.ethicsanswers:add").count() == 2
    item, official = step(placement, "C02"), staff(placement, ETHICS)
    complete_item(item=item, outcome="all_no", effective_on=today(), by=official)
    refusal = client_of(placement.applicant.user).post(URL, WITH_STOCK)
    assert refusal.status_code == 422
    assert "Write to it if one of them changes." in words_of(refusal)
    send_item_back(item=item, reason_code="outdated", by=official)
    answer(placement, WITH_STOCK)
    assert (current(placement).outcome, step(placement, "C02").status) == ("some_yes", "submitted")


def test_it_is_handed_in_by_answering_and_in_no_other_way() -> None:
    placement = vetted("L", detail="full")
    item, person = step(placement, "C02"), placement.applicant.user
    with pytest.raises(Refused, match="Answer the questions"):
        hand_in_items(items=[item], by=person)
    client_of(person).post("/my/service/steps/done/", {"item": [item.public_id]})
    assert step(placement, "C02").status == "not_started"


def test_what_is_recorded_of_the_answers_is_what_they_say() -> None:
    placement = vetted("L", detail="full")
    answer(placement, WITH_STOCK)
    item, official = step(placement, "C02"), staff(placement, ETHICS)
    with pytest.raises(Refused, match="answers say otherwise"):
        complete_item(item=item, outcome="all_no", effective_on=today(), by=official)
    complete_item(item=item, outcome="some_yes", effective_on=today(), by=official)
    assert item.status == "done"


def test_the_ethics_office_reads_them_in_its_workbench_and_nobody_else_does() -> None:
    placement = vetted("L", detail="full")
    answer(placement, WITH_STOCK)
    row, item = current(placement), step(placement, "C02")
    seat = desk(ETHICS, placement.opening)
    assert "C02 Short questions" in words_of(seat.get("/agency/ethics/"))
    for code in ("C02", "C03"):
        page = words_of(seat.get(f"/agency/steps/{step(placement, code).public_id}/"))
        assert f"{QUESTION} Yes" in page
    others = [staff(placement, role) for role in (HR, MANAGER, APPROVER, SECURITY, SUPERVISOR, VIEWER)]
    for other in (*others, opm_staff("case_manager", "auditor", "records_officer", "administrator")):
        assert not EthicsAnswers.objects.visible_to(other).exists()
        assert not other.has_perm("placements.view_ethicsanswers", row)
    assert desk(SECURITY, placement.opening).get(f"/agency/steps/{item.public_id}/").status_code == 404


def test_the_download_has_them_and_no_column_holds_an_amount() -> None:
    placement = vetted("L", detail="full")
    answer(placement, WITH_STOCK)
    share = next(one for one in shares.shares() if one.model is EthicsAnswers)
    assert {"holds_much_stock", "has_future_job"} <= set(share.columns)
    kinds = {field.get_internal_type() for field in EthicsAnswers._meta.concrete_fields}
    assert kinds <= {"BigAutoField", "UUIDField", "DateTimeField", "ForeignKey", "BooleanField"}


def test_whoever_is_asked_nothing_has_no_such_page() -> None:
    placement = vetted("L", detail="full")
    items = ChecklistItem.objects.filter(checklist__placement=placement, code="C02")
    items.update(owner_role="ethics_official", version=F("version") + 1)
    assert client_of(placement.applicant.user).get(URL).status_code == 404


def test_another_account_of_the_person_takes_over_what_they_answered() -> None:
    placement = vetted("L", detail="full")
    answer(placement, ALL_NO)
    new: Any = UserFactory()
    next(one for one in privacy.holdings() if one.label == "placements").repoint(
        placement.applicant.user, new
    )
    assert (current(placement).answered_by, step(placement, "C02").submitted_by) == (new, new)


@pytest.mark.parametrize("status", ["blocked", "under_review"])
def test_without_answers_no_page_says_that_they_were_looked_at(status: str) -> None:
    placement = vetted("L", detail="full")
    item, official = step(placement, "C02"), staff(placement, ETHICS)
    if status == "blocked":
        block_item(item=item, waiting_on="candidate", by=official)
    else:
        begin_review_of_item(item=item, by=official)
    page = read(placement.applicant.user, URL)
    assert "not open to you now" in page
    assert "looked at" not in page
    refusal = words_of(answer(placement, ALL_NO))
    assert "has your answers" not in refusal


def test_a_step_that_waits_says_that_the_answers_are_there_and_not_that_they_were_read() -> None:
    placement = vetted("L", detail="full")
    answer(placement, ALL_NO)
    block_item(item=step(placement, "C02"), waiting_on="candidate", by=staff(placement, ETHICS))
    page = read(placement.applicant.user, URL)
    assert "The ethics office has your answers." in page
    assert "looked at" not in page


def test_no_other_way_takes_answers_of_somebody_else_or_after_the_office_has_looked() -> None:
    """What the page refuses first is refused behind it too."""
    placement = vetted("L", detail="full")
    answers = dict.fromkeys(QUESTIONS, False)
    person, official = placement.applicant.user, staff(placement, ETHICS)
    with pytest.raises(NotPermitted, match="Only the person"):
        answer_ethics_questions(placement=placement, answers=answers, by=official)
    answer_ethics_questions(placement=placement, answers=answers, by=person)
    complete_item(item=step(placement, "C02"), outcome="all_no", effective_on=today(), by=official)
    with pytest.raises(Refused, match="has your answers"):
        answer_ethics_questions(placement=placement, answers={**answers, "has_future_job": True}, by=person)
