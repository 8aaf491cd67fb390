"""A service is one transaction, tried again once after a deadlock."""

import threading
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from techforce.accounts.models import User
from techforce.core.errors import Conflict
from techforce.core.idempotency import once
from techforce.core.models import Closure
from techforce.core.services import service
from techforce.core.versions import save_version
from tests.factories.accounts import UserFactory
from tests.factories.program import CohortFactory
from tests.parallel import at_once, succeeded


@service
def rename_both(*, first: int, second: int, meet: threading.Barrier | None, by: User) -> None:
    User.objects.filter(pk=first).update(full_name="A")
    if meet:
        meet.wait(5)
    User.objects.filter(pk=second).update(full_name="B")


@pytest.mark.django_db(transaction=True)
def test_two_services_that_lock_crosswise_both_succeed() -> None:
    one, two = UserFactory(), UserFactory()
    meet = threading.Barrier(2)
    met: set[int] = set()

    def cross(number: int) -> None:
        pair = (one.pk, two.pk) if number else (two.pk, one.pk)
        rename_both(first=pair[0], second=pair[1], meet=OnlyOnce(meet, met, number), by=one)

    assert len(succeeded(at_once(2, cross))) == 2


class OnlyOnce:
    """A meeting that the second attempt does not wait for."""

    def __init__(self, meet: threading.Barrier, met: set[int], number: int) -> None:
        self.meet, self.met, self.number = meet, met, number

    def wait(self, seconds: float) -> None:
        if self.number not in self.met:
            self.met.add(self.number)
            self.meet.wait(seconds)


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_is_never_given_becomes_a_polite_sentence() -> None:
    person = UserFactory()

    @service
    def impatient(*, by: User) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
        User.objects.filter(pk=person.pk).update(full_name="B")

    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(full_name="A")
        (answer,) = at_once(1, lambda _n: impatient(by=person))
    assert isinstance(answer, Conflict)
    assert "try again" in str(answer)


@pytest.mark.django_db
def test_another_database_error_is_not_hidden(django_user_model: Any) -> None:
    @service
    def broken(*, by: User) -> None:
        raise OperationalError("disk full")

    with pytest.raises(OperationalError, match="disk full"):
        broken(by=UserFactory())


@pytest.mark.django_db
def test_whoever_saves_second_is_told() -> None:
    mine, theirs = CohortFactory(seats=10), None
    theirs = type(mine).objects.get(pk=mine.pk)
    theirs.seats = 20
    save_version(theirs, expected=1, fields=["seats"])
    mine.seats = 30
    with pytest.raises(Conflict, match="Someone else saved"):
        save_version(mine, expected=1, fields=["seats"])
    mine.refresh_from_db()
    assert (mine.seats, mine.version) == (20, 2)


@pytest.mark.django_db
def test_a_version_save_never_writes_a_status() -> None:
    with pytest.raises(ValueError, match="transition_many only"):
        save_version(CohortFactory(), expected=1, fields=["status"])


@pytest.mark.django_db(transaction=True)
def test_a_form_pressed_ten_times_does_its_work_once() -> None:
    person, key = UserFactory(), "6f0d7a52-36a8-4c5e-9c61-000000000001"

    def press(number: int) -> Closure:
        return once(key=key, purpose="closure", work=lambda: make(number), by=person)

    def make(number: int) -> Closure:
        return Closure.objects.create(on=f"2026-03-{number + 1:02}", reason="snow")

    results = succeeded(at_once(10, press))
    assert len(results) == 10
    assert {result.pk for result in results} == {Closure.objects.get().pk}
