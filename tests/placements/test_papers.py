"""Where a paper is kept, and on what authority: no service takes a number that looks like a Social Security number."""

from collections.abc import Callable
from typing import Any

import pytest

from placements import services
from placements.models import EthicsWaiver, Placement, VettingWaiver
from techforce.core.calendar import today
from techforce.core.errors import Refused
from tests.factories.program import CompanyFactory
from tests.placements.agency_room import ETHICS, SECURITY
from tests.placements.starting import staff
from tests.placements.vetting_desk import step, vetted

NUMBER = "See 123-45-6789"

pytestmark = pytest.mark.django_db


def by_an_excuse(placement: Placement) -> Any:
    services.excuse_item(item=step(placement, "V18"), authority=NUMBER, by=staff(placement, SECURITY))


def by_due_process(placement: Placement) -> Any:
    item = step(placement, "V18")
    services.start_due_process(item=item, reference=NUMBER, by=staff(placement, SECURITY))


def by_a_vetting_waiver(placement: Placement) -> Any:
    services.record_vetting_waiver(
        placement=placement,
        issued_by="Deputy Secretary",
        emergency="A system of national importance would fail.",
        document_reference=NUMBER,
        is_person_told=True,
        issued_on=today(),
        expires_on=today().replace(year=today().year + 1, day=1),
        by=staff(placement, SECURITY),
    )


def by_an_ethics_waiver(placement: Placement) -> Any:
    services.record_ethics_waiver(
        selection=placement.selection,
        company=CompanyFactory(),
        scope="One contract",
        issued_by="Deputy Secretary",
        document_reference=NUMBER,
        issued_on=today(),
        by=staff(placement, ETHICS),
    )


@pytest.mark.parametrize("way", [by_an_excuse, by_due_process, by_a_vetting_waiver, by_an_ethics_waiver])
def test_no_service_takes_a_social_security_number(way: Callable[[Placement], Any]) -> None:
    placement = vetted("NS-S", detail="full")
    with pytest.raises(Refused, match="looks like a Social Security number"):
        way(placement)
    assert step(placement, "V18").status == "not_started"
    assert not VettingWaiver.objects.exists()
    assert not EthicsWaiver.objects.exists()
