"""The world is built once for each module that asks for it, in a transaction that is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.techforce.broker import broker, stopped
from tests.techforce.world import World

__all__ = ["broker", "stopped"]


@pytest.fixture(scope="module")
def built_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        world = World()
        connection.check_constraints()  # the deferred ones too: every row of the world may be committed
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(built_world: World, db: None) -> World:
    return built_world
