"""Writing an opening: what is saved, what is refused, and that no answer is lost."""

import datetime
from typing import Any

import pytest

from agencies.models import AgencyRole, Opening
from agencies.services import (
    allow_pay_outside_band,
    edit_opening,
    submit_opening,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.models import AuditEvent
from tests.agencies.opening_forms import page_of, save, shown, text
from tests.factories.agencies import (
    OfficeFactory,
    agency_member,
)
from tests.factories.program import (
    CohortDisciplineFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    VettingTierFactory,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


def test_what_was_written_is_saved_with_places_dates_and_duties(draft: Opening, hr: User, desk: Desk) -> None:
    last_day = today() + datetime.timedelta(days=40)
    answer = save(
        desk,
        draft,
        pay_low="$150,000",
        pay_high="170,000",
        places="Austin, TX\n  New   York, ny \n",
        closes_on=last_day.isoformat(),
        duty_flags=["has_vendor_direction", "has_budget_ownership"],
        duties="Write.\r\nRead.",
    )
    assert answer.headers["Location"] == page_of(draft)
    draft.refresh_from_db()
    assert (draft.pay_low, draft.pay_high, draft.duties) == (150_000, 170_000, "Write.\nRead.")
    assert sorted(map(str, draft.places.all())) == ["Austin, TX", "New York, NY"]
    assert draft.duty_flags == {"has_vendor_direction", "has_budget_ownership"}
    assert not draft.has_no_vendor_duties
    assert f"{last_day:%B} {last_day.day}, {last_day.year}, 11:59" in text(desk.get(page_of(draft)))
    assert AuditEvent.objects.about(draft).get().actor == hr


def test_saving_without_changing_anything_changes_nothing(draft: Opening, desk: Desk) -> None:
    before = Opening.objects.filter(pk=draft.pk).values().get()
    save(desk, draft)
    assert Opening.objects.filter(pk=draft.pk).values().get() == before
    assert not AuditEvent.objects.about(draft).exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"pay_low": "much"}, "Enter a whole number."),
        ({"pay_low": "180,000", "pay_high": "150,000"}, "The lowest pay is above the highest."),
        ({"pay_low": "90,000", "pay_high": "99,000"}, "outside the cohort's band of $135,000 to $195,000"),
        ({"grade_low": "14", "grade_high": ""}, "Enter both grades, or neither."),
        ({"grade_low": "15", "grade_high": "13"}, "the lowest first"),
        ({"pay_plan": "g"}, "A pay plan has two letters"),
        ({"term_months": "30"}, "A term in this cohort has 1 to 24 months."),
        ({"seats": "0"}, "greater than or equal to 1"),
        ({"places": "Somewhere"}, "is not a city and the two letters of its state"),
        ({"opens_on": "2030-02-01", "closes_on": "2030-01-01"}, "The opening closes before it opens."),
        ({"closes_on": "soon"}, "Enter a valid date."),
        ({"travel_percent": "101"}, "less than or equal to 100"),
        ({"duty_flags": ["has_budget_ownership", "has_no_vendor_duties"]}, "Either some of these"),
        ({"title": ""}, "Fill this in."),
    ],
)
def test_wrong_input_is_refused_by_a_sentence_and_the_answers_are_kept(
    typed: dict[str, Any], sentence: str, draft: Opening, desk: Desk
) -> None:
    answer = save(desk, draft, **{"summary": "Just typed.", **typed})
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert sentence in page
    assert "Just typed." in page
    draft.refresh_from_db()
    assert draft.summary == "Build services for the public."


def test_a_national_security_tier_goes_with_a_sensitive_position(draft: Opening, desk: Desk) -> None:
    tier, sensitivity = VettingTierFactory(code="NS-S"), SensitivityFactory(code="nonsensitive")
    answer = save(desk, draft, vetting_tier=tier.pk, sensitivity=sensitivity.pk)
    assert answer.status_code == 422
    assert "do not go together" in text(answer)


