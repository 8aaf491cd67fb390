"""What a hostile half minute does to 2,000 reminders: nothing is lost, and nothing arrives twice (I8, I9, I10).

`make chaos` does it for longer. Without the question whether the receiver already has a message, the same kills bring
messages twice: the control runs beside it on the same servers.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from techforce.demo.register import wait_until
from tests.chaos.faults import KILLS, Faults
from tests.chaos.house import House, Servers
from tests.chaos.verdict import Reminder, Verdict, judge, unsettled
from tests.template_database import is_our_cluster, template_name, templates

SECONDS = float(os.environ.get("CHAOS_SECONDS", "20"))
REMINDERS = max(2_000, int(SECONDS * 30))
CONTROL_SECONDS, CONTROL_REMINDERS = 6.0, 200
STARTED_WITHIN_S, SETTLED_WITHIN_S = 60.0, 60.0
NOTHING_ARRIVED = "tests.core.receivers.has_nothing"

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@dataclass(frozen=True)
class Run:
    verdict: Verdict
    control: Verdict
    kills: dict[str, int]
    settled_after: float

    def __str__(self) -> str:
        found = self.verdict
        return (
            f"{found.arrived} arrived, {len(found.lost)} lost, {len(found.said_twice)} twice,"
            f" {found.tried_again} tried again; settled {self.settled_after:.0f} s after the last fault; {self.kills};"
            f" control: {len(self.control.said_twice)} twice"
        )


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Run]:
    with django_db_blocker.unblock():
        schema = migrated_database()
    with closing(Servers(tmp_path_factory.mktemp("chaos"))) as servers, closing(House(servers)) as house:
        servers.open()
        house.fill(REMINDERS, schema)
        house.give_copy("control")
        with closing(House(servers, database="control", queue=1, receipts=NOTHING_ARRIVED)) as control:
            yield broken(house, control)


def migrated_database() -> str:
    """The tests' own, if there is one: copying it is faster than migrating."""
    if not is_our_cluster() or template_name() not in templates():
        return ""
    settings = connection.settings_dict
    server = "{USER}:{PASSWORD}@{HOST}:{PORT}".format_map(settings)
    return f"postgres://{server}/{template_name()}"


def broken(house: House, control: House) -> Run:
    """The control first: while its doubts wait for the end of their lease, the other one has its turn."""
    wanted_of_control = begin(control, CONTROL_REMINDERS, over_s=0, workers=1, beats=1)
    Faults(control, CONTROL_SECONDS, ["after 250"], with_servers=False).run()
    wanted = begin(house, REMINDERS, over_s=SECONDS * 0.8, workers=4, beats=2)
    faults = Faults(house, SECONDS)
    last = faults.run()
    settled_after = settle(house, last)
    settle(control, last)
    run = Run(
        verdict=judge(house, wanted),
        control=judge(control, wanted_of_control),
        kills={**house.receiver.struck, **faults.count},
        settled_after=settled_after,
    )
    print(run)
    return run


def begin(house: House, reminders: int, *, over_s: float, workers: int, beats: int) -> set[Reminder]:
    """The reminders come due over so many seconds, from when everything runs and the first mail is there."""
    wanted = house.spread(reminders, over_s)
    house.open(workers, beats)
    house.tick("techforce.core.tasks.sweep_reminders")
    assert wait_until(house.has_mail, STARTED_WITHIN_S), f"no mail: {house.home}"
    return wanted


def settle(house: House, since: float) -> float:
    """Seconds until nothing waits any more; a little longer than allowed, to be able to say how long."""
    while unsettled(house) and time.monotonic() < since + 2 * SETTLED_WITHIN_S:
        house.revive()
        time.sleep(0.5)
    return time.monotonic() - since


def test_nothing_is_lost(run: Run) -> None:
    assert run.verdict.lost == set()
    assert run.verdict.arrived == REMINDERS


def test_nothing_arrives_twice(run: Run) -> None:
    """Neither the same message nor another one that says the same."""
    assert run.verdict.sent_twice == {}
    assert run.verdict.said_twice == {}
    assert run.verdict.unknown == set()


def test_all_is_settled_within_a_minute_of_the_last_fault(run: Run) -> None:
    assert run.settled_after < SETTLED_WITHIN_S


def test_every_kind_of_fault_has_struck(run: Run) -> None:
    assert set(run.kills) >= {*KILLS, "broker killed"}
    assert (run.kills["broker flushed"], run.kills["PostgreSQL stopped at once"]) == (2, 1)
    assert run.kills["after 250"] >= SECONDS / 10


def test_control_without_asking_the_receiver_messages_arrive_twice(run: Run) -> None:
    assert run.control.sent_twice
    assert run.control.lost == set()
