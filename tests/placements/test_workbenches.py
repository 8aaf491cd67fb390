"""The workbenches of the security officer, the ethics official and the person: what waits, several at once."""

import datetime
import uuid

import pgtrigger
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.models import AgencyParticipation
from placements import services
from placements.models import ChecklistItem
from placements.services import complete_item, excuse_item, send_item_back, start_due_process
from placements.views import agency_workbench
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, TransitionRefused
from techforce.core.mail.notifications import render
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.factories.agencies import AgencyMembershipFactory, PublishedOpeningFactory, agency_member
from tests.placements.agency_room import APPROVER, ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import client_of, read, words_of
from tests.placements.starting import staff
from tests.placements.vetting_desk import reference_of, step, vetted

DAY = datetime.timedelta(days=1)
RECORD = "/agency/steps/record/"

pytestmark = pytest.mark.django_db


# ── Who comes in, and what waits ──────────────────────────────────────────────────────────────────
def test_each_workbench_is_for_its_own_role() -> None:
    opening = PublishedOpeningFactory()
    codes = {
        role: [desk(role, opening).get(url).status_code for url in ("/agency/vetting/", "/agency/ethics/")]
        for role in (SECURITY, ETHICS, HR, APPROVER, SUPERVISOR)
    }
    assert codes.pop(SECURITY) == [200, 404]
    assert codes.pop(ETHICS) == [404, 200]
    assert set(map(tuple, codes.values())) == {(404, 404)}


def test_it_shows_own_steps_those_of_outside_parties_and_what_was_handed_in() -> None:
    placement = vetted("M", detail="full")
    page = words_of(desk(SECURITY, placement.opening).get("/agency/vetting/"))
    assert "V03 Earlier investigation" in page  # their own
    assert "V13 Investigation opened" in page  # the investigator has no account
    assert "V02 Consent" not in page  # the person's, until it is handed in
    client_of(placement.applicant.user).post(f"/my/service/steps/{step(placement, 'V02').public_id}/done/")
    page = words_of(desk(SECURITY, placement.opening).get("/agency/vetting/"))
    assert "V02 Consent" in page
    assert "V20" not in page  # the hiring manager's move


def test_the_list_costs_the_same_for_one_and_for_three() -> None:
    costs = []
    for count in (1, 3):
        first = vetted("M")
        for _number in range(count - 1):
            vetted("M", opening=first.opening)
        seat = desk(SECURITY, first.opening)
        with CaptureQueriesContext(connection) as caught:
            assert words_of(seat.get("/agency/vetting/?step=V03")).count("V03 Earlier") == count * 2
        costs.append(len(caught))
    assert costs[0] == costs[1]


def test_a_case_is_found_by_either_number_and_only_in_the_own_agency() -> None:
    placement = vetted("M")
    item = step(placement, "V05")
    ChecklistItem.objects.filter(pk=item.pk).update(external_reference="EXT-1234")
    seats = desk(SECURITY, placement.opening), desk(SECURITY, PublishedOpeningFactory())
    for number in ("ext-1234", reference_of(placement).lower()):
        mine, theirs = (seat.get("/agency/vetting/", {"q": number}).content.decode() for seat in seats)
        assert (
            f"/agency/placements/{placement.public_id}/"
            in mine.split("What was found")[1].split("</table>")[0]
        )
        assert "No case of your agency has this number." in theirs
    ethics = desk(ETHICS, placement.opening).get("/agency/ethics/", {"q": "EXT-1234"})
    assert "No case of your agency has this number." in words_of(ethics)


def test_people_beyond_the_page_are_counted_and_found_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = vetted("M").opening
    vetted("M", opening=opening)
    seat = desk(SECURITY, opening)
    assert "more, who start" not in words_of(seat.get("/agency/vetting/"))
    monkeypatch.setattr(agency_workbench, "SHOWN", 1)
    assert "And 1 more, who starts later. Find the case by its number" in words_of(
        seat.get("/agency/vetting/")
    )


# ── Several at once ───────────────────────────────────────────────────────────────────────────────
def test_several_steps_are_recorded_with_their_own_outcome_and_evidence() -> None:
    placement = vetted("M", detail="full")
    first, second = step(placement, "V05"), step(placement, "V11")
    seat = desk(SECURITY, placement.opening)
    page = words_of(seat.get(RECORD, {"item": [first.public_id, second.public_id]}))
    assert "Outcome of V11 Fingerprint result received" in page
    seat.post(
        RECORD,
        {
            "item": [first.public_id, second.public_id],
            "effective_on": today() - DAY,
            f"reference-{first.public_id}": "CASE-7",
            f"outcome-{second.public_id}": "favorable",
            f"reference-{second.public_id}": "",
        },
    )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.external_reference, first.effective_on) == ("done", "CASE-7", today() - DAY)
    assert (second.outcome, second.recorded_by) == ("favorable", seat.user)


