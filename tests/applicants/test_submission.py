"""From the first click to the receipt (I1, I2)."""

import datetime
import uuid
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction

from applicants.models import Application, ApplicationStatus, Document
from applicants.services import (
    accept_document,
    add_document,
    mark_interest,
    rank_interests,
    refuse_document,
    start_application,
    start_review,
    submit_application,
    unmark_interest,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.mail.notifications import render
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.program.models import Cohort, Discipline
from tests.applicants.filling import saved
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import OpeningFactory, PublishedOpeningFactory
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationFactory,
    DocumentFactory,
)
from tests.factories.program import CohortDisciplineFactory, CohortFactory, DisciplineFactory, past_window
from tests.parallel import at_once, succeeded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(status="open")


def test_starting_twice_gives_the_same_draft(cohort: Cohort) -> None:
    applicant = ApplicantFactory()

    first = start_application(applicant=applicant, cohort=cohort, by=applicant.user)

    assert start_application(applicant=applicant, cohort=cohort, by=applicant.user) == first


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_clicks_at_once_give_everybody_the_same_draft() -> None:
    cohort, applicant = CohortFactory(status="open"), ApplicantFactory()

    drafts = at_once(32, lambda _: start_application(applicant=applicant, cohort=cohort, by=applicant.user))

    assert len(succeeded(drafts)) == 32
    assert len({draft.pk for draft in drafts}) == 1


def test_nobody_applies_for_somebody_else(cohort: Cohort) -> None:
    with pytest.raises(NotPermitted):
        start_application(applicant=ApplicantFactory(), cohort=cohort, by=UserFactory())


@pytest.mark.parametrize("state", ["planned", "closed", "serving"])
def test_an_application_starts_while_the_window_is_open(state: str) -> None:
    applicant = ApplicantFactory()

    with pytest.raises(Refused, match="window to apply is closed"):
        start_application(applicant=applicant, cohort=CohortFactory(status=state), by=applicant.user)


