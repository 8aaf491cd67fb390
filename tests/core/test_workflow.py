"""One writer of status: locked, asked, audited; and a trigger that knows it (I6)."""

from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.transaction import atomic

from techforce.accounts.models import OpmRole, User
from techforce.core.errors import Conflict, NotPermitted, TransitionRefused
from techforce.core.models import AuditEvent
from techforce.core.workflow import available_transitions, transition, transition_many
from techforce.program.models import Cohort
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.program import CohortFactory
from tests.parallel import at_once, succeeded

REFUSED_BY_TRIGGER = "is only for the workflow"


@pytest.fixture
def manager(db: None) -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


@pytest.fixture
def closed(db: None) -> Cohort:
    return CohortFactory(status="closed")


def test_a_transition_moves_the_row_and_leaves_one_audit_row(manager: User, closed: Cohort) -> None:
    transition(closed, "start_assessing", by=manager)
    closed.refresh_from_db()
    assert (closed.status, closed.version) == ("assessing", 2)
    event = AuditEvent.objects.about(closed).get()
    assert (event.actor, event.from_state, event.to_state) == (manager, "closed", "assessing")


def test_a_step_that_does_not_leave_this_state_is_refused_in_words(manager: User, closed: Cohort) -> None:
    with pytest.raises(TransitionRefused, match="This is Closed"):
        transition(closed, "start_serving", by=manager)
    assert not AuditEvent.objects.exists()


def test_a_stranger_is_not_permitted(closed: Cohort) -> None:
    with pytest.raises(NotPermitted):
        transition(closed, "start_assessing", by=UserFactory())


def test_someone_with_an_old_version_is_told(manager: User, closed: Cohort) -> None:
    with pytest.raises(Conflict):
        transition(closed, "start_assessing", by=manager, version=7)


def test_a_set_moves_all_or_nothing_unless_parts_are_allowed(manager: User, closed: Cohort) -> None:
    CohortFactory(status="ended", slug="other", name="Other")
    with pytest.raises(TransitionRefused):
        transition_many(Cohort.objects.all(), "start_assessing", by=manager)
    moved = transition_many(Cohort.objects.all(), "start_assessing", by=manager, is_partial_allowed=True)
    assert [row.pk for row in moved.rows] == [closed.pk]
    assert len(moved.refused) == 1


@pytest.mark.parametrize("size", [1, 3])
def test_a_set_costs_the_same_number_of_statements_whatever_its_size(
    size: int, manager: User, django_assert_num_queries: Any
) -> None:
    for n in range(size):
        CohortFactory(status="closed", slug=f"c{n}", name=f"C{n}")
    assert manager.opm_roles
    assert not manager.givers  # what a request knows of its user already
    with django_assert_num_queries(7):  # savepoint, lock, audit, mark, update, unmark, release
        transition_many(Cohort.objects.all(), "start_assessing", by=manager)


def test_buttons_follow_state_and_role(manager: User, closed: Cohort) -> None:
    assert [arrow.name for arrow in available_transitions(closed, manager)] == ["start_assessing"]
    assert available_transitions(closed, UserFactory()) == []


def test_update_save_and_raw_sql_cannot_change_a_status(closed: Cohort) -> None:
    attacks = [
        lambda: Cohort.objects.filter(pk=closed.pk).update(status="assessing"),
        lambda: Cohort(
            **{
                **{f.attname: getattr(closed, f.attname) for f in Cohort._meta.concrete_fields},
                "status": "assessing",
            }
        ).save(),
        lambda: run("UPDATE program_cohort SET status = 'assessing'"),
    ]
    for attack in attacks:
        with pytest.raises(IntegrityError, match=REFUSED_BY_TRIGGER), atomic():
            attack()
    closed.refresh_from_db()
    assert closed.status == "closed"


def test_the_mark_of_one_arrow_does_not_open_another(closed: Cohort) -> None:
    with pytest.raises(IntegrityError, match=REFUSED_BY_TRIGGER), atomic():
        run("SELECT set_config('techforce.transition', 'program.cohort:start_assessing', true)")
        run("UPDATE program_cohort SET status = 'ended'")


def test_the_mark_is_gone_when_the_transition_is_done(manager: User, closed: Cohort) -> None:
    other = CohortFactory(status="closed", slug="other", name="Other")
    with pytest.raises(IntegrityError, match=REFUSED_BY_TRIGGER), atomic():
        transition(closed, "start_assessing", by=manager)
        Cohort.objects.filter(pk=other.pk).update(status="assessing")


def test_control_without_the_trigger_an_update_goes_through(closed: Cohort) -> None:
    run("ALTER TABLE program_cohort DISABLE TRIGGER USER")
    Cohort.objects.filter(pk=closed.pk).update(status="ended")
    closed.refresh_from_db()
    assert closed.status == "ended"


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_takers_one_moves_the_row(manager: User, closed: Cohort) -> None:
    assert manager.opm_roles
    assert not manager.givers  # what a request knows of its user already
    results = at_once(8, lambda n: transition(Cohort.objects.get(), "start_assessing", by=manager))
    assert len(succeeded(results)) == 1
    assert AuditEvent.objects.about(closed).count() == 1


def test_history_shows_who_changed_a_row(manager: User, closed: Cohort) -> None:
    transition(closed, "start_assessing", by=manager)
    latest = closed.history.order_by("-pgh_id").first()
    assert (latest.status, latest.pgh_actor_id) == ("assessing", manager.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditevent SET action = 'x'",
        "DELETE FROM core_auditevent",
        "DELETE FROM program_cohorthistory",
    ],
)
def test_audit_and_history_cannot_be_changed(statement: str, manager: User, closed: Cohort) -> None:
    transition(closed, "start_assessing", by=manager)
    with pytest.raises(IntegrityError, match="append-only"), atomic():
        run(statement)


def test_audit_cannot_be_truncated_outside_the_tests(manager: User, closed: Cohort) -> None:
    transition(closed, "start_assessing", by=manager)
    with pytest.raises(IntegrityError, match="may not be truncated"), atomic():
        run("SET LOCAL techforce.allow_truncate = 'off'")
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run("TRUNCATE core_auditevent")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