def test_what_is_refused_stays_with_its_sentence_and_the_rest_is_recorded() -> None:
    placement = vetted("M", detail="full")
    good, waits = step(placement, "V05"), step(placement, "V10")
    made_wait = ChecklistItem.objects.get(pk=waits.pk)
    seat = desk(SECURITY, placement.opening)
    seat.post(f"/agency/steps/{made_wait.public_id}/block/", {"waiting_on": "investigator"})
    answers = {"item": [good.public_id, waits.public_id], "effective_on": today()}
    answers |= {f"reference-{one.public_id}": "" for one in (good, waits)}
    answer = seat.post(RECORD, answers)
    good.refresh_from_db()
    assert answer.status_code == 422
    assert good.status == "done"
    assert f"V10, {placement.applicant}: This is Blocked" in words_of(answer)


def test_more_steps_than_a_page_takes_are_refused_and_none_is_dropped() -> None:
    item = step(vetted("M", detail="full"), "V05")
    keys = [item.public_id, *(uuid.uuid4() for _number in range(50))]
    answer = desk(SECURITY, item.checklist.placement.opening).get(RECORD, {"item": keys}, follow=True)
    assert "Choose at most 50 steps at once." in words_of(answer)


@pytest.mark.parametrize("role", [ETHICS, HR, SUPERVISOR])
def test_a_foreign_step_cannot_be_chosen(role: str) -> None:
    item = step(vetted("M", detail="full"), "V05")
    seat = desk(role, item.checklist.placement.opening)
    answer = seat.post(RECORD, {"item": [item.public_id], "effective_on": today()}, follow=True)
    item.refresh_from_db()
    assert item.status == "not_started"
    assert "Choose at least one step that you record." in answer.content.decode()


def test_nobody_verifies_a_step_of_their_own_case() -> None:
    placement = vetted("M", detail="full")
    own = placement.applicant.user
    AgencyMembershipFactory(user=own, agency=placement.opening.agency, role="security_officer")
    item = step(placement, "V02")
    with pytest.raises((NotPermitted, TransitionRefused)):
        complete_item(
            item=item, outcome="recorded", effective_on=today(), by=type(own).objects.get(pk=own.pk)
        )


# ── Sent back, excused ────────────────────────────────────────────────────────────────────────────
def test_what_comes_back_goes_to_its_owner_and_is_reminded_of_anew() -> None:
    placement = vetted("M", detail="full")
    item, officer = step(placement, "V06"), staff(placement, "security_officer")
    made_due = today() + 10 * DAY
    ChecklistItem.objects.filter(pk=item.pk).update(due_on=made_due, undated_reason="")
    client_of(placement.applicant.user).post(f"/my/service/steps/{item.public_id}/done/")
    item.refresh_from_db()
    cycle = item.reminder_cycle
    send_item_back(item=item, reason_code="illegible", by=officer)
    assert (item.status, item.reminder_cycle > cycle) == ("returned", True)
    told = OutboxMessage.objects.filter(template_key="step_assigned", recipient=placement.applicant.user)
    assert told.count() == 1
    assert "illegible" not in render(told.get()).body
    assert "Sent back to you" in read(placement.applicant.user, "/my/service/")


def test_who_may_excuse_is_what_the_template_says() -> None:
    placement = vetted("M", detail="full")
    may, may_not = step(placement, "V08"), step(placement, "V05")
    officer = staff(placement, "security_officer")
    excuse_item(item=may, authority="Decision 7", by=officer)
    assert (may.status, may.excuse_authority) == ("excused", "Decision 7")
    with pytest.raises(NotPermitted):
        excuse_item(item=may_not, authority="Decision 7", by=officer)
    with pytest.raises(NotPermitted):
        excuse_item(item=step(placement, "V20"), authority="Decision 7", by=staff(placement, "hr_specialist"))


# ── The person ────────────────────────────────────────────────────────────────────────────────────
def test_the_person_hands_in_several_steps_with_the_number_of_the_proof() -> None:
    placement = vetted("M", detail="full")
    own, mine = placement.applicant.user, [step(placement, code) for code in ("V02", "V06")]
    client = Client()
    client.force_login(own)
    keys = [one.public_id for one in mine]
    client.post("/my/service/steps/done/", {"item": keys, "reference": "Confirmation 12"})
    client.post("/my/service/steps/done/", {"item": keys})  # a second click changes nothing
    for one in mine:
        one.refresh_from_db()
        assert (one.status, one.external_reference) == ("submitted", "Confirmation 12")
    foreign = step(placement, "V05")
    answer = client.post("/my/service/steps/done/", {"item": [foreign.public_id]}, follow=True)
    foreign.refresh_from_db()
    assert foreign.status == "not_started"
    assert "Error" in words_of(answer) or "Select a valid choice" in answer.content.decode()


