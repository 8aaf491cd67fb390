"""More time for a financial disclosure: no more of it than the law allows, by service, by constraint and at once."""

from typing import Any

import pgtrigger
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Opening
from placements.models import ChecklistItem, DisclosureExtension, Placement
from placements.services import grant_extension
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import Refused
from tests.parallel import at_once, succeeded
from tests.placements.agency_room import ETHICS
from tests.placements.asking_for_time import WHY, ask, report, url_of
from tests.placements.people import read
from tests.placements.serving import DAY, on_leave
from tests.placements.starting import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving() -> Placement:
    """Ten days in: the report of a new entrant is due in twenty."""
    return on_leave(served=10)


def test_no_more_than_ninety_days_in_all_grants_of_one_report(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    with pytest.raises(Refused, match="from 1 to 90"):
        ask(serving, days=91)
    grant_extension(extension=ask(serving, days=60), days=50, by=official)
    with pytest.raises(Refused, match="from 1 to 40"):
        ask(serving, days=41)
    second = ask(serving, days=40)
    grant_extension(extension=second, days=40, by=official)
    assert report(serving).due_on == today() + (20 + 90) * DAY
    page = read(serving.applicant.user, url_of(serving))
    assert "No more time can be asked for here now" in page
    with pytest.raises(Refused):
        ask(serving, days=1)


def test_no_more_days_are_granted_than_were_asked_for(serving: Placement) -> None:
    with pytest.raises(Refused, match="no more days than were asked"):
        grant_extension(extension=ask(serving, days=10), days=11, by=staff(serving, ETHICS))


def test_a_public_report_gets_forty_five_days_at_a_time(serving: Placement) -> None:
    Opening.objects.filter(pk=serving.opening_id).update(disclosure_filer="oge_278e")
    official = staff(serving, ETHICS)
    with pytest.raises(Refused, match="from 1 to 45"):
        ask(serving, days=46)
    for _time in range(2):
        grant_extension(extension=ask(serving, days=45), days=45, by=official)
    assert report(serving).due_on == today() + (20 + 90) * DAY
    with pytest.raises(Refused):
        ask(serving, days=1)


def test_no_day_after_the_last_day_of_service_and_none_that_has_passed(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    asked = ask(serving)
    late = serving.ends_on - 29 * DAY
    ChecklistItem.objects.filter(pk=asked.item_id).update(due_on=late, nudge_on=late)
    with pytest.raises(Refused, match="after the last day of service"):
        grant_extension(extension=asked, days=30, by=official)
    past = today() - 20 * DAY
    ChecklistItem.objects.filter(pk=asked.item_id).update(due_on=past, nudge_on=past)
    with pytest.raises(Refused, match="that day has passed"):
        grant_extension(extension=asked, days=10, by=official)


def rows_that_no_law_allows(item: ChecklistItem, official: User) -> list[dict[str, Any]]:
    person, now = item.checklist.placement.applicant.user, timezone.now()
    whole = {
        "item": item,
        "form": "oge_450",
        "days_asked": 30,
        "reason": WHY,
        "asked_by": person,
        "old_due_on": today(),
    }
    signed = {"decided_by": official, "decided_at": now}
    granted = {"status": "granted", "days_granted": 20, "new_due_on": today() + 20 * DAY}
    return [
        whole | {"days_asked": 0},
        whole | {"days_asked": 91},
        whole | {"form": "oge_278e", "days_asked": 46},
        whole | {"form": "sf_86"},
        whole | {"reason": ""},
        whole | granted,
        whole | signed,
        whole | signed | granted | {"days_granted": 31},
        whole | signed | granted | {"days_granted": 0},
        whole | signed | granted | {"new_due_on": today()},
        whole | signed | granted | {"new_due_on": None},
        whole | {"status": "declined", **signed},
        whole | {"status": "declined", "answer": "No."},
        whole | granted | signed | {"decided_by": person},
        whole | {"status": "elsewhere"},
    ]


def test_the_database_keeps_no_other_row(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    for fields in rows_that_no_law_allows(report(serving), official):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisclosureExtension.objects.create(**fields)
    ask(serving)
    with pytest.raises(IntegrityError, match="one_open_extension_a_step"), transaction.atomic():
        DisclosureExtension.objects.create(
            item=report(serving), form="oge_450", days_asked=5, reason=WHY, old_due_on=today(),
            asked_by=serving.applicant.user,
        )  # fmt: skip


def granted_row(item: ChecklistItem, official: User, days: int) -> DisclosureExtension:
    """As no service would write it."""
    return DisclosureExtension.objects.create(
        item=item, form="oge_450", status="granted", days_asked=days, reason=WHY, old_due_on=today(),
        asked_by=item.checklist.placement.applicant.user, days_granted=days, new_due_on=today() + days * DAY,
        decided_by=official, decided_at=timezone.now(),
    )  # fmt: skip


def test_the_database_counts_all_grants_of_a_step(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    granted_row(report(serving), official, 60)
    with pytest.raises(IntegrityError, match="exceed 90 days"), transaction.atomic():
        granted_row(report(serving), official, 31)
    granted_row(report(serving), official, 30)
    with pgtrigger.ignore("placements.DisclosureExtension:within_the_law"):  # the control
        granted_row(report(serving), official, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_grants_at_once_the_second_one_counts_the_first() -> None:
    serving = on_leave(served=10)
    official = staff(serving, ETHICS)
    item = report(serving)
    done = succeeded(
        at_once(2, lambda _number: granted_row(ChecklistItem.objects.get(pk=item.pk), official, 60))
    )
    assert len(done) == 1
