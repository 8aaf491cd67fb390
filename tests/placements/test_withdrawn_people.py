"""Nobody selects, or makes an offer to, a person who left, is leaving or is placed elsewhere; what was open ends."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from applicants.models import Application
from applicants.services import request_withdrawal, withdraw_due
from placements import services, tasks
from placements.models import Offer, Placement, Selection
from placements.services.closing import WHY_AN_OFFER_GOES
from placements.services.selection import application_can_be_placed, not_available
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.core.workflow import workflow_of
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.placements.people import application_in
from tests.placements.test_lock_order import ORDER, tables_locked

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
GONE = "not available any more"
GONE_STATES = ("draft", "not_qualified", "lapsed", "withdrawn", "placed")


def selection_of(application: Application, status: str) -> Selection:
    opening = PublishedOpeningFactory(cohort=application.cohort)
    fields = {"selected_at": timezone.now()} if status == "selected" else {}
    return made.SelectionFactory(application=application, opening=opening, status=status, **fields)


def withdrawing() -> Application:
    application = application_in("qualified")
    request_withdrawal(application=application, by=application.applicant.user)
    return application


def of(selection: Selection, role: str = "hr_specialist") -> User:
    return agency_member(role, agency=selection.opening.agency)


def draft_for(selection: Selection, kind: str = "tentative") -> Offer:
    return services.draft_offer(
        selection=selection,
        pay_rate=Decimal(150_000),
        starts_on=today() + 60 * DAY,
        kind=kind,
        by=of(selection),
    )


def send(offer: Offer) -> Offer:
    due = timezone.now() + 5 * DAY
    return services.send_offer(offer=offer, response_due_at=due, by=of(offer.selection))


def away(state: str) -> Application:
    return withdrawing() if state == "withdrawing" else application_in(state)


@pytest.mark.parametrize("state", [*GONE_STATES, "withdrawing"])
def test_who_is_not_available_is_not_selected(state: str) -> None:
    selection = selection_of(away(state), "interviewing")
    with pytest.raises(Refused, match=GONE):
        services.select_candidate(selection=selection, by=of(selection, "approving_official"))


@pytest.mark.parametrize("state", [*GONE_STATES, "withdrawing"])
def test_who_is_not_available_is_not_revived(state: str) -> None:
    selection = selection_of(away(state), "held")
    with pytest.raises(Refused, match=GONE):
        services.revive_selection(selection=selection, by=of(selection, "approving_official"))


@pytest.mark.parametrize("state", [*GONE_STATES, "withdrawing"])
def test_for_who_is_not_available_no_offer_is_prepared(state: str) -> None:
    with pytest.raises(Refused, match=GONE):
        draft_for(selection_of(away(state), "selected"))


@pytest.mark.parametrize("kind", ["tentative", "firm"])
def test_an_offer_prepared_before_the_person_asked_to_withdraw_is_not_sent(kind: str) -> None:
    selection = selection_of(application_in("qualified"), "selected")
    offer = draft_for(selection, kind)
    request_withdrawal(application=selection.application, by=selection.applicant.user)
    with pytest.raises(Refused, match=GONE):
        send(Offer.objects.get(pk=offer.pk))


def test_control_who_is_available_is_selected_and_offered() -> None:
    selection = selection_of(application_in("qualified"), "interviewing")
    services.select_candidate(selection=selection, by=of(selection, "approving_official"))
    assert send(draft_for(selection)).status == "sent"


def accepted() -> Placement:
    offer = made.SentOfferFactory()
    return services.accept_offer(offer=offer, by=offer.applicant.user)


def test_the_selection_of_the_placement_goes_on_to_its_firm_offer_and_no_other() -> None:
    own = Selection.objects.get(pk=accepted().selection_id)
    other = selection_of(own.application, "interviewing")
    assert own.application.status == "placed"
    assert not_available([own.pk, other.pk]) == {other.pk}
    assert draft_for(own, "firm").status == "draft"


def test_the_guard_asks_once_for_many() -> None:
    rows = [selection_of(away(state), "interviewing") for state in ("withdrawn", "qualified", "withdrawing")]
    change: Any = None
    with CaptureQueriesContext(connection) as captured:
        refused = application_can_be_placed(rows, change)
    assert (len(captured), set(refused)) == (1, {rows[0].pk, rows[2].pk})


# ── A withdrawal that takes effect ────────────────────────────────────────────────────────────────
def leave(*selections: Selection) -> None:
    """The person asks to withdraw; a day later beat lets it take effect, and closes what is open."""
    person = selections[0].applicant.user
    request_withdrawal(application=selections[0].application, by=person)
    with time_machine.travel(timezone.now() + 2 * DAY, tick=False):
        withdraw_due(by=User.objects.system())
        tasks.close_selections_of_withdrawn()
        tasks.close_selections_of_withdrawn()


def test_a_withdrawal_that_took_effect_closes_selections_and_offers_without_another_mail() -> None:
    sent = made.SentOfferFactory(response_due_at=timezone.now() + 9 * DAY)
    own = sent.selection
    draft = made.OfferFactory(selection=selection_of(own.application, "selected"))
    others = [selection_of(own.application, status) for status in ("proposed", "interviewing", "held")]

    leave(own)

    open_ones = Selection.objects.filter(application=own.application).exclude(status="filled_elsewhere")
    assert list(open_ones) == []
    assert set(Offer.objects.values_list("pk", "status")) == {(sent.pk, "withdrawn"), (draft.pk, "withdrawn")}
    events = AuditEvent.objects.filter(action="placements.offer:withdraw")
    assert set(events.values_list("reason_code", flat=True)) == {"person_withdrew"}
    mails = OutboxMessage.objects.filter(recipient=own.applicant.user)
    assert set(mails.values_list("template_key", flat=True)) == {"application_withdrawal"}
    assert AuditEvent.objects.about(others[0]).count() == 1


def test_control_nothing_of_others_is_closed_nor_before_the_day_is_over() -> None:
    other, leaving = made.SentOfferFactory(), made.SentOfferFactory()
    request_withdrawal(application=leaving.selection.application, by=leaving.applicant.user)
    tasks.close_selections_of_withdrawn()
    assert set(Offer.objects.values_list("pk", "status")) == {(other.pk, "sent"), (leaving.pk, "sent")}


def closing_queries(count: int) -> int:
    for _n in range(count):
        made.SentOfferFactory(selection=selection_of(application_in("withdrawn"), "offered"))
    with CaptureQueriesContext(connection) as captured:
        assert services.close_selections_of_withdrawn(by=User.objects.system()) == count
    assert list(tables_locked(captured.captured_queries)) == [
        "placements_selection",
        "placements_offer",
    ]
    return len(captured)


def test_closing_three_costs_as_much_as_closing_one_and_locks_in_order() -> None:
    closing_queries(1)  # what is read once and kept
    assert closing_queries(1) == closing_queries(3)


# ── A placement that falls through ────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("factory", "times_told"), [(made.OfferFactory, 0), (made.SentOfferFactory, 1)])
def test_a_fall_through_takes_the_firm_offer_back_and_tells_who_had_it(factory: Any, times_told: int) -> None:
    placement = accepted()
    own = Selection.objects.get(pk=placement.selection_id)
    firm = factory(selection=own, kind="firm")
    hr = of(own)
    with CaptureQueriesContext(connection) as captured:
        services.record_fall_through(placement=placement, reason_code="no_show", by=hr)
    firm.refresh_from_db()
    assert firm.status == "withdrawn"
    told = OutboxMessage.objects.filter(recipient=own.applicant.user, template_key="offer_withdrawn")
    assert [message.subject_id for message in told] == [firm.pk] * times_told
    locked = list(tables_locked(captured.captured_queries))
    assert "placements_offer" in locked
    assert locked == sorted(locked, key=ORDER.index)


def test_a_firm_offer_that_the_person_declined_stays_declined() -> None:
    placement = accepted()
    own = Selection.objects.get(pk=placement.selection_id)
    firm = made.SentOfferFactory(selection=own, kind="firm")
    services.decline_offer(offer=firm, reason_code="personal", by=own.applicant.user)
    firm.refresh_from_db()
    assert firm.status == "declined"
    assert not OutboxMessage.objects.filter(template_key="offer_withdrawn").exists()


def test_every_reason_of_a_fall_through_is_one_of_an_offer() -> None:
    fall_through = workflow_of(Placement).named("fall_through")
    assert set(WHY_AN_OFFER_GOES) == set(fall_through.reasons)
    assert set(WHY_AN_OFFER_GOES.values()) <= set(workflow_of(Offer).named("withdraw").reasons)
