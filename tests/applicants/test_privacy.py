"""What is given out, what is destroyed, what stays because it is a record."""

import json

import pytest

from applicants.models import Applicant, Application
from techforce.accounts.models import OpmRole
from techforce.core import privacy
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import LegalHold
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import (
    ApplicantFactory,
    ApplicationFactory,
    DocumentFactory,
    OpeningInterestFactory,
    RatingFactory,
    SnapshotFactory,
    SubmittedApplicationFactory,
)

pytestmark = pytest.mark.django_db

CANARY = "canary-7c1d"


def test_a_person_gets_all_that_they_gave_and_no_raters_notes() -> None:
    application = SubmittedApplicationFactory(answers={"experience": CANARY})
    SnapshotFactory(application=application)
    RatingFactory(application=application, notes="secret opinion")

    given = json.dumps(privacy.export_person(application.applicant.user), default=str)

    assert given.count(CANARY) == 1
    assert "Five years of software." in given
    assert "secret opinion" not in given


def test_a_draft_goes_at_once_with_all_that_hangs_on_it() -> None:
    draft = ApplicationFactory()
    DocumentFactory(application=draft)
    OpeningInterestFactory(application=draft)

    privacy.erase_person(draft.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    assert not Application.objects.exists()
    assert not Applicant.objects.exists()


def test_a_submitted_application_is_a_record_and_stays() -> None:
    application = SubmittedApplicationFactory()

    privacy.erase_person(application.applicant.user, by=opm_staff(OpmRole.RECORDS_OFFICER))

    assert Application.objects.get() == application


def test_a_legal_hold_stops_destruction() -> None:
    draft, officer = ApplicationFactory(), opm_staff(OpmRole.RECORDS_OFFICER)
    LegalHold.objects.create(
        matter="EEO 2027-1",
        subject_type="applicants.application",
        subject_id=draft.pk,
        starts_on=today(),
        placed_by=officer,
    )

    with pytest.raises(Refused, match="legal hold"):
        privacy.erase_person(draft.applicant.user, by=officer)
    assert Application.objects.filter(pk=draft.pk).exists()


def test_a_person_moves_to_another_of_their_accounts_but_two_people_never_merge() -> None:
    applicant, new = ApplicantFactory(), UserFactory()
    holding = next(holding for holding in privacy.holdings() if holding.label == "applicants")

    holding.repoint(applicant.user, new)
    assert Applicant.objects.get().user == new

    with pytest.raises(Refused):
        holding.repoint(new, ApplicantFactory().user)
