"""Destruction destroys, early destruction is refused, and only two functions touch history (I15)."""

from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from techforce.accounts.models import OpmRole, User
from techforce.core import privacy
from techforce.core.audit import record_access, record_event
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import AccessEvent, AuditEvent, Closure, LegalHold
from tests.factories.accounts import UserFactory, opm_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return opm_staff(OpmRole.RECORDS_OFFICER)


def hold(subject: Any, by: User, **fields: Any) -> LegalHold:
    kind = subject._meta.label_lower
    return LegalHold.objects.create(
        matter="FOIA 2026-7",
        subject_type=kind,
        subject_id=subject.pk,
        starts_on=today(),
        placed_by=by,
        **fields,
    )


def test_redaction_overwrites_the_text_and_says_who_did_it(officer: User) -> None:
    person = UserFactory(full_name="Canary Finch")
    assert privacy.redact(User.objects.filter(pk=person.pk), columns={"full_name": ""}, by=officer) == 1
    person.refresh_from_db()
    assert person.full_name == ""
    assert AuditEvent.objects.about(person).get().actor == officer


def test_purge_removes_rows_even_of_append_only_tables(officer: User) -> None:
    seen = record_access(UserFactory(), purpose="resume", by=officer)
    privacy.purge(AccessEvent.objects.filter(pk=seen.pk), by=officer)
    assert not AccessEvent.objects.exists()


def test_the_door_is_shut_again_after_a_purge(officer: User) -> None:
    seen = record_access(UserFactory(), purpose="resume", by=officer)
    privacy.purge(AccessEvent.objects.filter(pk=seen.pk), by=officer)
    record_access(UserFactory(), purpose="resume", by=officer)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccessEvent.objects.all().delete()


@pytest.mark.parametrize("act", ["redact", "purge", "erase"])
def test_a_legal_hold_stops_destruction(act: str, officer: User) -> None:
    person = UserFactory(full_name="Canary Finch")
    hold(person, officer)
    rows = User.objects.filter(pk=person.pk)
    acts = {
        "redact": lambda: privacy.redact(rows, columns={"full_name": ""}, by=officer),
        "purge": lambda: privacy.purge(rows, by=officer),
        "erase": lambda: privacy.erase_person(person, by=officer),
    }
    with pytest.raises(Refused, match="legal hold"):
        acts[act]()
    person.refresh_from_db()
    assert person.full_name == "Canary Finch"


def test_a_hold_on_a_whole_table_covers_each_row(officer: User) -> None:
    day = Closure.objects.create(on=today(), reason="snow")
    LegalHold.objects.create(
        matter="GAO 1", subject_type="core.closure", starts_on=today(), placed_by=officer
    )
    assert privacy.is_held(day)


def test_a_released_hold_covers_nothing(officer: User) -> None:
    person = UserFactory()
    release = hold(person, officer)
    LegalHold.objects.filter(pk=release.pk).update(ends_on=today())
    assert privacy.is_held(person)  # its last day still counts
    LegalHold.objects.filter(pk=release.pk).update(starts_on="2020-01-01", ends_on="2020-02-01")
    assert not privacy.is_held(person)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE core_auditevent",
        "ALTER TABLE core_auditevent DISABLE TRIGGER ALL",
        "DROP TABLE core_auditevent",
        "ALTER TABLE program_cohort DROP CONSTRAINT cohort_has_seats",
    ],
)
def test_the_role_of_web_and_workers_cannot_weaken_a_table(statement: str, officer: User) -> None:
    record_event("x", subject=officer, by=officer)
    with connection.cursor() as cursor:
        role = app_role(cursor)
        call_command("grant_app_role", role, verbosity=0)
        cursor.execute(f"SET LOCAL ROLE {role}")
        cursor.execute("SELECT count(*) FROM core_auditevent")
        assert cursor.fetchone() == (1,)
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")


def app_role(cursor: Any) -> str:
    """The one that this cluster has, or one of our own where we may make it."""
    if not settings.APP_DATABASE_ROLE:
        cursor.execute("CREATE ROLE techforce_probe")
    return settings.APP_DATABASE_ROLE or "techforce_probe"
