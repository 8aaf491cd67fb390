"""An agency's pages of its openings: who sees them, what they refuse, what they say."""

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.models import AgencyRole, Office, Opening, OpeningPlace, OpeningRevision
from agencies.services import (
    allow_pay_outside_band,
    edit_opening,
    propose_revision,
    publish_opening,
    return_opening,
    submit_opening,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.models import AuditEvent, OutboxMessage
from tests.accounts.visitor import mails_to
from tests.agencies.opening_forms import PAGE, filled, page_of, save, shown
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import (
    AgencyMembershipFactory,
    AgencyParticipationFactory,
    OfficeFactory,
    OfficePartnerRelationshipFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    RelationshipReaderFactory,
    agency_member,
)
from tests.factories.program import (
    CohortDisciplineFactory,
    CohortFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    VettingTierFactory,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

WRITERS = (AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
READERS = (
    AgencyRole.SUPERVISOR,
    AgencyRole.SECURITY_OFFICER,
    AgencyRole.ETHICS_OFFICIAL,
    AgencyRole.VIEWER,
)


@pytest.fixture
def office() -> Office:
    return OfficeFactory(name="Office of Digital Services")


@pytest.fixture
def hr(office: Office) -> User:
    return agency_member(AgencyRole.HR_SPECIALIST, agency=office.agency)


@pytest.fixture
def desk(hr: User) -> Desk:
    return Desk(hr)


@pytest.fixture
def draft(office: Office) -> Opening:
    opening = OpeningFactory(office=office, title="Data Scientist", seats=2)
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort)
    return opening


@pytest.fixture
def published(office: Office) -> Opening:
    return PublishedOpeningFactory(office=office, title="Software Engineer")


@pytest.fixture
def opm() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


def people(office: Office, roles: Any) -> list[Desk]:
    return [Desk(agency_member(role, agency=office.agency)) for role in roles]


# ── Who sees them ─────────────────────────────────────────────────────────────────────────────────
def test_members_read_the_openings_of_their_agency_with_state_next_step_and_seats(
    draft: Opening, published: Opening, desk: Desk
) -> None:
    OpeningFactory(title="Of another agency")
    page = text(desk.get(PAGE))
    assert "Data Scientist" in page
    assert "Complete it and submit it to OPM." in page
    assert "0 of 2 filled" in page
    assert "People mark it until the last day." in page
    assert "Of another agency" not in page


def test_a_member_of_one_office_reads_that_office_only(draft: Opening) -> None:
    other = OpeningFactory(office=OfficeFactory(agency=draft.agency), title="Next door")
    desk = Desk(agency_member(AgencyRole.HIRING_MANAGER, agency=draft.agency, office=draft.office))
    assert "Next door" not in text(desk.get(PAGE))
    assert desk.get(page_of(draft)).status_code == 200
    assert desk.get(page_of(other)).status_code == 404


@pytest.mark.parametrize("part", ["", "edit/", "change/", "submit/"])
def test_strangers_find_nothing(part: str, draft: Opening, published: Opening, opm: User) -> None:
    for stranger in (UserFactory(), agency_member(), opm):
        desk = Desk(stranger)
        for opening in (draft, published):
            assert desk.get(page_of(opening, part)).status_code == 404
            assert desk.post(page_of(opening, part)).status_code == (404 if part else 405)


def test_the_menu_marks_the_section_that_one_reads(draft: Opening, desk: Desk) -> None:
    marked = re.findall(r'aria-current="true">([^<]+)</a>', text(desk.get(page_of(draft))))
    assert marked == ["Your openings"]


def test_whoever_acts_for_no_agency_has_no_list() -> None:
    desk = Desk(UserFactory())
    assert desk.get(PAGE).status_code == 404
    assert desk.get(PAGE + "new/").status_code == 404
    assert "Your openings" not in text(desk.get("/"))


def test_writers_are_offered_to_write_and_readers_only_read(office: Office, draft: Opening) -> None:
    for desk in people(office, WRITERS):
        assert "Your openings" in text(desk.get("/"))
        assert "New opening" in text(desk.get(PAGE))
        assert "Edit the draft" in text(desk.get(page_of(draft)))
    for desk in people(office, READERS):
        assert "Your openings</a>" not in text(desk.get("/"))
        assert "New opening" not in text(desk.get(PAGE))
        assert "Edit the draft" not in text(desk.get(page_of(draft)))
        assert desk.get(PAGE + "new/").status_code == 404
        assert desk.get(page_of(draft, "edit/")).status_code == 403
        assert desk.post(page_of(draft, "submit/")).status_code == 404


def test_a_hiring_manager_writes_and_leaves_submitting_to_others(office: Office, draft: Opening) -> None:
    (desk,) = people(office, [AgencyRole.HIRING_MANAGER])
    page = text(desk.get(page_of(draft)))
    assert "An HR specialist or an approving official of your agency submits it." in page
    assert "Submit for approval" not in page
    assert desk.post(page_of(draft, "submit/")).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("part", ["submit", "pause", "resume", "close", "withdraw-change", "cut-seats"])
def test_whoever_may_not_act_finds_no_such_button_whatever_they_send(
    office: Office, published: Opening, part: str, method: str
) -> None:
    readers = [*READERS, AgencyRole.HIRING_MANAGER] if part != "withdraw-change" else READERS
    for desk in people(office, readers):
        for typed in ({}, {"seats": "x"}, {"seats": "1"}):
            assert getattr(desk, method)(page_of(published, f"{part}/"), typed).status_code == 404
    published.refresh_from_db()
    assert published.status == "published"


def test_whoever_may_act_is_told_what_is_wrong_with_the_answer(published: Opening, desk: Desk) -> None:
    assert desk.post(page_of(published, "cut-seats/"), {"seats": "x"}).status_code == 422
    assert desk.get(page_of(published, "cut-seats/")).status_code == 302


def test_what_an_office_may_not_tell_everybody_stays_with_its_named_readers(
    draft: Opening, office: Office, desk: Desk
) -> None:
    OfficePartnerRelationshipFactory(office=office, company__name="Open Contract Inc.")
    RelationshipReaderFactory(relationship__office=office, relationship__company__name="Secret Bidder Inc.")
    page = text(desk.get(page_of(draft)))
    assert "Open Contract Inc.: Prime contract" in page
    assert "Secret Bidder Inc." not in page


@pytest.mark.parametrize("path", ["list", "one"])
def test_a_page_costs_the_same_with_one_row_and_with_three(
    path: str, draft: Opening, office: Office, desk: Desk
) -> None:
    address = page_of(draft) if path == "one" else PAGE
    OpeningPlace.objects.create(opening=draft, city="Austin", state="TX")
    relationship = OfficePartnerRelationshipFactory(office=office)
    desk.get(address)

    with CaptureQueriesContext(
        connection,
    ) as one:
        desk.get(address)
    for city in ("Boston", "Chicago"):
        OpeningPlace.objects.create(opening=draft, city=city, state="IL")
        OfficePartnerRelationshipFactory(office=office, kind=relationship.kind)
        PublishedOpeningFactory(office=office, cohort=draft.cohort)
    with CaptureQueriesContext(connection) as three:
        desk.get(address)

    assert len(three) == len(one)


# ── Beginning one ─────────────────────────────────────────────────────────────────────────────────
def test_a_draft_begins_with_a_title_an_office_and_a_cohort(office: Office, hr: User, desk: Desk) -> None:
    cohort = CohortFactory(term_months=18)
    answer = desk.post(PAGE + "new/", {"title": "Engineer", "office": office.pk, "cohort": cohort.pk})
    opening = Opening.objects.get()
    assert answer.headers["Location"] == page_of(opening, "edit/")
    assert (opening.status, opening.agency, opening.term_months) == ("draft", office.agency, 18)
    event = AuditEvent.objects.about(opening).get()
    assert (event.action, event.actor) == ("agencies.opening:create", hr)


def test_nobody_writes_for_an_office_of_others(office: Office, desk: Desk) -> None:
    foreign = OfficeFactory()
    answer = desk.post(
        PAGE + "new/", {"title": "Engineer", "office": foreign.pk, "cohort": CohortFactory().pk}
    )
    assert answer.status_code == 422
    assert "Select a valid choice" in text(answer)
    assert 'value="Engineer"' in text(answer)
    assert not Opening.objects.exists()


def test_a_cohort_whose_people_serve_takes_no_new_opening(office: Office, desk: Desk) -> None:
    CohortFactory(name="Long ago", status="serving")
    CohortFactory(name="Next spring")
    page = text(desk.get(PAGE + "new/"))
    assert "Next spring" in page
    assert "Long ago" not in page


# ── Writing it ────────────────────────────────────────────────────────────────────────────────────
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
        ({"title": ""}, "This field is required."),
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


# ── Submitting, and what OPM answers ──────────────────────────────────────────────────────────────
def test_submitting_names_everything_that_is_missing(draft: Opening, desk: Desk) -> None:
    draft.agency.participations.update(is_funding_confirmed=False)
    Opening.objects.filter(pk=draft.pk).update(
        summary="",
        discipline=None,
        has_no_vendor_duties=False,
        pay_low=90_000,
        pay_high=99_000,
        closes_at=timezone.now() - datetime.timedelta(minutes=1),
    )
    answer = desk.post(page_of(draft, "submit/"))
    page = text(answer)
    assert answer.status_code == 422
    assert "Still missing: discipline, summary, what the duties touch." in page
    assert "outside the cohort's band" in page
    assert "The closing date has gone by." in page
    assert "has not yet confirmed its funding" in page


def test_submitted_returned_changed_and_published(draft: Opening, hr: User, desk: Desk, opm: User) -> None:
    assert "OPM has your opening now." in text(desk.post(page_of(draft, "submit/"), follow=True))
    return_opening(opening=draft, comments="Name the team.", by=opm)
    page = text(desk.get(page_of(draft)))
    assert "Name the team." in page
    assert "OPM returned it: change it and submit it again." in page
    Opening.objects.filter(pk=draft.pk).update(
        vetting_tier=VettingTierFactory(),
        sensitivity=SensitivityFactory(),
        designated_on=today(),
        designation_record="PD-7",
        disclosure_filer="none",
    )
    desk.post(page_of(draft, "submit/"))
    publish_opening(opening=draft, by=opm)
    assert "Propose a change" in text(desk.get(page_of(draft)))


def test_a_published_opening_is_paused_resumed_and_closed(published: Opening, desk: Desk) -> None:
    states = []
    for action in ("pause", "resume", "close"):
        desk.post(page_of(published, f"{action}/"))
        published.refresh_from_db()
        states.append(published.status)
    assert states == ["paused", "published", "closed"]
    assert desk.post(page_of(published, "pause/")).status_code == 422
    assert desk.post(page_of(published, "publish/")).status_code == 404


def test_seats_are_cut_down_to_those_that_are_filled(office: Office, hr: User, desk: Desk) -> None:
    opening = PublishedOpeningFactory(office=office, seats=5, seats_filled=2)
    cut = page_of(opening, "cut-seats/")
    assert "The opening has 4 seats now." in text(desk.post(cut, {"seats": "4"}, follow=True))
    assert desk.post(cut, {"seats": "9"}).status_code == 409
    assert desk.post(cut, {"seats": "few"}).status_code == 422
    assert "2 seats stay, because they are filled." in text(desk.post(cut, {"seats": "1"}, follow=True))
    opening.refresh_from_db()
    assert (opening.seats, opening.seats_filled) == (2, 2)


def test_the_hr_specialists_are_told_once_each_time_opm_answers(draft: Opening, hr: User, opm: User) -> None:
    next_door = OfficeFactory(agency=draft.agency)
    elsewhere = agency_member(AgencyRole.HR_SPECIALIST, agency=draft.agency, office=next_door)
    former = AgencyMembershipFactory(
        agency=draft.agency,
        starts_on=today() - datetime.timedelta(days=9),
        ends_on=today() - datetime.timedelta(days=1),
    ).user
    for _time in range(2):
        submit_opening(opening=draft, by=hr)
        return_opening(opening=draft, comments="Secret words.", by=opm)
    mails = mails_to(hr.email)
    assert OutboxMessage.objects.filter(recipient=hr).count() == 2
    assert [mail.subject for mail in mails] == [
        "OPM returned your opening “Data Scientist” with comments"
    ] * 2
    assert page_of(draft) in mails[0].body
    assert "Secret words." not in mails[0].body
    assert mails_to(elsewhere.email) == mails_to(former.email) == []


def test_the_mail_of_a_publication_says_until_when(draft: Opening, hr: User, opm: User) -> None:
    Opening.objects.filter(pk=draft.pk).update(
        title="R&D Engineer",
        vetting_tier=VettingTierFactory(),
        sensitivity=SensitivityFactory(),
        designated_on=today(),
        designation_record="PD-7",
        disclosure_filer="none",
    )
    submit_opening(opening=draft, by=hr)
    publish_opening(opening=draft, by=opm)
    (mail,) = mails_to(hr.email)
    assert mail.subject == "Your opening “R&D Engineer” is published"
    assert f"/openings/{draft.public_id}/" in mail.body


def test_a_mail_about_a_return_is_not_sent_once_it_is_submitted_again(
    draft: Opening, hr: User, opm: User
) -> None:
    submit_opening(opening=draft, by=hr)
    return_opening(opening=draft, comments="More.", by=opm)
    submit_opening(opening=draft, by=hr)
    assert mails_to(hr.email) == []


# ── Changing what is published ────────────────────────────────────────────────────────────────────
def change(desk: Desk, opening: Opening, **typed: Any) -> Any:
    now = filled(desk.get(page_of(opening, "change/")).context["form"])
    return desk.post(page_of(opening, "change/"), {**now, **typed})


def test_a_change_is_proposed_with_what_is_different_only(published: Opening, desk: Desk) -> None:
    later = (published.closes_at + datetime.timedelta(days=7)).date()
    change(desk, published, title="Senior Engineer", closes_on=later.isoformat(), reason="More time.")
    revision = OpeningRevision.objects.get()
    assert sorted(revision.changes) == ["closes_at", "title"]
    published.refresh_from_db()
    assert published.title == "Software Engineer"
    assert "OPM decides about the change that you proposed." in text(desk.get(PAGE))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "Nothing."}, "Nothing is different from what is published."),
        ({"closes_on": "2020-01-01", "reason": "Sooner."}, "A published deadline can only move later."),
        ({"title": "Senior"}, "This field is required."),
    ],
)
def test_a_change_that_cannot_be_is_refused(
    typed: dict[str, str], sentence: str, published: Opening, desk: Desk
) -> None:
    answer = change(desk, published, **typed)
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not OpeningRevision.objects.exists()


def test_a_waiting_change_is_withdrawn(published: Opening, hr: User, desk: Desk) -> None:
    propose_revision(opening=published, changes={"title": "Other"}, reason="Better.", by=hr)
    assert change(desk, published, title="Third", reason="Again.").status_code == 409
    page = text(desk.post(page_of(published, "withdraw-change/"), follow=True))
    assert "The change is withdrawn." in page
    assert OpeningRevision.objects.get().status == "withdrawn"
    assert desk.post(page_of(published, "withdraw-change/")).status_code == 422
