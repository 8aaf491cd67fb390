"""The course of an opening: submitted, answered by OPM, published, paused, changed; and who hears of it."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from agencies.models import AgencyRole, Office, Opening, OpeningRevision
from agencies.services import (
    propose_revision,
    publish_opening,
    return_opening,
    submit_opening,
)
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.models import OutboxMessage
from tests.accounts.visitor import mails_to
from tests.agencies.opening_forms import PAGE, filled, page_of, text
from tests.factories.agencies import (
    AgencyMembershipFactory,
    OfficeFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.program import (
    SensitivityFactory,
    VettingTierFactory,
)
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db


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
        ({"title": "Senior"}, "Fill this in."),
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
