"""What the database refuses about people, applications and what hangs on them, whoever writes it."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from applicants.models import Applicant, Application, ApplicationStatus, Snapshot
from applicants.models.choice import choices_mark
from techforce.accounts.models import User
from techforce.core.calendar import today
from tests.factories.accounts import UserFactory
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationDisciplineFactory,
    ApplicationFactory,
    AssessmentInvitationFactory,
    AssessmentPlanFactory,
    AssessmentStageFactory,
    AssessmentStepFactory,
    CaseMessageFactory,
    CaseThreadFactory,
    CleanDocumentFactory,
    DisciplineOutcomeFactory,
    DocumentFactory,
    InterviewFactory,
    OpeningInterestFactory,
    QualifiedApplicationFactory,
    RecusalFactory,
    SnapshotFactory,
    SubmittedApplicationFactory,
)
from tests.factories.program import CohortFactory, CompanyFactory, DisciplineFactory
from tests.parallel import at_once, succeeded

pytestmark = pytest.mark.django_db

APPLICANTS = 32
THEN = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def refused(constraint: str):  # type: ignore[no-untyped-def]
    return pytest.raises(IntegrityError, match=constraint)


def write(row: Any, **columns: Any) -> None:
    """Straight into the table, past every service and form."""
    names = ", ".join(f"{name} = %s" for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {names} WHERE id = %s", [*columns.values(), row.pk])


def at_commit() -> None:
    """Ask now what the database would ask at the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("kind", [User.Kind.SERVICE, User.Kind.SYSTEM])
def test_an_applicant_is_a_person(kind: str) -> None:
    with refused("an applicant is a person"), transaction.atomic():
        ApplicantFactory(user=UserFactory(kind=kind))


def test_an_applicant_does_not_become_a_machine_by_update() -> None:
    applicant = ApplicantFactory()

    with refused("an applicant is a person"):
        write(applicant, user_id=UserFactory(kind=User.Kind.SERVICE).pk)


def test_the_account_of_an_applicant_does_not_become_a_machine() -> None:
    applicant = ApplicantFactory()

    for kind in (User.Kind.SERVICE, User.Kind.SYSTEM):
        with refused("stays a person"):
            write(applicant.user, kind=kind)
    write(applicant.user, kind=User.Kind.PERSON)


def test_one_account_is_one_applicant() -> None:
    applicant = ApplicantFactory()

    with refused("user_id"), transaction.atomic():
        ApplicantFactory(user=applicant.user)
    with refused("applicant_has_a_name"):
        write(applicant, legal_name="")
    with refused("applicant_state_form"):
        write(applicant, state="oh")


def test_no_table_asks_for_a_birth_date_or_a_social_security_number() -> None:
    words = ("birth", "ssn", "social", "race", "ethnic", "gender", "sex", "disab")
    columns = {field.name for model in (Applicant, Application) for field in model._meta.concrete_fields}

    assert not [column for column in columns if any(word in column for word in words)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_thirty_two_posts_at_once_leave_one_live_application() -> None:
    applicant, cohort = ApplicantFactory(), CohortFactory()

    results = at_once(APPLICANTS, lambda _: Application.objects.create(applicant=applicant, cohort=cohort))

    assert len(succeeded(results)) == 1
    assert Application.objects.live().filter(applicant=applicant, cohort=cohort).count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_without_the_index_the_same_posts_make_many() -> None:
    applicant, cohort = ApplicantFactory(), CohortFactory()
    law = next(c for c in Application._meta.constraints if c.name == "one_live_application_a_cohort")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Application, law)
    try:
        at_once(APPLICANTS, lambda _: Application.objects.create(applicant=applicant, cohort=cohort))
        assert Application.objects.live().count() == APPLICANTS
    finally:
        Application.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Application, law)


def test_not_qualified_is_no_second_chance_and_withdrawn_is() -> None:
    rejected = SubmittedApplicationFactory(status="not_qualified", decided_at=timezone.now())
    with refused("one_live_application_a_cohort"), transaction.atomic():
        ApplicationFactory(applicant=rejected.applicant, cohort=rejected.cohort)

    gone = SubmittedApplicationFactory(
        status="withdrawn", withdraws_at=timezone.now(), withdrawn_at=timezone.now()
    )
    again = ApplicationFactory(applicant=gone.applicant, cohort=gone.cohort)

    assert again.status == ApplicationStatus.DRAFT


