"""Destruction destroys, and nothing is destroyed early (I15): a canary is looked for everywhere, before and after."""

import datetime
import io
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from applicants.models import Application, Snapshot
from applicants.privacy import contents
from applicants.services import receive_resume, save_step, scan_document, submit_application
from applicants.services.answers import digest, state_of
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import close_account
from techforce.core import invariants
from techforce.core.errors import NotPermitted
from techforce.core.models import AuditEvent
from techforce.core.records import disposition
from tests.accounts.visitor import Visitor
from tests.applicants.filling import Person, at, draft
from tests.factories.accounts import PASSWORD, UserFactory, give_second_factor, opm_staff
from tests.factories.applicants import ApplicantFactory, CaseMessageFactory, RatingFactory, SnapshotFactory
from tests.factories.core import AuditEventFactory, BounceFactory, LegalHoldFactory, OutboxMessageFactory
from tests.factories.partners import ConfirmedNominationFactory
from tests.techforce.traces import traces_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_store")]

WORD = "canary7c1d"
YEAR = datetime.timedelta(days=366)


@pytest.fixture
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def officer() -> User:
    return opm_staff(OpmRole.RECORDS_OFFICER, email="records@opm.example")


def full_of_canaries(application: Application) -> Application:
    """As a person fills it: answers, a résumé that was read, a question to the program office."""
    person = application.applicant.user
    state = state_of(application, "experience")
    words = {**state, "summary": f"Kept the {WORD} alive.", "education": WORD}
    save_step(application=application, step="experience", state=words, seen=digest(state), by=person)
    resume = ContentFile(f"Robin Reyes, {WORD}\nfive harbors".encode(), name=f"{WORD}.txt")
    scan_document(
        document=receive_resume(application=application, file=resume, by=person), by=User.objects.system()
    )
    CaseMessageFactory(thread__application=application, body=f"A question about {WORD}")
    application.refresh_from_db()
    return application


def person_of_canaries() -> User:
    """Somebody who left the word in every place that knows people, and is signed in."""
    person = UserFactory(email=f"{WORD}@mail.example", full_name=WORD)
    browser = Client(HTTP_USER_AGENT=WORD, REMOTE_ADDR=f"10.77.{person.pk % 250}.9")
    browser.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    browser.post("/accounts/password/reset/", {"email": person.email})
    browser.get(f"/openings/?q={WORD}")
    BounceFactory(user=person, address=person.email)
    OutboxMessageFactory(recipient=None, subject_id=person.pk, address=person.email)
    return person


def submitted_by(person: User) -> Application:
    contact = dict.fromkeys(("preferred_name", "city", "phone"), WORD)
    application = full_of_canaries(draft(applicant=ApplicantFactory(user=person, legal_name=WORD, **contact)))
    ConfirmedNominationFactory(
        nominee=person, cohort=application.cohort, full_name=WORD, invited_email=person.email, division=WORD
    )
    submit_application(application=application, by=person, is_certified=True)
    RatingFactory(application=application, notes=WORD, submitted_at=timezone.now())
    return application


def final_action_of(cohort: Any) -> None:
    """Nobody is chosen any more; the audit says since when."""
    AuditEventFactory(subject_type="program.cohort", subject_id=cohort.pk, to_state="serving")


def years_later(years: int) -> Any:
    return time_machine.travel(timezone.now() + years * YEAR)


def destroyed(*options: str) -> str:
    said = io.StringIO()
    call_command("destroy_records", *options, stdout=said)
    return said.getvalue()


def broken_invariants() -> set[str]:
    return {invariant.code for invariant in invariants.broken()}


APPROVED = ("--approved-by", "records@opm.example")


