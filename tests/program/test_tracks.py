"""What a track means is data with a date; what was submitted keeps the meaning under which it came."""

import datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction

from applicants.services import submit_application
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from techforce.core.seeding import run_seeders
from techforce.program.models import TrackDefinition
from techforce.program.workflow import Track
from tests.applicants.filling import Person, at, draft, saved, words
from tests.factories.accounts import opm_staff
from tests.factories.program import CohortFactory, TrackDefinitionFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
LONG_AGO = datetime.date(2025, 12, 15)


def test_the_later_one_counts_from_its_day_and_one_for_the_cohort_before_one_for_all() -> None:
    cohort, other = CohortFactory(), CohortFactory()
    first = TrackDefinitionFactory(effective_on=LONG_AGO)
    later = TrackDefinitionFactory(effective_on=LONG_AGO + 30 * DAY)
    own = TrackDefinitionFactory(effective_on=LONG_AGO + 10 * DAY, cohort=cohort)

    def meant(where: object, days: int) -> object:
        return TrackDefinition.objects.in_force(where, LONG_AGO + days * DAY).get("early_career")

    assert [meant(other, days) for days in (-1, 0, 29, 30)] == [None, first, first, later]
    assert [meant(cohort, days) for days in (9, 10, 30)] == [first, own, own]


def test_a_definition_is_never_changed_or_said_twice() -> None:
    row = TrackDefinitionFactory()

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        TrackDefinition.objects.filter(pk=row.pk).update(text="Something else.")
    with pytest.raises(IntegrityError, match="one_definition_a_day"), transaction.atomic():
        TrackDefinitionFactory(effective_on=row.effective_on)


def test_the_form_says_what_counts_today() -> None:
    application = draft()
    TrackDefinitionFactory(effective_on=today(), text="People who build bridges.")
    TrackDefinitionFactory(effective_on=today() + DAY, text="People who build tunnels.")

    page = words(Person(application.applicant.user).get(at(application, "disciplines")))

    assert "People who build bridges." in page
    assert "tunnels" not in page


def test_a_submission_keeps_its_definition_and_the_next_takes_the_new_one() -> None:
    old = TrackDefinitionFactory(effective_on=today())
    application = draft()
    submit_application(application=application, by=application.applicant.user)
    new = TrackDefinitionFactory(effective_on=today() + DAY)

    with time_machine.travel(datetime.datetime.now(datetime.UTC) + 2 * DAY):
        saved(application, "preferences", places="Denver")

    frozen = application.snapshots.order_by("sequence").values_list("track_definition", flat=True)
    assert list(frozen) == [old.pk, new.pk]


def test_the_seed_defines_every_track_and_changes_nothing_the_second_time() -> None:
    list(run_seeders())
    before = TrackDefinition.objects.count()
    list(run_seeders())

    assert set(TrackDefinition.objects.in_force(None, today())) == set(Track.values)
    assert TrackDefinition.objects.count() == before


def test_the_program_office_adds_a_definition_and_nobody_edits_one() -> None:
    desk = Desk(opm_staff(OpmRole.PROGRAM_MANAGER))
    answers = {
        "track": "experienced",
        "effective_on": f"{today() + DAY:%Y-%m-%d}",
        "text": "People who lead teams.",
        "authority": "Memo of today",
    }

    desk.post("/admin/program/trackdefinition/add/", answers)

    row = TrackDefinition.objects.get()
    page = f"/admin/program/trackdefinition/{row.pk}/change/"
    assert desk.post(page, answers | {"text": "Others."}).status_code == 403
    row.refresh_from_db()
    assert row.text == "People who lead teams."
    assert Desk(opm_staff(OpmRole.REVIEWER)).get("/admin/program/trackdefinition/add/").status_code == 403