def test_the_database_gives_each_application_its_number() -> None:
    one, other = ApplicationFactory(), ApplicationFactory()

    assert one.reference_number == f"TF-{one.pk:08}"
    assert one.reference_number != other.reference_number
    with pytest.raises(Exception, match="reference_number"):
        write(one, reference_number="TF-1")


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("application_submitted_at_iff_submitted", {"submitted_at": None}),
        ("application_certified_when_submitted", {"certified_at": None}),
        ("application_certified_when_submitted", {"is_shareable": False}),
        ("application_certified_when_submitted", {"is_adult": None}),
        ("application_certified_when_submitted", {"is_us_citizen": None}),
        ("application_withdrawn_at_iff_withdrawn", {"withdrawn_at": THEN}),
        ("application_track_known", {"track": "late"}),
        ("application_preference_known", {"veterans_preference": "11"}),
    ],
)
def test_a_submitted_application_is_whole(constraint: str, columns: dict[str, Any]) -> None:
    with refused(constraint):
        write(SubmittedApplicationFactory(), **columns)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("application_submitted_at_iff_submitted", {"submitted_at": THEN}),
        ("application_only_live_ones_withdraw", {"withdraws_at": THEN}),
        ("application_decided_at_when_decided", {"status": "qualified", "submitted_at": THEN}),
        ("applicants_application_status_known", {"status": "lost", "submitted_at": THEN}),
    ],
)
def test_a_state_and_its_instants_go_together(constraint: str, columns: dict[str, Any]) -> None:
    with refused(constraint), transaction.atomic():
        ApplicationFactory(**columns)


@pytest.mark.parametrize("by", ["save", "update", "sql"])
@pytest.mark.parametrize(
    "made",
    [SubmittedApplicationFactory, DocumentFactory, AssessmentStepFactory, InterviewFactory],
    ids=lambda made: made.__name__,
)
def test_a_status_is_written_by_the_workflow_alone(made: Any, by: str) -> None:
    row = made()
    other = next(state for state in row._meta.get_field("status").choices if state[0] != row.status)[0]

    with refused("only for the workflow"), transaction.atomic():
        if by == "save":
            row.status = other
            row.save()
        elif by == "update":
            type(row).objects.filter(pk=row.pk).update(status=other)
        else:
            write(row, status=other)


def test_one_to_three_disciplines() -> None:
    chosen = [DisciplineFactory(code=code) for code in ("software", "data", "ai")]
    application = ApplicationFactory(disciplines=chosen)
    fourth = DisciplineFactory(code="cybersecurity")

    for rank in (0, 4):
        with refused("at_most_three_disciplines"), transaction.atomic():
            ApplicationDisciplineFactory(application=application, discipline=fourth, rank=rank)
    with refused("one_choice_a_rank"), transaction.atomic():
        ApplicationDisciplineFactory(application=application, discipline=fourth, rank=3)
    with refused("one_choice_a_discipline"), transaction.atomic():
        ApplicationDisciplineFactory(
            application=ApplicationFactory(disciplines=chosen[:1]), discipline=chosen[0], rank=2
        )


def test_a_submitted_application_without_a_discipline_is_not_committed() -> None:
    with refused("at least one discipline"), transaction.atomic():
        SubmittedApplicationFactory(disciplines=[])
        at_commit()


def test_the_last_discipline_of_a_submitted_application_stays() -> None:
    application = SubmittedApplicationFactory()
    with refused("at least one discipline"), transaction.atomic(), choices_mark(application):
        application.choices.all().delete()
        at_commit()

    draft = ApplicationFactory()
    draft.choices.all().delete()
    at_commit()


def test_an_opening_of_another_cohort_cannot_be_marked() -> None:
    interest = OpeningInterestFactory()

    with refused("interest_in_openings_cohort"), transaction.atomic():
        OpeningInterestFactory(application=interest.application, opening=PublishedOpeningFactory())
    with refused("interest_in_applications_cohort"):
        write(interest, cohort_id=CohortFactory().pk)
    with refused("one_interest_an_opening"), transaction.atomic():
        OpeningInterestFactory(application=interest.application, opening=interest.opening)


def test_a_rank_is_used_once() -> None:
    interest = OpeningInterestFactory(rank=1)

    with refused("one_interest_a_rank"), transaction.atomic():
        OpeningInterestFactory(application=interest.application, rank=1)
        at_commit()
    with refused("interest_rank_from_one"), transaction.atomic():
        OpeningInterestFactory(application=interest.application, rank=0)


def test_a_snapshot_never_changes() -> None:
    snapshot = SnapshotFactory()

    with refused("append-only"), transaction.atomic():
        Snapshot.objects.filter(pk=snapshot.pk).update(content={})
    with refused("append-only"), transaction.atomic():
        snapshot.delete()
    with refused("one_snapshot_a_sequence"), transaction.atomic():
        SnapshotFactory(application=snapshot.application, sequence=1)
    with refused("snapshot_sequence_from_one"), transaction.atomic():
        SnapshotFactory(sequence=0)


def test_a_result_has_an_expiry_or_a_reason() -> None:
    bad = [
        {"expires_on": None},
        {"reason_code": "experience"},
        {"expires_on": today() - datetime.timedelta(days=1)},
        {"result": "not_qualified"},
        {"result": "not_qualified", "expires_on": None, "reason_code": ""},
        {"result": "perhaps"},
    ]
    for columns in bad:
        with refused("outcome_"), transaction.atomic():
            DisciplineOutcomeFactory(**columns)