def test_pay_outside_the_band_waits_as_a_draft_for_an_exception(draft: Opening, desk: Desk) -> None:
    save(desk, draft, pay_low="100,000", pay_high="120,000", asks_exception="on")
    draft.refresh_from_db()
    assert draft.pay_low == 100_000
    assert "outside the cohort's band of $135,000 to $195,000 and has no exception" in text(
        desk.get(page_of(draft))
    )
    assert desk.post(page_of(draft, "submit/")).status_code == 422


def test_an_exception_from_the_band_ends_with_the_range_that_it_named(
    draft: Opening, hr: User, opm: User
) -> None:
    Opening.objects.filter(pk=draft.pk).update(pay_low=100_000, pay_high=120_000)
    allow_pay_outside_band(opening=draft, authority="5 CFR 302.103", reason="A low locality.", by=opm)
    edit_opening(opening=draft, version=2, values={"pay_low": 90_000}, places=[], by=hr)
    draft.refresh_from_db()
    assert (draft.pay_low, draft.band_exception) == (90_000, None)


def test_two_people_do_not_overwrite_each_others_places(draft: Opening, hr: User) -> None:
    edit_opening(opening=draft, version=1, values={}, places=[("Austin", "TX")], by=hr)
    with pytest.raises(Conflict):
        edit_opening(opening=draft, version=1, values={}, places=[("Boston", "MA")], by=hr)
    assert [str(place) for place in draft.places.all()] == ["Austin, TX"]


def test_a_second_writer_sees_both_versions_and_decides(draft: Opening, hr: User, desk: Desk) -> None:
    typed = {**shown(desk, draft), "title": "Typed here"}
    edit_opening(opening=draft, version=1, values={"title": "Saved elsewhere"}, places=[], by=hr)

    answer = desk.post(page_of(draft, "edit/"), typed)
    page = text(answer)
    assert answer.status_code == 409
    assert "Saved elsewhere" in page
    assert 'value="Typed here"' in page

    desk.post(page_of(draft, "edit/"), {**typed, "version": answer.context["form"]["version"].value()})
    draft.refresh_from_db()
    assert (draft.title, draft.version) == ("Typed here", 3)


def test_only_disciplines_of_the_cohort_and_series_in_use_are_offered(draft: Opening, desk: Desk) -> None:
    CohortDisciplineFactory(cohort=draft.cohort, discipline__code="data", discipline__name="Data science")
    CohortDisciplineFactory(discipline__code="law", discipline__name="Law")
    OccupationalSeriesFactory(code="0905", title="General Attorney", is_active=False)
    page = text(desk.get(page_of(draft, "edit/")))
    assert "Data science" in page
    assert "Law</option>" not in page
    assert "General Attorney" not in page


def test_what_an_import_could_not_take_over_is_shown(draft: Opening, desk: Desk) -> None:
    Opening.objects.filter(pk=draft.pk).update(import_note="Read in from 123.\n- Pay: outside the band")
    for part in ("", "edit/"):
        assert "Pay: outside the band" in text(desk.get(page_of(draft, part)))


def test_a_submitted_opening_is_not_edited(draft: Opening, hr: User, desk: Desk) -> None:
    typed = shown(desk, draft)
    submit_opening(opening=draft, by=hr)
    answer = desk.post(page_of(draft, "edit/"), typed, follow=True)
    assert "Only a draft can be edited." in text(answer)
    with pytest.raises(Refused, match="Only a draft"):
        edit_opening(opening=draft, version=2, values={"title": "Mine"}, places=[], by=hr)


def test_the_service_keeps_an_opening_in_its_agency_and_its_office(draft: Opening, hr: User) -> None:
    next_door = OfficeFactory(agency=draft.agency)
    of_one_office = agency_member(AgencyRole.HIRING_MANAGER, agency=draft.agency, office=draft.office)
    with pytest.raises(Refused, match="another agency"):
        edit_opening(opening=draft, version=1, values={"office": OfficeFactory()}, places=[], by=hr)
    with pytest.raises(NotPermitted):
        edit_opening(opening=draft, version=1, values={"office": next_door}, places=[], by=of_one_office)
    with pytest.raises(Conflict):
        edit_opening(opening=draft, version=9, values={"title": "Late"}, places=[], by=hr)