def test_disciplines_are_one_to_three_of_the_cohorts(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    codes = ["ai", "data", "software", "cybersecurity"]
    for code in codes:
        CohortDisciplineFactory(cohort=cohort, discipline=DisciplineFactory(code=code))
    DisciplineFactory(code="poetry")

    saved(application, "disciplines", disciplines=codes[:3])

    assert [choice.discipline.code for choice in application.choices.order_by("rank")] == [
        "ai",
        "data",
        "software",
    ]
    for wrong in (codes, ["poetry"]):
        with pytest.raises(Refused):
            saved(application, "disciplines", disciplines=wrong)


def test_submitting_freezes_what_stands_there(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    resume = DocumentFactory(application=application)
    accept_document(document=resume, rewritten=b"%PDF-", text="words", by=User.objects.system())

    submit_application(application=application, by=application.applicant.user)

    content = application.snapshots.get().content
    assert application.submitted_at is not None
    assert content["answers"] == {"experience": "Five years of software."}
    assert (content["disciplines"], content["documents"]) == (["software"], [str(resume.public_id)])
    assert AuditEvent.objects.about(application).get().to_state == "submitted"


def receipts_to(application: Application) -> list[EmailMultiAlternatives]:
    sent = OutboxMessage.objects.filter(recipient=application.applicant.user).order_by("pk")
    return [render(message) for message in sent]


def test_a_receipt_is_queued_in_the_same_transaction_and_says_nothing_but_number_and_moment(
    cohort: Cohort,
) -> None:
    application = ApplicationFactory(cohort=cohort)
    submit_application(application=application, by=application.applicant.user)
    message = OutboxMessage.objects.get()
    assert (message.message_class, message.subject_id) == ("transactional", application.snapshots.get().pk)

    (receipt,) = receipts_to(application)

    assert application.reference_number in receipt.subject
    assert "Five years of software" not in receipt.body
    assert application.applicant.legal_name not in receipt.body


def test_no_submission_without_its_receipt(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE core_outboxmessage ADD CONSTRAINT away CHECK (template_key = '') NOT VALID"
        )

    with pytest.raises(IntegrityError), transaction.atomic():
        submit_application(application=application, by=application.applicant.user)

    application.refresh_from_db()
    assert (application.status, application.snapshots.count()) == (ApplicationStatus.DRAFT, 0)


def test_a_resume_under_scan_was_submitted_too(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    scanned, refused = DocumentFactory(application=application), DocumentFactory(application=application)
    refuse_document(document=refused, reason_code="malware", by=User.objects.system())

    submit_application(application=application, by=application.applicant.user)

    assert application.snapshots.get().content["documents"] == [str(scanned.public_id)]


def submitted_with_choices(cohort: Cohort, *codes: str) -> Application:
    application = ApplicationFactory(cohort=cohort)
    submit_application(application=application, by=application.applicant.user)
    for code in codes:
        CohortDisciplineFactory(cohort=cohort, discipline=DisciplineFactory(code=code))
    return application


def test_other_disciplines_after_submitting_are_frozen_again(cohort: Cohort) -> None:
    application = submitted_with_choices(cohort, "data", "ai")

    saved(application, "disciplines", disciplines=["data", "ai"])

    assert application.snapshots.latest("sequence").content["disciplines"] == ["data", "ai"]
    event = AuditEvent.objects.about(application).last()
    assert (event.action, event.detail["snapshot"]) == ("applicants.application:resubmit", 2)
    assert "changed" in receipts_to(application)[1].subject


def test_disciplines_stay_once_the_window_is_closed(cohort: Cohort) -> None:
    application = submitted_with_choices(cohort, "data")

    with (
        time_machine.travel(cohort.closes_at + datetime.timedelta(seconds=1)),
        pytest.raises(Refused, match="until review starts or the window closes"),
    ):
        saved(application, "disciplines", disciplines=["data"])


@pytest.mark.parametrize(
    "change",
    [
        lambda choices, other: choices.update(discipline=other),
        lambda choices, other: choices.all().delete(),
        lambda choices, other: choices.create(discipline=other, rank=2),
    ],
)
def test_nothing_but_the_service_changes_submitted_disciplines(cohort: Cohort, change: Any) -> None:
    application = submitted_with_choices(cohort, "data")
    other = Discipline.objects.get(code="data")

    with pytest.raises(IntegrityError, match="only by submitting it again"), transaction.atomic():
        change(application.choices, other)


def test_the_same_form_twice_gives_the_same_receipt(cohort: Cohort) -> None:
    application, key = ApplicationFactory(cohort=cohort), uuid.uuid4()
    by = application.applicant.user

    receipts = {
        submit_application(application=application, by=by, key=key).reference_number for _ in range(2)
    }

    assert len(receipts) == 1
    assert application.snapshots.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_presses_at_once_submit_once() -> None:
    application, key = ApplicationFactory(cohort=CohortFactory(status="open")), uuid.uuid4()
    by = application.applicant.user

    receipts = at_once(
        10, lambda _: submit_application(application=application, by=by, key=key).reference_number
    )

    assert set(receipts) == {application.reference_number}
    assert application.snapshots.count() == 1


def test_what_is_missing_is_named_and_nothing_is_submitted(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort, disciplines=[], is_adult=None, certified_at=None)

    with pytest.raises(
        TransitionRefused, match="whether you are 18 or older, a discipline, your certification"
    ):
        submit_application(application=application, by=application.applicant.user)

    application.refresh_from_db()
    assert (application.status, application.snapshots.count()) == (ApplicationStatus.DRAFT, 0)


def test_a_draft_after_the_deadline_says_so() -> None:
    application = ApplicationFactory(cohort=past_window())

    assert application.is_too_late
    with pytest.raises(TransitionRefused, match="window to apply is closed"):
        submit_application(application=application, by=application.applicant.user)


def test_nobody_else_submits(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)

    for stranger in (UserFactory(), opm_staff(OpmRole.HR_DECIDER), User.objects.system()):
        with pytest.raises(NotPermitted):
            submit_application(application=application, by=stranger)


def test_it_may_be_submitted_again_until_review_starts(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    submit_application(application=application, by=application.applicant.user)
    for place in ("Denver", "Boise"):
        application = saved(application, "preferences", places=place)
    assert application.snapshots.count() == 3

    start_review(application=application, by=opm_staff(OpmRole.REVIEWER))

    with pytest.raises(Refused, match="Review has begun"):
        saved(application, "preferences", places="Omaha")


def new_resume(application: object, by: User, name: str = "resume.pdf") -> Document:
    return add_document(application=application, label=name, format="pdf", size=10, sha256="0" * 64, by=by)


def test_a_clean_resume_takes_the_place_of_the_one_before() -> None:
    application, system = ApplicationFactory(), User.objects.system()
    first, second = (new_resume(application, application.applicant.user) for _ in range(2))

    accept_document(document=first, rewritten=b"%PDF-", text="words", by=system)
    accept_document(document=second, rewritten=b"%PDF-", text="", by=system)

    first.refresh_from_db()
    assert (first.status, second.status, second.has_text) == ("replaced", "clean", False)
    assert AuditEvent.objects.about(first).last().actor == system


def test_a_refused_file_leaves_the_clean_one_in_place() -> None:
    application, system = ApplicationFactory(), User.objects.system()
    clean = new_resume(application, application.applicant.user)
    accept_document(document=clean, rewritten=b"%PDF-", text="words", by=system)

    bad = refuse_document(
        document=new_resume(application, application.applicant.user), reason_code="malware", by=system
    )

    clean.refresh_from_db()
    assert (clean.status, bad.status) == ("clean", "refused")


def test_only_the_scanner_lets_a_file_out_of_quarantine() -> None:
    document = DocumentFactory()

    for person in (document.application.applicant.user, opm_staff(*OpmRole.values)):
        with pytest.raises(NotPermitted):
            accept_document(document=document, rewritten=b"%PDF-", text="words", by=person)


def test_openings_are_marked_ranked_and_unmarked(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)
    by = application.applicant.user
    one, two = PublishedOpeningFactory(cohort=cohort), PublishedOpeningFactory(cohort=cohort)
    for opening in (one, two, one):
        mark_interest(application=application, opening=opening, by=by)

    rank_interests(application=application, openings=[one, two], by=by)
    rank_interests(application=application, openings=[two, one], by=by)
    assert [interest.opening for interest in application.interests.ranked()] == [two, one]

    unmark_interest(application=application, opening=two, by=by)
    assert [interest.opening for interest in application.interests.ranked()] == [one]


def test_only_published_openings_of_the_cohort_are_marked(cohort: Cohort) -> None:
    application = ApplicationFactory(cohort=cohort)

    for opening in (OpeningFactory(cohort=cohort), PublishedOpeningFactory()):
        with pytest.raises(Refused):
            mark_interest(application=application, opening=opening, by=application.applicant.user)