def test_a_result_is_for_a_chosen_discipline_once() -> None:
    application = QualifiedApplicationFactory()

    with refused("outcome_of_a_choice"), transaction.atomic():
        DisciplineOutcomeFactory(application=application, discipline=DisciplineFactory(code="ai"))
    with refused("one_outcome_a_discipline"), transaction.atomic():
        DisciplineOutcomeFactory(application=application)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("document_size", {"size": 0}),
        ("document_size", {"size": 5 * 1024 * 1024 + 1}),
        ("document_digest_form", {"sha256": "abc"}),
        ("document_has_a_label", {"label": ""}),
        ("document_kind_known", {"kind": "passport"}),
        ("document_format_known", {"format": "exe"}),
        ("document_scanned_at_iff_scanned", {"status": "clean", "clean_sha256": "0" * 64}),
        ("document_clean_iff_rewritten", {"status": "clean", "scanned_at": THEN}),
        ("document_clean_iff_rewritten", {"clean_sha256": "0" * 64}),
        ("document_scanned_at_iff_scanned", {"scanned_at": THEN}),
    ],
)
def test_a_document_has_limits(constraint: str, columns: dict[str, Any]) -> None:
    with refused(constraint), transaction.atomic():
        DocumentFactory(**columns)


def test_one_clean_resume() -> None:
    first = CleanDocumentFactory()

    with refused("one_clean_resume"), transaction.atomic():
        CleanDocumentFactory(application=first.application)
    with refused("storage_key"), transaction.atomic():
        DocumentFactory(storage_key=first.storage_key)


def test_a_plan_and_its_stages_stay_in_one_cohort() -> None:
    stage = AssessmentStageFactory()

    with refused("stage_in_plans_cohort"):
        write(stage, cohort_id=CohortFactory().pk)
    with refused("one_plan_a_discipline"), transaction.atomic():
        AssessmentPlanFactory(cohort=stage.plan.cohort, discipline=stage.plan.discipline)
    for columns in (
        {"position": 1},
        {"position": 0},
        {"position": 2, "kind": "magic"},
        {"position": 2, "days_open": 0},
    ):
        with refused("stage_"), transaction.atomic():
            AssessmentStageFactory(plan=stage.plan, **columns)


def test_a_step_never_mixes_two_cohorts() -> None:
    step = AssessmentStepFactory()

    with refused("step_in_stages_cohort"), transaction.atomic():
        AssessmentStepFactory(application=step.application, stage=AssessmentStageFactory())
    with refused("one_step_a_stage"), transaction.atomic():
        AssessmentStepFactory(application=step.application, stage=step.stage)
    with refused("step_completed_at_iff_done"):
        write(step, completed_at=THEN)


def test_one_invitation_runs_at_a_time() -> None:
    first = AssessmentInvitationFactory()

    with refused("one_open_invitation_a_step"), transaction.atomic():
        AssessmentInvitationFactory(step=first.step, attempt=2)
    with refused("invitation_expires_later"):
        write(first, expires_at=THEN)
    with refused("invitation_attempt_from_one"), transaction.atomic():
        AssessmentInvitationFactory(attempt=0)


def test_an_interview_is_for_a_step_or_for_an_opening() -> None:
    interview = InterviewFactory()

    with refused("interview_for_step_or_opening"):
        write(interview, opening_id=PublishedOpeningFactory().pk)
    with refused("interview_for_step_or_opening"):
        write(interview, assessment_step_id=None)
    with refused("interview_step_of_application"):
        write(interview, application_id=SubmittedApplicationFactory().pk)
    with refused("one_pending_interview_a_step"), transaction.atomic():
        InterviewFactory(assessment_step=interview.assessment_step)


def test_a_booked_interview_has_a_time_in_order() -> None:
    with refused("interview_booked_has_a_time"), transaction.atomic():
        InterviewFactory(status="booked")
    with refused("interview_ends_after_start"), transaction.atomic():
        InterviewFactory(starts_at=timezone.now(), ends_at=THEN)
    with refused("interview_ends_after_start"), transaction.atomic():
        InterviewFactory(starts_at=timezone.now())


def test_a_recusal_is_from_a_person_or_a_company_once() -> None:
    recusal = RecusalFactory()

    with refused("recusal_from_person_or_company"):
        write(recusal, company_id=CompanyFactory().pk)
    with refused("recusal_from_person_or_company"):
        write(recusal, applicant_id=None)
    with refused("one_live_recusal_a_tie"), transaction.atomic():
        RecusalFactory(user=recusal.user, applicant=recusal.applicant)
    with refused("recusal_ends_after_start"):
        write(recusal, ended_at=THEN)


def test_what_was_written_in_a_case_stays() -> None:
    message = CaseMessageFactory()

    with refused("append-only"):
        write(message, body="Something else")
    with refused("case_message_says_something"), transaction.atomic():
        CaseMessageFactory(thread=message.thread, body="")
    with refused("case_topic_known"), transaction.atomic():
        CaseThreadFactory(topic="gossip")
    with refused("case_closed_at_iff_closed"):
        write(message.thread, closed_at=THEN)