def test_nothing_is_left_of_a_draft_that_was_thrown_away(
    django_capture_on_commit_callbacks: Any, capfd: Any
) -> None:
    application = full_of_canaries(draft())
    assert traces_of(WORD) >= {
        "applicants_application.answers", "applicants_document.label", "applicants_documenttext.text",
        "applicants_casemessage.body", "a file",
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        Person(application.applicant.user).post(at(application, "discard"))

    assert not Application.objects.exists()
    assert traces_of(WORD) == set()
    assert WORD not in "".join(capfd.readouterr())


def test_nothing_is_left_of_a_closed_account_after_its_records_are_destroyed(
    officer: User, django_capture_on_commit_callbacks: Any, capfd: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        person = person_of_canaries()
        application = submitted_by(person)
        final_action_of(application.cohort)
    before = traces_of(WORD)
    assert before >= {
        "accounts_user.email", "accounts_user.full_name", "account_emailaddress.email",
        "usersessions_usersession.user_agent", "core_outboxmessage.address", "core_bounce.address",
        "applicants_applicant.legal_name", "applicants_snapshot.content", "partners_nomination.full_name",
        "applicants_rating.notes", "a file",
    }  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        close_account(user=person, by=person)
        kept = traces_of(WORD)
        with years_later(3):
            said = destroyed(*APPROVED)

    assert {place.split(".")[0] for place in kept} >= {"applicants_snapshot", "applicants_application"}
    assert "accounts_user.email" not in kept
    assert "applications: 1 destroyed, 0 under a legal hold" in said
    assert traces_of(WORD) == set()
    assert WORD not in "".join(capfd.readouterr())
    assert Application.objects.get().destroyed_at
    assert not {"I1", "I15"} & broken_invariants()
    SnapshotFactory(application=Application.objects.get())
    assert "I15" in broken_invariants()
    assert AuditEvent.objects.filter(action="records:destroyed", actor=officer).count() >= 3


def test_a_part_that_is_forgotten_is_found(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control of the search: the profile is left as it is, also by its own schedule."""
    person = UserFactory()
    application = submitted_by(person)
    final_action_of(application.cohort)
    close_account(user=person, by=person)
    monkeypatch.setattr(contents, "empty_profile", lambda applicant: None)
    known = {key: one for key, one in disposition._SCHEDULES.items() if key != "profiles"}
    monkeypatch.setattr(disposition, "_SCHEDULES", known)

    with years_later(3):
        destroyed(*APPROVED)

    assert "applicants_applicant.legal_name" in traces_of(WORD)


@pytest.mark.parametrize("held", ["application", "document", "message", "person"])
def test_under_a_hold_nothing_of_it_is_destroyed(held: str, officer: User) -> None:
    person = UserFactory()
    application = submitted_by(person)
    final_action_of(application.cohort)
    subject = {
        "application": application,
        "document": application.documents.get(),
        "message": application.case_threads.get().messages.get(),
        "person": person,
    }[held]
    LegalHoldFactory(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    close_account(user=person, by=person)

    with years_later(3):
        said = destroyed(*APPROVED)

    assert "applications: 0 destroyed, 1 under a legal hold" in said
    application.refresh_from_db()
    assert (application.destroyed_at, WORD in str(application.answers)) == (None, True)
    assert Snapshot.objects.filter(application=application).exists()


def test_a_closed_account_leaves_of_two_drafts_the_one_under_a_hold() -> None:
    person = UserFactory()
    applicant = ApplicantFactory(user=person)
    held = full_of_canaries(draft(applicant=applicant))
    full_of_canaries(draft(applicant=applicant))
    message = held.case_threads.get().messages.get()
    LegalHoldFactory(subject_type="applicants.casemessage", subject_id=message.pk)

    close_account(user=person, by=person)

    left = Application.objects.get()
    assert (left.pk, WORD in str(left.answers), left.documents.count()) == (held.pk, True, 1)
    person.refresh_from_db()
    assert (person.is_active, person.email.startswith("erased-")) == (False, True)
    event = AuditEvent.objects.get(action="privacy:erase-held", subject_id=person.pk)
    assert event.detail == {"held": [f"applicants.casemessage:{message.pk}"]}


def test_nothing_is_destroyed_before_its_time_or_without_approval(officer: User) -> None:
    person = UserFactory()
    application = submitted_by(person)
    close_account(user=person, by=person)
    with years_later(3):
        assert "applications: 0 due (GRS 2.1/060)" in destroyed(*APPROVED)  # the cohort still chooses
        final_action_of(application.cohort)
        with time_machine.travel(timezone.now() + 11 * YEAR / 12):
            assert "applications: 0 due" in destroyed(*APPROVED)
        with years_later(1):
            assert "applications: 1 due" in destroyed()
    application.refresh_from_db()
    assert application.destroyed_at is None


def test_only_a_records_officer_approves() -> None:
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    with pytest.raises(NotPermitted):
        disposition.destroy_due(disposition.schedules()[0], by=manager)
    with pytest.raises(CommandError, match="Nobody signs in"):
        destroyed("--approved-by", "nobody@opm.example")


def test_the_records_officer_approves_on_a_page_and_signs(officer: User) -> None:
    person = UserFactory()
    application = submitted_by(person)
    final_action_of(application.cohort)
    close_account(user=person, by=person)
    give_second_factor(officer)
    with years_later(3):
        desk = Visitor()
        desk.sign_in_fully(officer)
        work = " ".join(desk.get("/admin/").content.decode().split())
        page = desk.get("/admin/destruction/").content.decode()
        asked = desk.get("/admin/destruction/?schedule=applications").content.decode()
        hasty = desk.post("/admin/destruction/", {"schedule": "applications"})
        assert Application.objects.get().destroyed_at is None
        signed = {"schedule": "applications", "is_understood": "on"}
        answer = desk.post("/admin/destruction/", signed, follow=True).content.decode()

    assert "Records due for destruction" in work
    assert "Approve: destroy applications" in page
    assert f"You sign as {officer.full_name} (records@opm.example)" in asked
    assert hasty.status_code == 422
    assert "Applications: 1 destroyed, 0 kept under a legal hold." in answer
    assert f"<td>{officer}</td>" in answer  # among what was approved so far
    application.refresh_from_db()
    assert application.destroyed_at


def test_a_kind_of_records_that_no_schedule_knows_is_not_found(officer: User) -> None:
    give_second_factor(officer)
    desk = Visitor()
    desk.sign_in_fully(officer)

    assert desk.get("/admin/destruction/?schedule=everything").status_code == 404
    assert desk.post("/admin/destruction/", {"schedule": "", "is_understood": "on"}).status_code == 404


def test_others_do_not_open_that_page() -> None:
    manager, desk = opm_staff(OpmRole.PROGRAM_MANAGER), Visitor()
    give_second_factor(manager)
    desk.sign_in_fully(manager)

    assert desk.get("/admin/destruction/").status_code == 403
