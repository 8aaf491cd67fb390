"""Nothing typed is lost: second tabs, faults, awkward values and saving in the background (I2)."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest

from applicants.models import Application
from applicants.services.gaps import gaps_of
from techforce.core.calendar import today
from tests.applicants.filling import Person, at, draft, typed, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_second_tab_sees_both_versions_and_chooses() -> None:
    application = draft()
    person = Person(application.applicant.user)
    address = at(application, "employers")
    older_tab = person.get(address)
    person.fill(address, now="Harbor Board")

    merge = person.fill(address, older_tab, now="Pier Nine LLC", before="Lighthouse Inc")

    assert merge.status_code == 409
    for text in ("Harbor Board", "Pier Nine LLC", "Lighthouse Inc", "What you typed here", "What is saved"):
        assert text in words(merge)
    assert state(application, "employers")["now"] == ["Harbor Board"]
    assert person.fill(address, merge).status_code == 302
    assert state(application, "employers") == {
        "now": ["Pier Nine LLC"],
        "before": ["Lighthouse Inc"],
        "has_none": False,
    }


def test_one_saved_answer_may_be_taken_and_the_rest_kept() -> None:
    application = draft()
    person = Person(application.applicant.user)
    address = at(application, "employers")
    older_tab = person.get(address)
    person.fill(address, now="Harbor Board")
    merge = person.fill(address, older_tab, now="Pier Nine LLC", before="Lighthouse Inc")

    taken = person.fill(address, merge, take="now")
    person.fill(address, taken)

    assert state(application, "employers")["now"] == ["Harbor Board"]
    assert state(application, "employers")["before"] == ["Lighthouse Inc"]


def test_contact_details_merge_too() -> None:
    application = draft()
    person = Person(application.applicant.user)
    address = at(application, "contact")
    older_tab = person.get(address)
    person.fill(address, city="Denver")

    merge = person.fill(address, older_tab, city="Boulder", phone="303 555 0142")

    assert merge.status_code == 409
    application.applicant.refresh_from_db()
    assert (application.applicant.city, application.applicant.phone) == ("Denver", "")
    person.fill(address, merge)
    application.applicant.refresh_from_db()
    assert (application.applicant.city, application.applicant.phone) == ("Boulder", "303 555 0142")


def test_two_tabs_on_different_pages_do_not_disturb_each_other() -> None:
    application = draft()
    person = Person(application.applicant.user)
    employers = person.get(at(application, "employers"))
    person.fill(at(application, "experience"), summary="Tide tables.")

    assert person.fill(at(application, "employers"), employers, now="Harbor Board").status_code == 302

    assert state(application, "experience")["summary"] == "Tide tables."


@pytest.mark.parametrize(
    ("step", "answers", "kept"),
    [
        ("contact", {"legal_name": "", "city": "Denver"}, "Denver"),
        ("employers", {"now": "Harbor Board", "has_none": "on"}, "Harbor Board"),
        ("experience", {"job0_title": "Pilot", "job0_began_year": "21"}, "Pilot"),
        ("experience", {"job0_title": "Pilot", "job0_began_year": "2021"}, "Pilot"),
        ("experience", {"summary": "My number is 123-45-6789."}, "123-45-6789"),
        ("disciplines", {"choice_1": "data", "choice_2": "data"}, "data"),
        ("preferences", {"places": "Denver", "earliest_start_day": "40"}, "Denver"),
        ("skills", {"others": "\n".join(f"Knot {n}" for n in range(31))}, "Knot 7"),
    ],
)
def test_a_form_with_a_fault_keeps_its_answers(step: str, answers: dict[str, Any], kept: str) -> None:
    application = draft()
    person = Person(application.applicant.user)

    refused = person.fill(at(application, step), **answers)

    assert refused.status_code == 422
    assert "<title>Error:" in words(refused)
    assert kept in words(refused)


@pytest.mark.shared_data
def test_awkward_values_come_back_as_they_were_typed(shared_data: Path) -> None:
    application = draft()
    person = Person(application.applicant.user)
    values = [
        row["value"] for row in json.loads((shared_data / "people_places" / "tricky_values.json").read_text())
    ]
    for value in values:
        answer = person.fill(at(application, "contact"), legal_name=value)
        application.applicant.refresh_from_db()
        if "\n" in value:  # no browser sends this from a field of one line
            assert "Write this on one line" in words(answer)
        else:
            assert application.applicant.legal_name == value.strip()
        person.fill(at(application, "experience"), summary=value)
        assert (
            state(application, "experience")["summary"] == value.strip().replace("\n", "\r\n")
            or "\n" in value
        )
        assert person.get(at(application, "review")).status_code == 200


def test_another_block_for_another_job() -> None:
    application = draft(answers={})
    person = Person(application.applicant.user)
    address = at(application, "experience")

    more = person.fill(address, job0_title="Engineer", then="more")
    page = person.get(more.headers["Location"])
    person.fill(address, page, job1_title="Pilot")

    assert [job["title"] for job in state(application, "experience")["jobs"]] == ["Engineer", "Pilot"]


def state(application: Application, step: str) -> Any:
    return Application.objects.get(pk=application.pk).answers[step]


def test_a_script_saves_in_the_background_and_learns_of_a_conflict() -> None:
    application = draft()
    person = Person(application.applicant.user)
    address = at(application, "employers")
    page = person.get(address)
    headers = {"X-Autosave": "1", "X-Background": "1"}

    saved = person.post(address, typed(page) | {"now": "Harbor Board"}, headers=headers)
    again = person.post(address, typed(page) | {"now": "Pier Nine"}, headers=headers)

    assert saved.json()["message"].startswith("Saved at ")
    assert again.status_code == 409
    on = person.post(
        address, typed(page) | {"now": "Pier Nine", "seen": saved.json()["seen"]}, headers=headers
    )
    assert on.status_code == 200
    assert state(application, "employers")["now"] == ["Pier Nine"]


@pytest.mark.parametrize("step", ["contact", "preferences"])
def test_the_same_form_sent_twice_is_no_other_window(step: str) -> None:
    """A double press, or an autosave just before the button."""
    application = draft()
    person = Person(application.applicant.user)
    page = person.get(at(application, step))
    name = "legal_name" if step == "contact" else "places"
    for _press in range(2):
        assert person.fill(at(application, step), page, **{name: "Denver"}).status_code == 302


def test_a_number_among_the_other_skills_is_pointed_out() -> None:
    application = draft()
    answer = Person(application.applicant.user).fill(
        at(application, "skills"), others="Robotics\n123-45-6789"
    )
    assert answer.status_code == 422
    assert "looks like a Social Security number" in words(answer)


def test_the_end_of_a_job_that_goes_on_is_not_looked_at() -> None:
    application = draft()
    job = {
        "job0_title": "Pilot",
        "job0_began_year": "2021",
        "job0_began_month": "05",
        "job0_is_current": "on",
    }
    person = Person(application.applicant.user)
    answer = person.fill(at(application, "experience"), **job, job0_ended_year="2019", job0_ended_month="01")
    assert answer.status_code == 302
    application.refresh_from_db()
    assert application.answers["experience"]["jobs"][0]["ended"] == ""


def test_what_has_not_begun_is_no_experience_and_neither_is_a_mark_alone() -> None:
    application = draft(answers={})
    person = Person(application.applicant.user)
    coming = today() + datetime.timedelta(days=62)
    job = {"job0_title": "Pilot", "job0_began_year": str(coming.year), "job0_began_month": f"{coming:%m}"}
    assert "This is still to come" in words(person.fill(at(application, "experience"), **job))
    person.fill(at(application, "experience"), job0_is_current="on")
    application.refresh_from_db()
    assert [gap.step for gap in gaps_of(application)] == ["experience"]
