"""Staff read plain words for the day on which a reminder goes out."""

from typing import Any

import pytest

from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.placements.people import words_of
from tests.techforce.desk import Desk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "factory"),
    [
        ("checklistitem", made.ChecklistItemFactory),
        ("offer", made.SentOfferFactory),
        ("startexception", made.StartExceptionFactory),
        ("trainingenrollment", made.TrainingEnrollmentFactory),
    ],
)
def test_the_day_of_the_reminder_has_a_plain_name(name: str, factory: Any) -> None:
    seat = Desk(opm_staff("case_manager", "program_manager", "records_officer"))
    answer = seat.get(f"/admin/placements/{name}/{factory().pk}/change/")
    page = words_of(answer)
    assert answer.status_code == 200
    assert "Reminder by" in page
    assert "Nudge" not in page
