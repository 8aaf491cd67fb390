"""`check_invariants` finds what the constraints would have refused."""

import pytest
from django.db import connection

from applicants.models import Application, Document, Rating, Snapshot
from applicants.services import submit_application
from techforce.accounts.models import User
from techforce.core import invariants, privacy
from techforce.core.models import AuditEvent
from tests.factories.applicants import ApplicationFactory, DocumentFactory, RatingFactory
from tests.factories.program import CohortFactory

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {invariant.code for invariant in invariants.broken()}


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_a_submission_without_a_snapshot_is_found() -> None:
    application = ApplicationFactory(cohort=CohortFactory(status="open"))
    submit_application(application=application, by=application.applicant.user)
    assert broken() == set()

    privacy.purge(Snapshot.objects.all(), by=User.objects.system())

    assert broken() == {"I1"}


def submitted() -> tuple[Application, AuditEvent]:
    application = ApplicationFactory(cohort=CohortFactory(status="open"))
    submit_application(application=application, by=application.applicant.user)
    return application, AuditEvent.objects.about(application).get()


def test_a_change_of_status_without_an_audit_row_is_found() -> None:
    _application, event = submitted()
    run("ALTER TABLE core_auditevent DISABLE TRIGGER USER")

    AuditEvent.objects.filter(pk=event.pk).delete()

    assert broken() == {"I6"}


def test_a_change_of_status_with_two_audit_rows_is_found() -> None:
    _application, event = submitted()

    event.pk = None
    event.save(force_insert=True)

    assert broken() == {"I6"}


def test_a_second_live_application_is_found() -> None:
    first = ApplicationFactory()
    run("DROP INDEX one_live_application_a_cohort")

    Application.objects.create(applicant=first.applicant, cohort=first.cohort)

    assert broken() == {"I2"}


def test_a_file_that_nobody_scanned_is_found() -> None:
    document = DocumentFactory()
    run("ALTER TABLE applicants_document DROP CONSTRAINT document_scanned_at_iff_scanned")
    run("ALTER TABLE applicants_document DROP CONSTRAINT document_clean_iff_rewritten")
    run("ALTER TABLE applicants_document DISABLE TRIGGER USER")

    Document.objects.filter(pk=document.pk).update(status="clean")

    assert broken() == {"I14"}


def test_a_rating_of_oneself_is_found() -> None:
    rating = RatingFactory()
    run("ALTER TABLE applicants_rating DISABLE TRIGGER USER")

    Rating.objects.filter(pk=rating.pk).update(rater=rating.application.applicant.user)

    assert broken() == {"I16"}