def test_due_process_is_told_to_the_person_alone_in_neutral_words() -> None:
    placement = vetted("NS-S", detail="full")
    item = step(placement, "V18")
    officer = staff(placement, "security_officer")
    start_due_process(item=item, by=officer)
    (message,) = OutboxMessage.objects.filter(template_key="office_notice")
    mail = render(message)
    assert message.recipient == placement.applicant.user
    for word in ("vetting", "security", "adjudic", "favorable", "due process"):
        assert word not in f"{mail.subject} {mail.body}".lower()
    assert "you may answer first" in read(placement.applicant.user, "/my/service/")
    page = words_of(desk(HR, placement.opening).get(f"/agency/placements/{placement.public_id}/"))
    assert "due process" not in page.lower()


# ── Newly assigned ────────────────────────────────────────────────────────────────────────────────
def test_whoever_newly_owns_steps_that_stop_a_start_hears_once() -> None:
    """One message a person for all the steps of a placement, and none to roles without one."""
    opening = vetted("M").opening
    people = {role: agency_member(role, agency=opening.agency) for role in (SECURITY, HR, MANAGER, VIEWER)}
    offer = made.SentOfferFactory(selection__opening=opening)
    services.accept_offer(offer=offer, by=offer.applicant.user)
    told = OutboxMessage.objects.filter(template_key="step_assigned")
    assert {message.recipient for message in told} == {offer.applicant.user, *list(people.values())[:3]}
    assert told.count() == 4
    mail = render(told.get(recipient=people[SECURITY]))
    assert "steps that are yours" in mail.body
    assert str(offer.applicant) not in f"{mail.subject} {mail.body}"


# ── Milestones or every step ──────────────────────────────────────────────────────────────────────
def test_the_officer_of_the_whole_agency_chooses_how_vetting_is_recorded() -> None:
    placement = vetted("M", detail="full")
    pledge = AgencyParticipation.objects.get(agency=placement.opening.agency)
    seat = desk(SECURITY, placement.opening)
    assert "Record milestones instead" in words_of(seat.get("/agency/vetting/"))
    seat.post("/agency/vetting/detail/", {"participation": pledge.public_id, "detail": "milestones"})
    pledge.refresh_from_db()
    assert pledge.vetting_detail == "milestones"
    page = words_of(seat.get("/agency/vetting/"))
    assert f"{placement.applicant} {reference_of(placement)}" in page
    stranger = desk(SECURITY, PublishedOpeningFactory())
    answer = stranger.post("/agency/vetting/detail/", {"participation": pledge.public_id, "detail": "full"})
    assert answer.status_code == 404


def test_of_a_cohort_that_has_ended_nothing_is_chosen_any_more() -> None:
    opening = vetted("M", detail="full").opening
    seat = desk(SECURITY, opening)
    assert "How your agency records vetting" in words_of(seat.get("/agency/vetting/"))
    with pgtrigger.ignore("program.Cohort:status_guard"):
        type(opening.cohort).objects.filter(pk=opening.cohort_id).update(status="ended")
    assert "How your agency records vetting" not in words_of(seat.get("/agency/vetting/"))


def test_a_milestone_is_recorded_on_the_page_of_the_placement() -> None:
    placement = vetted("M")
    seat = desk(SECURITY, placement.opening)
    url = f"/agency/placements/{placement.public_id}/record-milestone/"
    page = words_of(seat.get(url))
    assert "Initiated: a new investigation is needed" in page
    assert "Interim decision" not in page  # this tier has none
    seat.post(url, {"fact": "initiated:new", "effective_on": today(), "reference": "CASE-7"})
    assert step(placement, "V05").external_reference == "CASE-7"
    assert "Initiated, " in words_of(seat.get("/agency/vetting/"))
    assert desk(HR, placement.opening).get(url).status_code == 404


@pytest.mark.parametrize("way", ["one step", "several", "milestone", "hand in"])
def test_a_social_security_number_is_pointed_out_and_not_kept(way: str) -> None:
    placement = vetted("M", detail="full" if way != "milestone" else "milestones")
    item, number = step(placement, "V05"), "123-45-6789"
    seat, facts = desk(SECURITY, placement.opening), {"effective_on": today(), "reference": number}
    if way == "one step":
        answer = seat.post(f"/agency/steps/{item.public_id}/complete/", {**facts, "outcome": "recorded"})
    elif way == "several":
        chosen = {"item": [item.public_id], f"reference-{item.public_id}": number}
        answer = seat.post(RECORD, {**facts, **chosen})
    elif way == "milestone":
        url = f"/agency/placements/{placement.public_id}/record-milestone/"
        answer = seat.post(url, {**facts, "fact": "initiated:new"})
    else:
        chosen = {"item": [step(placement, "V02").public_id], "reference": number}
        answer = client_of(placement.applicant.user).post("/my/service/steps/done/", chosen, follow=True)
    assert "looks like a Social Security number" in words_of(answer) or way == "hand in"
    kept = ChecklistItem.objects.filter(checklist__placement=placement).exclude(external_reference="")
    assert not kept.exists()
    assert step(placement, "V02").status == "not_started"
