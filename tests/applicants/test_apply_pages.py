"""Applying in a browser, from signing up to the receipt (I1)."""

import datetime
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applicants.models import Applicant, Application, ApplicationStatus
from applicants.services.answers import STEPS
from techforce.accounts.models import OpmRole, User
from tests.accounts.visitor import Visitor, code_mailed_to
from tests.applicants.filling import RESUME, Person, at, draft, open_cohort, receipts_to, words
from tests.factories.accounts import PASSWORD, UserFactory, opm_staff
from tests.factories.agencies import AgencyParticipationFactory
from tests.factories.applicants import ApplicantFactory, DocumentFactory, SubmittedApplicationFactory
from tests.factories.program import (
    CohortFactory,
    SkillDisciplineFactory,
    SkillFactory,
    SkillSynonymFactory,
    past_window,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


# ── The start page ────────────────────────────────────────────────────────────────────────────────
def test_a_visitor_reads_the_start_page_and_is_led_to_an_account(client: Client) -> None:
    open_cohort()

    page = words(client.get("/apply/"))

    assert "/accounts/signup/?next=/apply/" in page
    assert "/accounts/login/?next=/apply/" in page
    assert "Privacy Act statement" in page
    assert "p.m." in page or "a.m." in page
    assert "ET" in page


def test_the_omb_number_stands_there_when_there_is_one(client: Client, settings: Any) -> None:
    assert "no OMB control number" in words(client.get("/apply/"))

    settings.OMB_CONTROL_NUMBER, settings.OMB_EXPIRATION = "3206-0001", "10/31/2029"

    assert "OMB control number 3206-0001, expires 10/31/2029" in words(client.get("/apply/"))


def test_without_an_open_cohort_it_says_closed_and_when_the_next_opens(client: Client) -> None:
    past_window()
    assert "Applications are closed" in words(client.get("/apply/"))

    CohortFactory(name="The next one", opens_at=datetime.datetime(2999, 5, 1, 13, tzinfo=datetime.UTC))

    assert "You can apply to The next one from May 1, 2999" in words(client.get("/apply/"))


def test_starting_needs_an_account_a_name_and_an_open_window(client: Client) -> None:
    cohort = open_cohort()
    user = UserFactory(full_name="")
    assert "login" in client.post("/apply/").headers["Location"]
    person = Person(user)

    assert person.post("/apply/", {"legal_name": ""}).status_code == 422
    assert person.post("/apply/", {"legal_name": "Ada Okoro"}).status_code == 302

    assert Application.objects.get(cohort=cohort).applicant.legal_name == "Ada Okoro"


def test_starting_twice_gives_the_same_draft() -> None:
    open_cohort()
    person = Person(UserFactory())

    first = person.fill("/apply/", legal_name="Ada Okoro")
    second = person.post("/apply/", {"legal_name": "Ada Okoro"})

    assert first.headers["Location"] == second.headers["Location"]
    assert Application.objects.count() == Applicant.objects.count() == 1


# ── The whole way ─────────────────────────────────────────────────────────────────────────────────
def test_from_signing_up_to_the_receipt() -> None:
    cohort = open_cohort("software", "data")
    skill = SkillDisciplineFactory(skill=SkillFactory(code="python", name="Python")).skill
    SkillSynonymFactory(skill=skill, text="Django")
    agency = AgencyParticipationFactory(cohort=cohort).agency
    visitor, address = Visitor(), f"new-{uuid4().hex[:12]}@mail.example"
    visitor.post(
        "/accounts/signup/?next=/apply/", {"email": address, "password1": PASSWORD, "next": "/apply/"}
    )
    entered = visitor.post("/accounts/confirm-email/", {"code": code_mailed_to(address)})
    assert entered.headers["Location"] == "/apply/"

    person = Person(User.objects.get(email=address))
    person.post("/apply/", {"legal_name": "Ada Okoro"})
    application = Application.objects.get()
    walk(
        person,
        application,
        eligibility={"is_us_citizen": "yes", "is_adult": "yes"},
        contact={"city": "Denver", "state_code": "CO", "phone": "(303) 555-0142"},
        disciplines={"track": "early_career", "choice_1": "data", "choice_2": "software"},
        experience={
            "job0_title": "Engineer",
            "job0_employer": "Harbor Board",
            "job0_began_month": "04",
            "job0_began_year": "2021",
            "job0_is_current": "on",
            "job0_duties": "Tide tables.",
        },
        resume={"file": SimpleUploadedFile("resume.txt", RESUME)},
        skills={"of_software": ["python"], "others": "Django\nCelestial navigation"},
        preferences={
            "work_mode": "remote",
            "earliest_start_month": "3",
            "earliest_start_day": "1",
            "earliest_start_year": "2027",
            "agencies": [agency.code],
        },
        employers={"now": "Harbor Board", "before": "Pier Nine LLC"},
        consent={"is_shareable": "on"},
        support={"veterans_preference": "tp", "has_accommodation_request": "on"},
    )
    review = person.get(at(application, "review"))
    for text in (
        "Harbor Board (April 2021 – now)",
        "Celestial navigation",
        "March 1, 2027",
        "Remote only",
        str(agency),
    ):
        assert text in words(review)
    assert "Still missing" not in words(review)

    answer = person.fill(at(application, "review"), review, certify="on")

    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED
    assert application.reference_number in words(person.get(answer.headers["Location"]))
    content = application.snapshots.get().content
    assert content["disciplines"] == ["data", "software"]
    assert content["answers"]["skills"] == {"codes": ["python"], "others": ["Celestial navigation"]}
    assert len(content["documents"]) == 1
    assert content["veterans_preference"] == "tp"
    (receipt,) = receipts_to(application.applicant.user)
    assert application.reference_number in receipt.subject


def walk(person: Person, application: Application, **steps: Any) -> None:
    """Page after page, where each leads."""
    assert list(steps) == [step.slug for step in STEPS]
    address = at(application, next(iter(steps)))
    for step, answers in steps.items():
        assert address == at(application, step)
        answer = person.fill(address, **answers, then="continue")
        assert answer.status_code == 302, (step, answer.context["form"].errors)
        address = answer.headers["Location"]
    assert address == at(application, "review")


def test_a_draft_waits_where_it_was_left() -> None:
    application = draft()
    person = Person(application.applicant.user)

    left = person.fill(at(application, "employers"), now="Harbor Board", then="later")

    assert left.headers["Location"] == "/apply/"
    assert "Continue your application" in words(person.get("/apply/"))
    assert "Harbor Board" in words(person.get(at(application, "employers")))


def test_the_review_names_what_is_missing_with_a_way_there() -> None:
    application = draft(
        answers={}, disciplines=[], is_us_citizen=None, is_adult=None, is_shareable=False, certified_at=None
    )
    person = Person(application.applicant.user)

    review = person.get(at(application, "review"))
    refused = person.fill(at(application, "review"), review, certify="on")

    linked = set(re.findall(r'<li><a href="[^"]+/(\w+)/">', review.content.decode()))
    assert linked == {"eligibility", "disciplines", "experience", "consent"}
    assert refused.status_code == 422
    assert "Still missing" in words(refused)
    application.refresh_from_db()
    assert (application.status, application.certified_at) == (ApplicationStatus.DRAFT, None)


def test_a_resume_stands_in_for_described_experience() -> None:
    application = draft(answers={})
    DocumentFactory(application=application)

    Person(application.applicant.user).fill(at(application, "review"), certify="on")

    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED


def test_without_the_certification_nothing_is_submitted() -> None:
    application = draft()

    refused = Person(application.applicant.user).fill(at(application, "review"))

    assert refused.status_code == 422
    assert "Certify that your answers are true" in words(refused)


def test_what_the_law_asks_is_told_and_refuses_nobody() -> None:
    application = draft()
    person = Person(application.applicant.user)

    person.fill(at(application, "eligibility"), is_us_citizen="no", is_adult="yes")
    told = words(person.get(at(application, "review")))
    person.fill(at(application, "review"), certify="on")

    assert "You may still apply" in told
    application.refresh_from_db()
    assert application.status == ApplicationStatus.SUBMITTED


# ── Whose pages ───────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("step", ["review", "receipt", *(step.slug for step in STEPS)])
def test_somebody_elses_application_is_not_there(step: str) -> None:
    application = SubmittedApplicationFactory(cohort=open_cohort())
    neighbor = Person(ApplicantFactory().user)
    officer = Desk(opm_staff(OpmRole.CASE_MANAGER))

    assert neighbor.get(at(application, step)).status_code == 404
    assert neighbor.post(at(application, step), {}).status_code == (405 if step == "receipt" else 404)
    assert officer.get(at(application, step)).status_code == 404


def test_there_is_no_such_step() -> None:
    application = draft()

    assert Person(application.applicant.user).get(at(application, "horoscope")).status_code == 404


def test_the_skills_page_asks_the_database_as_often_for_three_as_for_one() -> None:
    application = draft()
    person = Person(application.applicant.user)
    SkillDisciplineFactory(skill=SkillFactory(code="knots"))
    counts = []
    for code in ("sails", "tides"):
        person.get(at(application, "skills"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            person.get(at(application, "skills"))
        counts.append(len(queries))
        SkillDisciplineFactory(skill=SkillFactory(code=code))
    assert counts[0] == counts[1]
