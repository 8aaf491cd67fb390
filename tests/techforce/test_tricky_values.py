"""Awkward names and texts come through forms, pages, mails, PDFs and exports as they were typed."""

import html
import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core import mail

from applicants.models import Application
from applicants.services import submit_application
from techforce.accounts.models import OpmMembership, OpmRole
from techforce.accounts.services import invite
from techforce.core import pdf
from techforce.core.calendar import today
from techforce.core.mail.mailer import send_due
from tests.applicants.filling import Person, at, draft
from tests.factories.accounts import opm_staff
from tests.factories.applicants import ApplicantFactory
from tests.placements.agency_room import MANAGER, desk, first_entry, referred
from tests.techforce.desk import Desk
from tests.techforce.test_own_data import downloaded, person_at

pytestmark = [pytest.mark.django_db, pytest.mark.shared_data]

LAST_LATIN = "\u024f"


@pytest.fixture
def values(shared_data: Path) -> list[str]:
    """Those of one line, as a field of one line holds them; a line break is refused (test_apply_answers.py)."""
    rows = json.loads((shared_data / "people_places" / "tricky_values.json").read_text())
    return [row["value"].strip() for row in rows if "\n" not in row["value"]]


def shown(answer: Any, value: str) -> bool:
    """As text, neither as markup nor worked out."""
    assert answer.status_code == 200
    return html.escape(value) in answer.content.decode()


def filled_with(application: Application, value: str) -> Person:
    """Through the forms of every step that takes words."""
    person = Person(application.applicant.user)
    person.fill(at(application, "contact"), legal_name=value)
    person.fill(at(application, "experience"), summary=value, job0_title=value, job0_employer=value)
    person.fill(at(application, "skills"), others=value)
    person.fill(at(application, "preferences"), places=value)
    person.fill(at(application, "employers"), now=value)
    return person


def test_through_every_step_the_review_the_receipt_and_the_download(values: list[str]) -> None:
    for value in values:
        application = draft()
        person = filled_with(application, value)
        assert shown(person.get(at(application, "review")), value), value
        application.refresh_from_db()
        submit_application(application=application, by=application.applicant.user)
        assert shown(person.get(at(application, "review")), value), value
        assert person.get(at(application, "receipt")).status_code == 200
        exported = downloaded(person_at(application.applicant.user)).decode()
        assert exported.count(json.dumps(value, ensure_ascii=False)) >= 4, value


@pytest.mark.skipif(not pdf.is_available(), reason="libpango is not on this machine")
def test_in_the_receipt_as_a_pdf(values: list[str]) -> None:
    """Every value makes a file; those in Latin letters are read in it, whatever fonts the machine has."""
    read = []
    for value in values:
        application = draft(applicant=ApplicantFactory(legal_name=value))
        submit_application(application=application, by=application.applicant.user)
        answer = Person(application.applicant.user).get(f"/apply/{application.public_id}/receipt.pdf")
        pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
        text = "".join("".join(page.extract_text() for page in pages).split())
        if max(value) <= LAST_LATIN:
            assert "".join(value.split()) in text, value
            read.append(value)
    assert len(read) >= 12


def test_in_mails(values: list[str]) -> None:
    for number, value in enumerate(values):
        administrator = opm_staff(OpmRole.ADMINISTRATOR, full_name=value)
        address = f"invited-{number}@opm.example"
        invited = OpmMembership(role=OpmRole.AUDITOR, invited_email=address, starts_on=today())
        invite(membership=invited, by=administrator)
    while send_due():
        pass
    for number, value in enumerate(values):
        (message,) = [one for one in mail.outbox if one.to == [f"invited-{number}@opm.example"]]
        assert f"{value} invites you" in " ".join(message.body.split()) or "  " in value, value
        assert html.escape(value) in str(message.alternatives[0][0]), value


def test_on_the_pages_of_agencies_and_staff(values: list[str]) -> None:
    referral = referred()
    applicant = first_entry(referral).application.applicant
    office, staff = desk(MANAGER, referral.opening), Desk(opm_staff(OpmRole.CASE_MANAGER))
    for value in values:
        type(applicant).objects.filter(pk=applicant.pk).update(legal_name=value)
        assert shown(office.get("/agency/candidates/"), value), value
        assert shown(staff.get(f"/admin/applicants/applicant/{applicant.pk}/change/"), value), value
