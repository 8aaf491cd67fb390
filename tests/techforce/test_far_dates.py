"""Wherever people enter days, one from outside the program's time is refused in words and nothing is kept."""

import datetime
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db.models import QuerySet

from agencies.models import Opening, OpeningRevision
from partners.models import LoanTerms, PartnerAgreement
from placements.models import Offer, Placement
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from tests.agencies.opening_forms import filled, page_of
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import OpeningFactory, PublishedOpeningFactory
from tests.factories.partners import ConfirmedNominationFactory, PartnerFactory
from tests.partners.desks import able_company
from tests.placements.agency_room import HR, desk, placed
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
SOON = (today() + 30 * DAY).isoformat()


class Page(NamedTuple):
    """Where an able person enters days, what else they answer there, and the rows that it would write."""

    seat: Desk
    address: str
    answers: dict[str, Any]
    rows: QuerySet[Any]


def opm(role: str) -> Desk:
    return Desk(opm_staff(role))


def drafting_an_offer() -> Page:
    selection: Any = made.SelectionFactory(status="selected")
    address = f"/agency/offers/new/{selection.public_id}/"
    return Page(desk(HR, selection.opening), address, {"pay_rate": "150000"}, Offer.objects.order_by("pk"))


def sending_an_offer() -> Page:
    selection: Any = made.SelectionFactory(status="selected")
    seat = desk(HR, selection.opening)
    seat.post(f"/agency/offers/new/{selection.public_id}/", {"pay_rate": "150000", "starts_on": SOON})
    offers = Offer.objects.order_by("pk")
    return Page(seat, f"/agency/offers/{offers.get().public_id}/send/", {}, offers)


def moving_a_start() -> Page:
    return _placement("move-start", starts_on=today() + 10 * DAY)


def starting() -> Page:
    return _placement("activate", status="ready", starts_on=today())


def _placement(action: str, **fields: Any) -> Page:
    placement = placed(**fields)
    address = f"/agency/placements/{placement.public_id}/{action}/"
    return Page(desk(HR, placement.opening), address, {}, Placement.objects.order_by("pk"))


def changing_an_opening() -> Page:
    return _opening(PublishedOpeningFactory(), "change/", OpeningRevision, reason="More time.")


def drafting_an_opening() -> Page:
    return _opening(OpeningFactory(), "edit/", Opening)


def _opening(opening: Any, part: str, kind: Any, **typed: str) -> Page:
    seat, address = desk(HR, opening), page_of(opening, part)
    answers = filled(seat.get(address).context["form"])
    return Page(seat, address, {**answers, **typed}, kind.objects.order_by("pk"))


def entering_terms() -> Page:
    partner, seat = able_company()
    nomination: Any = ConfirmedNominationFactory(partner=partner)
    answers = {
        "kind": "leave_of_absence",
        "leave_type": "public_service",
        "has_return_right": "yes",
        "is_unpaid": "on",
        **memorable("begins_on", SOON),
    }
    return Page(
        seat, f"/partner/nominations/{nomination.public_id}/terms/", answers, LoanTerms.objects.order_by("pk")
    )


def recording_a_leave() -> Page:
    answers = {"leave_type": "public_service", "has_return_right": "on", "starts_on": SOON}
    return _nomination("record_leave", answers)


def recording_a_separation() -> Page:
    return _nomination("record_separation", {})


def _nomination(act: str, answers: dict[str, str]) -> Page:
    nomination: Any = ConfirmedNominationFactory()
    address = f"/admin/partners/nomination/{nomination.pk}/act/{act}/"
    return Page(opm(OpmRole.CASE_MANAGER), address, answers, LoanTerms.objects.order_by("pk"))


def filing_an_agreement() -> Page:
    partner: Any = PartnerFactory(status="agreement_pending")
    address = f"/admin/partners/partner/{partner.pk}/act/add_agreement/"
    answers = {"reference": "PA-77", "starts_on": today().isoformat(), "ends_on": SOON}
    return Page(opm(OpmRole.PROGRAM_MANAGER), address, answers, PartnerAgreement.objects.order_by("pk"))


def memorable(name: str, day: str) -> dict[str, str]:
    year, month, number = day.split("-")
    return {f"{name}_year": year, f"{name}_month": str(int(month)), f"{name}_day": str(int(number))}


ENTRIES: list[tuple[Callable[[], Page], str]] = [
    (drafting_an_offer, "starts_on"),
    (sending_an_offer, "answer_by"),
    (moving_a_start, "starts_on"),
    (starting, "effective_on"),
    (changing_an_opening, "closes_on"),
    (drafting_an_opening, "opens_on"),
    (drafting_an_opening, "closes_on"),
    (drafting_an_opening, "designated_on"),
    (entering_terms, "begins_on"),
    (entering_terms, "expected_return_on"),
    (recording_a_leave, "starts_on"),
    (recording_a_leave, "expected_return_on"),
    (recording_a_separation, "last_day_on"),
    (filing_an_agreement, "starts_on"),
    (filing_an_agreement, "ends_on"),
]


@pytest.mark.parametrize("far", ["0001-01-01", "9998-12-31", "9999-12-31"])
@pytest.mark.parametrize(
    ("entry", "name"), ENTRIES, ids=[f"{entry.__name__}-{name}" for entry, name in ENTRIES]
)
def test_a_day_outside_the_programs_time_is_refused(entry: Callable[[], Page], name: str, far: str) -> None:
    page = entry()
    before = list(page.rows.values())
    answer = page.seat.post(page.address, {**page.answers, name: far, **memorable(name, far)})
    assert answer.status_code == 422
    assert "Enter a day between" in answer.content.decode()
    assert list(page.rows.values()) == before
