"""Sessions end: after idleness, after twelve hours, and with the account (trust.md §4, I12)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from techforce.accounts import registry
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import deactivate_user
from techforce.core.errors import NotPermitted, Refused
from tests.accounts.visitor import PRIVATE, Visitor
from tests.factories.accounts import UserFactory, give_second_factor, opm_staff

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(time_machine):
    """Moves time on from a fixed moment."""
    now = timezone.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    return time_machine


def passes(clock, minutes: float) -> None:
    clock.shift(timedelta(minutes=minutes))


def test_half_an_hour_without_activity_ends_a_session(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    passes(clock, 29)
    assert visitor.is_signed_in()
    passes(clock, 30)
    answer = visitor.get(PRIVATE)
    assert answer.url == f"/accounts/login/?next={PRIVATE}"
    assert "because nothing happened for a while" in visitor.get(answer.url).content.decode()
    assert not visitor.is_signed_in()


def test_staff_have_a_quarter_of_an_hour(visitor: Visitor, clock) -> None:
    staff = opm_staff()
    give_second_factor(staff)
    visitor.sign_in_fully(staff)
    passes(clock, 14)
    assert visitor.is_signed_in()
    passes(clock, 15)
    assert not visitor.is_signed_in()


def test_twelve_hours_end_a_session_however_busy(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    for _turn in range(28):
        passes(clock, 25)
        assert visitor.is_signed_in()
    passes(clock, 20)
    assert "because you had been signed in for 12 hours" in visitor.get(PRIVATE, follow=True).content.decode()


def test_autosave_and_polling_are_no_activity(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    for _turn in range(2):
        passes(clock, 14)
        visitor.get(PRIVATE, headers={"X-Background": "1"})
    passes(clock, 2)
    assert not visitor.is_signed_in()


def test_negative_control_the_same_requests_by_a_person_are(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    for _turn in range(2):
        passes(clock, 14)
        visitor.get(PRIVATE)
    passes(clock, 2)
    assert visitor.is_signed_in()


def test_a_script_learns_of_the_end_in_words(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    passes(clock, 31)
    answer = visitor.get(PRIVATE, headers={"X-Background": "1"})
    assert answer.status_code == 401
    assert "You were signed out" in answer.json()["detail"]


def test_the_button_extends_a_session(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    passes(clock, 28)
    ends_at = visitor.post("/accounts/extend/").json()["session_ends_at"]
    assert ends_at == (timezone.now() + 30 * MINUTE).isoformat(timespec="seconds")
    passes(clock, 28)
    assert visitor.is_signed_in()


def test_the_button_leads_back_but_to_no_other_site(visitor: Visitor) -> None:
    visitor.sign_in(UserFactory())
    assert visitor.post("/accounts/extend/", {"next": PRIVATE}).url == PRIVATE
    assert visitor.post("/accounts/extend/", {"next": "https://evil.example/"}).status_code == 200


def test_activity_is_written_at_most_once_a_minute(visitor: Visitor, clock) -> None:
    visitor.sign_in(UserFactory())
    visitor.get(PRIVATE)
    assert [writes_of(visitor, clock, minutes) for minutes in (0.5, 0.4, 0.2)] == [0, 0, 1]


def writes_of(visitor: Visitor, clock, minutes: float) -> int:
    """How many statements a page that is asked for so much later changes the database with."""
    passes(clock, minutes)
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PRIVATE)
    return sum(query["sql"].startswith(("UPDATE", "INSERT")) for query in queries.captured_queries)


def every_page(patterns: list[Any], prefix: str = "/") -> Iterator[str]:
    """Each address of the site that takes no parameter."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if "<" in address:
            continue
        if isinstance(pattern, URLResolver):
            yield from every_page(pattern.url_patterns, address)
        else:
            yield address


def answer_of(visitor: Visitor, page: str) -> tuple[int, str]:
    answer = visitor.get(page)
    return answer.status_code, answer.get("Location", "")


def test_a_closed_account_has_no_session_left() -> None:
    user, administrator = UserFactory(), opm_staff(OpmRole.ADMINISTRATOR)
    browsers = [Visitor(), Visitor()]
    for browser in browsers:
        browser.sign_in(user)
    deactivate_user(user=user, by=administrator)
    stranger = Visitor()
    for page in every_page(get_resolver().url_patterns):
        expected = answer_of(stranger, page)
        assert [answer_of(browser, page) for browser in browsers] == [expected, expected], page


def test_a_session_does_not_come_back_with_the_account(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.force_login(user)  # a session that the list of sessions does not know
    deactivate_user(user=user, by=opm_staff(OpmRole.ADMINISTRATOR))
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not visitor.is_signed_in()


def test_a_closed_account_cannot_sign_in(visitor: Visitor) -> None:
    user = UserFactory()
    deactivate_user(user=user, by=opm_staff(OpmRole.ADMINISTRATOR))
    visitor.sign_in(user)
    assert not visitor.is_signed_in()


@pytest.mark.usefixtures("_registries")
def test_tokens_end_with_the_account() -> None:
    ended = []
    registry.register_access_ender("api-tokens", ended.append)
    user = UserFactory()
    deactivate_user(user=user, by=opm_staff(OpmRole.ADMINISTRATOR))
    assert ended == [user]


def test_only_administrators_close_accounts_and_not_their_own() -> None:
    administrator = opm_staff(OpmRole.ADMINISTRATOR)
    with pytest.raises(NotPermitted):
        deactivate_user(user=UserFactory(), by=opm_staff(OpmRole.AUDITOR))
    with pytest.raises(NotPermitted):
        deactivate_user(user=administrator, by=administrator)


def test_the_system_account_cannot_be_closed() -> None:
    with pytest.raises(Refused):
        deactivate_user(user=User.objects.system(), by=opm_staff(OpmRole.ADMINISTRATOR))
