"""What several tests of placements share."""

from collections.abc import Iterator

import pytest
import time_machine

from techforce.core.closures import forget_closures
from tests.placements.reminding import at


@pytest.fixture
def november() -> Iterator[None]:
    """The morning on which the steps of these tests begin."""
    with time_machine.travel(at("2026-11-30T10:00"), tick=False):
        yield


@pytest.fixture
def _closures_read_anew() -> Iterator[None]:
    """The process keeps the days that staff closed."""
    yield
    forget_closures()
