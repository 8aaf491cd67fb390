"""What becomes of each part of an announcement: taken over, or left empty and named in the note."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError

from agencies.models import AgencyRole, Opening
from agencies.services import submit_opening
from techforce.core.errors import TransitionRefused
from techforce.core.models import AuditEvent
from techforce.program.models import Cohort
from tests.agencies.conftest import ImportRecords
from tests.agencies.usajobs_samples import OF_2016, PRESENT, record
from tests.factories.agencies import OpeningFactory, PublishedOpeningFactory, agency_member

pytestmark = pytest.mark.django_db


def test_an_announcement_in_the_present_form_becomes_a_draft(import_records: ImportRecords) -> None:
    import_records(PRESENT)

    draft = Opening.objects.get(control_number="900100200")
    assert (draft.status, draft.title, draft.agency.code) == ("draft", "IT Specialist (APPSW)", "TR93")
    assert draft.office.name == "Office of Online Services"
    assert (draft.series.code, draft.pay_plan, draft.grade_low, draft.grade_high) == ("2210", "GS", 13, 14)
    assert (draft.pay_low, draft.pay_high) == (Decimal(134751), Decimal(191900))
    assert [str(place) for place in draft.places.all()] == ["Washington, DC", "Boise, ID"]
    assert (draft.vetting_tier.code, draft.sensitivity.code) == ("M", "nonsensitive")
    assert (draft.seats, draft.travel_percent, draft.is_telework_eligible) == (3, 25, True)
    assert draft.duties == "Write software.\n\nRun it."
    assert draft.requirements == "U.S. citizens only.\n\nOne year of building services & running them."
    assert AuditEvent.objects.about(draft).get().action == "agencies.opening:imported"


def test_a_deadline_lasts_to_the_end_of_its_day_in_eastern_time(import_records: ImportRecords) -> None:
    import_records(PRESENT)

    draft = Opening.objects.get()
    assert draft.opens_at == datetime.datetime(2090, 6, 4, 4, tzinfo=datetime.UTC)
    assert draft.closes_at == datetime.datetime(2090, 6, 13, 4, tzinfo=datetime.UTC)


def test_an_announcement_of_2016_becomes_a_draft_whose_note_names_what_is_empty(
    import_records: ImportRecords,
) -> None:
    report = import_records(OF_2016)

    draft = Opening.objects.get()
    assert report.created == ["420000100"]
    assert (draft.agency.code, draft.series.code, draft.office.name) == (
        "CM63",
        "1550",
        "U.S. Census Bureau",
    )
    assert [str(place) for place in draft.places.all()] == ["Suitland, MD"]
    assert (draft.pay_low, draft.opens_at, draft.closes_at, draft.vetting_tier) == (None, None, None, None)
    assert "Pay: outside the pay band of the cohort ($77,490 to $119,794)" in draft.import_note
    assert "Dates: the closing date has gone by (2016-03-01 to 2016-03-15)" in draft.import_note
    assert "Vetting tier: the announcement does not say" in draft.import_note
    assert "To fill in before submitting: discipline, lowest pay" in draft.import_note


def test_pay_of_2016_that_reaches_into_the_band_is_kept(
    import_records: ImportRecords, cohort: Cohort
) -> None:
    Cohort.objects.filter(pk=cohort.pk).update(pay_min=100_000)

    import_records(OF_2016)

    assert Opening.objects.values_list("pay_low", "pay_high").get() == (Decimal(77490), Decimal(119794))


@pytest.mark.parametrize(
    ("rates", "note"),
    [
        ([], "Pay: the announcement does not say"),
        ("none", "Pay: the announcement does not say"),
        (
            [{"MinimumRange": "19.81", "MaximumRange": "41.13", "RateIntervalCode": "Per Hour"}],
            "Pay: not a yearly rate (19.81 to 41.13 Per Hour)",
        ),
        (
            [{"MinimumRange": "19.81", "MaximumRange": "41.13", "RateIntervalCode": "PH"}],
            "Pay: not a yearly rate (19.81 to 41.13 PH)",
        ),
        (
            [{"MinimumRange": "", "MaximumRange": "150000", "RateIntervalCode": "PA"}],
            "Pay: not a range of dollars (? to 150000 PA)",
        ),
        (
            [{"MinimumRange": "180000", "MaximumRange": "150000", "RateIntervalCode": "PA"}],
            "Pay: not a range of dollars (180000 to 150000 PA)",
        ),
        (
            [{"MinimumRange": "1e9", "MaximumRange": "1500000000", "RateIntervalCode": "PA"}],
            "Pay: not a range of dollars (1e9 to 1500000000 PA)",
        ),
    ],
)
def test_pay_that_does_not_fit_is_left_empty_and_named(
    import_records: ImportRecords, rates: Any, note: str
) -> None:
    import_records(record(PositionRemuneration=rates))

    draft = Opening.objects.get()
    assert (draft.pay_low, draft.pay_high) == (None, None)
    assert f"- {note}\n" in draft.import_note


def test_several_yearly_rates_become_one_range(import_records: ImportRecords) -> None:
    rates = [
        {"MinimumRange": 134751.5, "MaximumRange": "150,000", "RateIntervalCode": "PA"},
        {"MinimumRange": "$140000", "MaximumRange": 180000, "RateIntervalCode": "Per Year"},
        {"MinimumRange": "20", "MaximumRange": "30", "RateIntervalCode": "PH"},
    ]

    import_records(record(PositionRemuneration=rates))

    assert Opening.objects.values_list("pay_low", "pay_high").get() == (Decimal(134752), Decimal(180000))


@pytest.mark.parametrize(
    ("location", "is_remote", "note"),
    [
        ({"LocationName": "Anywhere in the U.S. (remote job)", "CountryCode": "United States"}, True, ""),
        (
            {"LocationName": "Stuttgart, Germany", "CountryCode": "Germany", "CountrySubDivisionCode": "N/A"},
            False,
            "Places of work: not a city in a state (Stuttgart, Germany)",
        ),
        (
            {"LocationName": "Location Negotiable After Selection, United States", "CountryCode": "US"},
            False,
            "(Location Negotiable After Selection, United States)",
        ),
    ],
)
def test_what_is_no_city_is_no_place_of_work(
    import_records: ImportRecords, location: dict[str, str], is_remote: bool, note: str
) -> None:
    import_records(record(PositionLocation=[location]))

    draft = Opening.objects.get()
    assert not draft.places.exists()
    assert draft.is_remote is is_remote
    assert note in draft.import_note
    assert ("Places of work" in draft.import_note) is not is_remote


def test_a_remote_opening_keeps_its_places_and_a_place_counts_once(import_records: ImportRecords) -> None:
    place = {"LocationName": " Boise, Idaho", "CountryCode": "United States", "CountrySubDivisionCode": "ID"}

    import_records(
        record(PositionLocation=[place, {**place, "LocationName": "Boise, Idaho"}], RemoteIndicator="True")
    )

    draft = Opening.objects.get()
    assert draft.is_remote
    assert [str(place) for place in draft.places.all()] == ["Boise, ID"]


@pytest.mark.parametrize(
    ("designation", "clearance", "tier"),
    [
        ("Noncritical-Sensitive (NCS)/Moderate Risk", "Secret", "NS-S"),
        ("Critical-Sensitive (CS)/High Risk", "Top Secret", "NS-TS"),
        ("Non-sensitive (NS)/Moderate Risk", "", "M"),
        ("Noncritical-Sensitive (NCS)/High Risk", "Secret", None),
        ("Noncritical-Sensitive (NCS)/Moderate Risk", "Top Secret", None),
        ("Moderate Risk (MR)", "Secret", None),
        ("Moderate Risk (MR)", "Cosmic", None),
        ("", "Secret", None),
    ],
)
def test_the_vetting_tier_is_taken_only_when_it_is_certain(
    import_records: ImportRecords, designation: str, clearance: str, tier: str | None
) -> None:
    import_records(record(PositionSensitivitiy=designation, SecurityClearance=clearance))

    draft = Opening.objects.get()
    assert (draft.vetting_tier.code if draft.vetting_tier else None) == tier
    assert (draft.sensitivity is None) is (tier is None)
    assert ("Vetting tier" in draft.import_note) is (tier is None)


@pytest.mark.parametrize(
    ("changes", "column", "note"),
    [
        (
            {"LowGrade": "00", "HighGrade": "00"},
            "grade_low",
            "Grades: not a range of grades from 1 to 15 (00 to 00)",
        ),
        ({"LowGrade": "14", "HighGrade": "13"}, "grade_high", "Grades: not a range"),
        (
            {"JobCategory": [{"Code": "2200"}]},
            "series",
            "Series: not a series that the program offers (2200)",
        ),
        (
            {"JobCategory": [{"Code": "0610"}]},
            "series",
            "Series: not a series that the program offers (0610)",
        ),
        ({"JobGrade": []}, "pay_plan", "Pay plan: the announcement does not say"),
        ({"JobGrade": [{"Code": "G1"}]}, "pay_plan", "Pay plan: not a pay plan of two letters (G1)"),
        ({"ApplicationCloseDate": "soon"}, "closes_at", "Dates: not two dates in order"),
        ({"ApplicationCloseDate": "2090-06-01"}, "opens_at", "Dates: not two dates in order"),
        ({"MajorDuties": None}, "duties", "Duties: the announcement does not say"),
        ({"Evaluations": "<p> </p>"}, "evaluation", "How we evaluate you: the announcement does not say"),
    ],
)
def test_a_part_that_does_not_fit_is_left_empty_and_named(
    import_records: ImportRecords, changes: dict[str, Any], column: str, note: str
) -> None:
    import_records(record(**changes))

    draft = Opening.objects.get()
    assert getattr(draft, column) in (None, "")
    assert note in draft.import_note


def test_a_draft_without_a_pay_plan_cannot_be_submitted() -> None:
    opening = OpeningFactory(pay_plan="")
    official = agency_member(AgencyRole.APPROVING_OFFICIAL, agency=opening.agency)

    with pytest.raises(TransitionRefused, match=r"Still missing: pay plan\."):
        submit_opening(opening=opening, by=official)
    with pytest.raises(IntegrityError, match="opening_pay_plan_form"):
        Opening.objects.filter(pk=PublishedOpeningFactory().pk).update(pay_plan="")


def test_of_several_series_the_first_that_the_program_offers_is_taken(import_records: ImportRecords) -> None:
    import_records(record(JobCategory=[{"Code": "0855"}, {"Code": "1550"}, {"Code": "2210"}]))

    draft = Opening.objects.get()
    assert draft.series.code == "1550"
    assert "(0855, 1550, 2210)" in draft.import_note


def test_values_of_other_types_leave_their_parts_empty(import_records: ImportRecords) -> None:
    deep: Any = "bottom"
    for _level in range(200):
        deep = [deep]
    body = PRESENT["MatchedObjectDescriptor"]
    names = [name for name in body if name not in ("PositionTitle", "OrganizationName", "UserArea")]

    report = import_records(
        record(number="1", **dict.fromkeys(names, deep)),
        record(number="2", **{name: {"a": 1} for name in names}),
        record(number="3", **dict.fromkeys(body["UserArea"]["Details"], deep)),
        record(number="4", UserArea=deep),
    )

    assert report.created == ["1", "2", "3", "4"]


def test_markup_and_what_a_database_cannot_hold_are_taken_out(import_records: ImportRecords) -> None:
    summary = (
        "a\x00b\ud800c<script>alert(1)</script><ul><li>one</li><li>two &lt; three</li></ul><![odd GS < 5"
    )

    import_records(record(PositionTitle="IT\x00 Specialist\n(AI)", JobSummary=summary))

    draft = Opening.objects.get()
    assert draft.title == "IT Specialist (AI)"
    assert draft.summary == "a b c\n\n- one\n- two < three\n<![odd GS < 5"


def test_a_title_that_is_too_long_is_cut_and_named(import_records: ImportRecords) -> None:
    import_records(record(PositionTitle="IT " * 80))

    draft = Opening.objects.get()
    assert len(draft.title) <= 160
    assert "Title: too long" in draft.import_note
