"""People and applications by the ten thousand, as bare rows.

`prepare` makes them in the database that DATABASE_URL names and prints the cookie of a program manager who has signed
in with a second factor."""

import datetime
import os
from typing import Any

import django
from django.core.management import call_command
from django.db import connection

GIVEN = "Maria James Aisha Wei Olga Diego Priya Noah Fatima Liam Hana Kofi Ana Tomás Ines Yusuf Mary Ravi Lena Omar"
FAMILY = (
    "Lopez Smith Khan Chen Ivanova Ramirez Patel Miller Hassan O'Brien Tanaka Mensah Silva Novák Costa Demir Jones Rao "
    "Weber Haddad Nguyen Okafor Kim Garcia Brown Kowalski Rossi Dubois Larsen Sato"
)
TABLES = ("accounts_user", "applicants_applicant", "applicants_application")
BATCH = 2_000


def fill(count: int) -> None:
    """Without the history and without the guards of a submission, which need each person's own steps."""
    cohort = make_cohort()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for start in range(0, count, BATCH):
            add_people(cohort, range(start, min(start + BATCH, count)))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def add_people(cohort: Any, numbers: range) -> None:
    from applicants.models import Applicant, Application
    from techforce.accounts.models import User

    given, family, now = GIVEN.split(), FAMILY.split(), datetime.datetime.now(datetime.UTC)
    names = [f"{given[n % len(given)]} {family[n // len(given) % len(family)]} {n}" for n in numbers]
    users = User.objects.bulk_create(
        User(email=f"person{n}@example.org", full_name=name, password="!")
        for n, name in zip(numbers, names, strict=True)
    )
    people = Applicant.objects.bulk_create(
        Applicant(user=user, legal_name=user.full_name, city="Denver", state="CO") for user in users
    )
    submission = {"is_us_citizen": True, "is_adult": True, "is_shareable": True, "certified_at": now}
    Application.objects.bulk_create(
        Application(applicant=person, cohort=cohort, status="submitted", submitted_at=now, **submission)
        for person in people
    )


def make_cohort() -> Any:
    from techforce.program.models import Cohort

    now = datetime.datetime.now(datetime.UTC)
    return Cohort.objects.create(
        slug="bench",
        name="Bench",
        opens_at=now,
        closes_at=now + datetime.timedelta(days=30),
        seats=1000,
        pay_min=130_000,
        pay_max=195_000,
    )


def cookie_of_staff() -> str:
    """Signed in as after the second factor."""
    from allauth.account.internal.flows.login import record_authentication
    from django.conf import settings
    from django.contrib.auth import login
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest
    from django.utils.module_loading import import_string

    from techforce.accounts.models import OpmMembership, OpmRole, User

    user = User.objects.create_user("manager@example.org", full_name="Program manager")
    for role in (OpmRole.PROGRAM_MANAGER, OpmRole.REVIEWER):
        OpmMembership.objects.create(user=user, role=role, accepted_at=user.created_at)
    request = HttpRequest()
    session: SessionBase = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    request.session = session
    login(request, user, settings.AUTHENTICATION_BACKENDS[-1])
    record_authentication(request, user, "mfa", type="totp")
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def prepare(count: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    fill(count)
    print(cookie_of_staff())
