"""Rows are locked in one order (architecture §3), so services that meet wait for each other and never deadlock."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from placements import services, tasks
from placements.models import Offer
from techforce.accounts.services import close_account
from tests.factories.agencies import agency_member
from tests.factories.placements import SelectionFactory, SentOfferFactory

pytestmark = pytest.mark.django_db

ORDER = (
    "program_cohort", "agencies_opening", "applicants_applicant", "applicants_application",
    "placements_selection", "placements_offer", "placements_placement", "placements_checklistitem",
)  # fmt: skip
LOCKING = re.compile(r'^SELECT .* FROM "(\w+)".* FOR (?:NO KEY )?UPDATE|^UPDATE "(\w+)"', re.DOTALL)


def tables_locked(queries: list[dict[str, str]]) -> Iterator[str]:
    """Tables of which a row was locked or changed, each when that happened first."""
    seen: set[str] = set()
    for query in queries:
        match = LOCKING.match(query["sql"])
        table = match and (match[1] or match[2])
        if table in ORDER and table not in seen:
            seen.add(table)
            yield table


def accept(offer: Offer) -> None:
    services.accept_offer(offer=offer, by=offer.applicant.user)


def decline(offer: Offer) -> None:
    services.decline_offer(offer=offer, reason_code="pay", by=offer.applicant.user)


def withdraw(offer: Offer) -> None:
    hr = agency_member(agency=offer.opening.agency)
    services.withdraw_offer(offer=offer, reason_code="error_corrected", by=hr)


def expire(offer: Offer) -> None:
    Offer.objects.filter(pk=offer.pk).update(response_due_at=timezone.now())
    tasks.expire_offers()


@pytest.mark.parametrize("move", [accept, decline, withdraw, expire])
def test_what_ends_an_offer_locks_in_the_houses_order(move: Callable[[Any], None]) -> None:
    offer = SentOfferFactory()
    with CaptureQueriesContext(connection) as context:
        move(offer)
    # The arrangement of `expire` is no lock of the service.
    locked = list(tables_locked(context.captured_queries[1:] if move is expire else context.captured_queries))
    assert {"placements_offer", "placements_selection"} <= set(locked)
    assert locked == sorted(locked, key=ORDER.index)


def test_an_account_is_closed_under_locks_taken_before_obstacles_are_looked_for() -> None:
    """No offer is accepted between the look and the leave."""
    selection = SelectionFactory(status="interviewing")
    person = selection.applicant.user
    with CaptureQueriesContext(connection) as context:
        close_account(user=person, by=person)
    asked = [query["sql"] for query in context.captured_queries]
    locked = list(tables_locked(context.captured_queries))
    assert locked[:2] == ["applicants_applicant", "applicants_application"]
    assert locked == sorted(locked, key=ORDER.index)
    of_offers = next(n for n, sql in enumerate(asked) if 'FROM "placements_offer"' in sql)
    under_lock = next(n for n, sql in enumerate(asked) if next(tables_locked([{"sql": sql}]), "") == ORDER[3])
    assert under_lock < of_offers
