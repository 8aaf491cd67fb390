"""The planned first day moves only while no firm offer names it, and the person is written once a move."""

import datetime

import pytest

from placements import services
from placements.models import Placement, Selection
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.mail.notifications import NothingToSay, render
from techforce.core.models import OutboxMessage
from tests.factories import placements as made
from tests.placements.starting import staff

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def accepted() -> tuple[Placement, User]:
    offer = made.SentOfferFactory()
    placement = services.accept_offer(offer=offer, by=offer.applicant.user)
    return placement, staff(placement, "hr_specialist")


def move(placement: Placement, hr: User, days: int) -> None:
    services.move_planned_start(placement=placement, starts_on=today() + days * DAY, by=hr)


def mails() -> list[OutboxMessage]:
    return list(OutboxMessage.objects.filter(template_key="start_moved").order_by("pk"))


def test_a_start_named_in_a_firm_offer_is_not_moved_until_the_offer_is_withdrawn() -> None:
    placement, hr = accepted()
    firm = made.SentOfferFactory(selection=Selection.objects.get(pk=placement.selection_id), kind="firm")
    with pytest.raises(Refused, match="Withdraw the firm offer first"):
        move(placement, hr, 90)
    assert mails() == []
    services.withdraw_offer(offer=firm, reason_code="error_corrected", by=hr)
    move(placement, hr, 90)
    assert placement.starts_on == today() + 90 * DAY


def test_each_move_is_written_once_with_both_days_and_nothing_else() -> None:
    placement, hr = accepted()
    first = placement.starts_on
    for days in (90, 90, 120):
        move(placement, hr, days)
    one, two = mails()
    assert {one.recipient, two.recipient} == {placement.applicant.user}
    mail = render(one)
    assert mail.subject == "Your planned first day has moved"
    for text in (mail.body, mail.alternatives[0][0]):
        assert f"{first:%B} {first.day}, {first.year}" in text
        new = today() + 90 * DAY
        assert f"{new:%B} {new.day}, {new.year}" in text
        assert placement.opening.title not in text
        assert str(placement.opening.agency) not in text


def test_nothing_is_written_of_a_start_that_came_to_nothing() -> None:
    placement, hr = accepted()
    move(placement, hr, 90)
    services.record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    with pytest.raises(NothingToSay):
        render(mails()[0])
