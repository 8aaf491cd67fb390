"""A request for more time ends by itself once its report is handed in, or nobody asks for the report any more."""

import pytest

from placements.models import DisclosureExtension, Placement
from placements.services import (
    begin_review_of_item,
    block_item,
    complete_item,
    end_moot_requests,
    end_placement_early,
    hand_in_items,
    send_item_back,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, TransitionRefused
from techforce.core.models import AuditEvent
from techforce.core.workflow import transition
from tests.factories.accounts import opm_staff
from tests.placements.agency_room import ETHICS, desk
from tests.placements.asking_for_time import ask, report, url_of
from tests.placements.people import read, words_of
from tests.placements.serving import on_leave
from tests.placements.starting import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def serving() -> Placement:
    return on_leave(served=10)


def status_of(asked: DisclosureExtension) -> str:
    return DisclosureExtension.objects.get(pk=asked.pk).status


def test_handing_the_report_in_ends_the_request_for_both_who_read_it(serving: Placement) -> None:
    asked = ask(serving)
    hand_in_items(items=[report(serving)], by=serving.applicant.user)
    assert status_of(asked) == "lapsed"
    seat = desk(ETHICS, serving.opening)
    assert "0 Requests for more time" in words_of(seat.get("/agency/"))
    page = words_of(seat.get(f"/agency/more-time/{asked.public_id}/"))
    assert "Ended by itself" in page
    assert "Grant" not in page.split("Report")[0]
    assert "Your request ended by itself" in read(serving.applicant.user, url_of(serving))
    event = AuditEvent.objects.get(action="placements.disclosureextension:lapse")
    assert (event.actor, event.detail["because"]) == (User.objects.system(), "report_is_over")


def test_recording_the_report_and_looking_at_it_end_the_request_too(serving: Placement) -> None:
    official = staff(serving, ETHICS)
    asked = ask(serving)
    begin_review_of_item(item=report(serving), by=official)
    assert status_of(asked) == "lapsed"
    other = on_leave(served=10)
    second, signer = ask(other), staff(other, ETHICS)
    complete_item(item=report(other), outcome="recorded", effective_on=today(), by=signer)
    assert status_of(second) == "lapsed"


def test_a_report_that_comes_back_may_be_asked_for_anew(serving: Placement) -> None:
    ask(serving)
    hand_in_items(items=[report(serving)], by=serving.applicant.user)
    send_item_back(item=report(serving), reason_code="incomplete", by=staff(serving, ETHICS))
    assert ask(serving).status == "asked"
    assert sorted(DisclosureExtension.objects.values_list("status", flat=True)) == ["asked", "lapsed"]


def test_a_report_that_waits_for_somebody_is_still_to_be_filed(serving: Placement) -> None:
    asked = ask(serving)
    block_item(item=report(serving), waiting_on="candidate", by=staff(serving, ETHICS))
    assert end_moot_requests(by=User.objects.system()) == 0
    assert status_of(asked) == "asked"


def test_what_the_end_of_service_leaves_behind_is_swept_once_a_day(serving: Placement) -> None:
    asked, system = ask(serving), User.objects.system()
    assert end_moot_requests(by=system) == 0
    end_placement_early(
        placement=serving, ended_on=today(), reason="resigned", by=opm_staff(OpmRole.CASE_MANAGER)
    )
    assert [end_moot_requests(by=system) for _run in range(2)] == [1, 0]
    assert status_of(asked) == "lapsed"


def test_nobody_ends_it_while_the_report_is_to_be_filed_and_only_the_program_ends_it(
    serving: Placement,
) -> None:
    asked = ask(serving)
    with pytest.raises(TransitionRefused, match="still to be filed"):
        transition(asked, "lapse", by=User.objects.system())
    with pytest.raises((NotPermitted, TransitionRefused)):
        transition(asked, "lapse", by=staff(serving, ETHICS))
    assert status_of(asked) == "asked"
