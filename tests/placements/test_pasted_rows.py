"""Rows from an agency's own system: tried, recorded, repeated, refused by line, and written back without formulas."""

import csv
import datetime
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from agencies.models import Opening
from placements.forms.vetting import pasted_words
from placements.models import ChecklistItem, Placement
from placements.pasting import BadFile, as_csv, decode, read_rows
from placements.services import block_item, record_fall_through, record_rows
from placements.services.commitments import promised_cases
from techforce.core.calendar import today
from techforce.core.models import AuditEvent, OutboxMessage
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import SubmittedApplicationFactory
from tests.placements.agency_room import ETHICS, HR, MANAGER, SECURITY, SUPERVISOR, VIEWER, desk
from tests.placements.people import words_of
from tests.placements.starting import staff
from tests.placements.vetting_desk import reference_of, step, vetted
from tests.techforce.desk import Desk

DAY = datetime.timedelta(days=1)
URL = "/agency/import/"


# ── Reading ───────────────────────────────────────────────────────────────────────────────────────
def test_the_order_is_what_the_heading_says_and_a_row_keeps_its_line() -> None:
    heading = "Date,Milestone,Reference number,Notes"
    text = f'{heading}\r\n2026-11-02,"Init\niated",TF-1,x\r\n\r\n11/3/2026,cleared,TF-2,y\r\n'
    first, second = read_rows(decode(b"\xef\xbb\xbf" + text.encode()))
    assert (first.line, first.reference, first.what, first.day) == (2, "TF-1", "Init�iated", "2026-11-02")
    assert (second.line, second.reference, second.number) == (5, "TF-2", "")


def test_what_is_pasted_from_a_spreadsheet_is_told_apart_by_tabs() -> None:
    (row,) = read_rows('TF-1\tV11\t11/02/2026\tfavorable\t"A, B"\n')
    assert (row.outcome, row.number) == ("favorable", "A, B")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"Reference number,Milestone,Date\n", "empty"),
        ("TF-1,cleared,2026-11-02".encode("utf-16"), "not_utf8"),
        (b'TF-1,"cleared', "not_rows"),
        (b"TF-1,cleared,2026-11-02\n" * 101, "too_many"),
        (b"x" * 100_001, "too_large"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        read_rows(decode(content))


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u2067", "\u200b"])
def test_a_sign_that_nobody_can_read_is_marked_and_its_column_named(sign: str) -> None:
    (row,) = read_rows(decode(f"TF-1,V12,2026{sign}-01-01,é אב\u00a0,1".encode()))
    assert (row.day, row.outcome, row.unreadable()) == ("2026�-01-01", "é אב", "day")


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_that_is_written_back_begins_a_formula(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(as_csv([["TF-1", cell]]), newline=""))
    assert row == ["TF-1", f"'{cell}"]


# ── Recording ─────────────────────────────────────────────────────────────────────────────────────
def row_of(placement: Placement, what: str, outcome: str = "", number: str = "", day: object = None) -> str:
    return "\t".join([reference_of(placement), what, str(day or today()), outcome, number])


def send(seat: Desk, *rows: str, wish: str = "try") -> str:
    answer = seat.post(URL, {"text": "\n".join(rows), "wish": wish})
    assert answer.status_code == 200
    return words_of(answer)


def recorded(placement: Placement) -> list[str]:
    done = ChecklistItem.objects.filter(
        checklist__placement=placement, status="done", recorded_by__isnull=False
    )
    return list(done.order_by("code").values_list("code", flat=True))


pytestmark = pytest.mark.django_db


def test_the_dry_run_shows_each_row_and_keeps_nothing() -> None:
    placement = vetted("M")
    seat, before = desk(SECURITY, placement.opening), AuditEvent.objects.count()
    mails = OutboxMessage.objects.count()
    page = send(
        seat,
        row_of(placement, "Initiated", "new"),
        row_of(placement, "Submitted"),
        "TF-0\tCleared\t2026-11-02",
    )
    assert "V02, V03, V05" in page
    assert "V09, V10" in page  # the second row stands on the first
    assert "No placement of your agency has this reference number." in page
    assert recorded(placement) == []
    assert (AuditEvent.objects.count(), OutboxMessage.objects.count()) == (before, mails)


def test_good_rows_are_recorded_and_the_same_file_again_changes_nothing() -> None:
    placement = vetted("M")
    seat = desk(SECURITY, placement.opening)
    rows = (row_of(placement, "Initiated", "new", "CASE-7"), row_of(placement, "nonsense"))
    assert "1 row is recorded. 1 row cannot be recorded." in send(seat, *rows, wish="record")
    assert recorded(placement) == ["V02", "V03", "V05"]
    assert step(placement, "V05").external_reference == "CASE-7"
    count = AuditEvent.objects.count()
    assert "On file already" in send(seat, *rows, wish="record")
    assert AuditEvent.objects.count() == count


def test_rows_of_many_people_cost_as_many_statements_as_one(django_assert_max_num_queries: Any) -> None:
    """One row alone takes about ninety, with what follows: dates, gates and reopened steps."""
    first = vetted("M")
    people = [first, *(vetted("M", opening=first.opening) for _each in range(7))]
    rows = read_rows("\n".join(row_of(one, "Initiated", "new") for one in people))
    with django_assert_max_num_queries(100):
        results = record_rows(rows=rows, words=pasted_words(), by=staff(first, SECURITY))
    assert all(result.settled == ("V02", "V03", "V05") for result in results)
    assert all(step(one, "V10").due_on for one in people)


def test_one_row_that_is_refused_late_leaves_nothing_and_holds_nobody_back() -> None:
    """The steps of the second person do not bear out that the case is cleared, which is known only at the end."""
    first = vetted("NS-S")
    people = [first, *(vetted("NS-S", opening=first.opening) for _each in range(2))]
    officer = staff(first, SECURITY)
    for one in people:
        said = [row_of(one, "initiated", "new"), row_of(one, "submitted"), row_of(one, "interim", "granted")]
        said += [row_of(one, "adjudicated", "favorable")] if one is not people[1] else []
        record_rows(rows=read_rows("\n".join(said)), words=pasted_words(), by=officer)
    cleared = read_rows("\n".join(row_of(one, "cleared", "favorable") for one in people))
    results = record_rows(rows=cleared, words=pasted_words(), by=officer)
    assert [bool(result.error) for result in results] == [False, True, False]
    assert results[1].error.endswith("V18.")
    assert [step(one, "V12").status for one in people] == ["done", "not_started", "done"]


def test_a_row_that_comes_three_weeks_late_ends_the_wait_on_its_own_day() -> None:
    placement = vetted("M")
    Placement.objects.filter(pk=placement.pk).update(created_at=placement.created_at - 30 * DAY)
    seat = desk(SECURITY, placement.opening)
    item = step(placement, "V02")
    block_item(item=item, waiting_on="candidate", since=today() - 28 * DAY, by=seat.user)
    send(seat, row_of(placement, "Initiated", "new", day=today() - 21 * DAY), wish="record")
    (case,) = promised_cases(Placement.objects.order_by("pk"), on=today())
    assert (dict(case.clock.held), case.clock.used) == ({"candidate": 7}, 23)


def test_each_wrong_row_says_what_is_wrong_with_it() -> None:
    placement = vetted("M")
    page = send(
        desk(SECURITY, placement.opening),
        row_of(placement, "Initiated", "maybe"),
        row_of(placement, "Submitted", day="soon"),
        row_of(placement, "Submitted", day=today() + DAY),
        row_of(placement, "V99"),
        row_of(placement, "Submitted", number="x" * 121),
        row_of(placement, "Submitted", number="123-45-6789"),
        row_of(placement, "Submitted", day="0001-01-01"),
        row_of(placement, "V06", day="0001-01-01"),
    )
    for sentence in (
        "“maybe” is no outcome here. Possible are: A new investigation is needed; An earlier result has to be",
        "“soon” is no date.",
        "cannot lie in the future",
        "“V99” is neither a milestone nor a step",
        "longer than 120 characters",
        "looks like a Social Security number",
    ):
        assert sentence in page
    assert page.count("This day lies more than 10 years back. Check the year.") == 2


def test_a_single_step_is_recorded_by_its_code_and_a_wrong_outcome_opens_no_gate() -> None:
    placement = vetted("M", detail="full")
    seat = desk(SECURITY, placement.opening)
    send(seat, row_of(placement, "v11", "Under review", "FP-9"), wish="record")
    item = step(placement, "V11")
    assert (item.outcome, item.external_reference, item.is_settled) == ("under_review", "FP-9", False)
    assert "records every step of vetting" in send(seat, row_of(placement, "Cleared"))
    again = send(
        seat, row_of(placement, "V11", "Under review", "FP-9"), row_of(placement, "V11", "favorable")
    )
    assert "On file already" in again
    assert "on file with another outcome, day or number" in again


def test_another_agency_finds_no_person_and_other_roles_no_step() -> None:
    placement = vetted("M", detail="full")
    stranger = desk(SECURITY, PublishedOpeningFactory.create())
    row = row_of(placement, "V11", "favorable")
    assert "No placement of your agency has this reference number." in send(stranger, row, wish="record")
    for role in (ETHICS, SUPERVISOR, MANAGER):
        page = send(desk(role, placement.opening), row, row_of(placement, "Cleared"), wish="record")
        assert "neither a milestone nor a step that you record" in page
        assert "Your role does not allow recording milestones" in page
        assert str(placement.applicant) not in page
    assert str(placement.applicant) in send(desk(SECURITY, placement.opening), row)
    assert desk(VIEWER, placement.opening).get(URL).status_code == 404
    assert recorded(placement) == []


def test_a_number_of_another_cohort_or_of_a_placement_that_is_over_is_nobodys() -> None:
    placement = vetted("M", selection__application__status="placed")
    Opening.objects.filter(pk=placement.opening.pk).update(seats_filled=1)
    seat, unknown = (
        desk(SECURITY, placement.opening),
        "No placement of your agency has this reference number.",
    )
    earlier = SubmittedApplicationFactory(applicant=placement.applicant)
    assert unknown in send(seat, f"{earlier.reference_number}\tInitiated\t{today()}\tnew", wish="record")
    assert recorded(placement) == []
    hr = staff(placement, HR)
    record_fall_through(placement=placement, reason_code="withdrew", by=hr)
    assert unknown in send(seat, row_of(placement, "Initiated", "new"))


def test_rows_to_mend_come_back_as_a_file_without_formulas() -> None:
    placement = vetted("M")
    rows = (row_of(placement, "Initiated", "new"), f"{reference_of(placement)}\t=cmd()\t2026-11-02\t\t@x")
    answer = desk(SECURITY, placement.opening).post(URL, {"text": "\n".join(rows), "wish": "errors"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(lines) == 2
    assert lines[1].startswith(f"{reference_of(placement)},'=cmd(),2026-11-02,,'@x,2,")
    assert recorded(placement) == []


def test_a_file_is_taken_as_well_and_one_in_another_code_is_refused() -> None:
    placement = vetted("M")
    seat = desk(HR, placement.opening)
    good = f"Reference number,Step,Date\r\n{reference_of(placement)},V06,{today()}\r\n".encode("utf-8-sig")
    page = words_of(seat.post(URL, {"wish": "try", "file": SimpleUploadedFile("rows.csv", good)}))
    assert "V06: V06" in page
    bad = seat.post(URL, {"wish": "try", "file": SimpleUploadedFile("rows.csv", "é".encode("latin-1"))})
    assert bad.status_code == 422
    assert "no text in UTF-8" in words_of(bad)


@pytest.mark.parametrize("wish", ["record", "errors"])
def test_controls_and_turned_text_are_refused_by_row_and_never_shown_as_they_came(wish: str) -> None:
    placement = vetted("M", detail="full")
    reference = reference_of(placement)
    rows = (
        f"{reference},V11,{today()},favorable",
        f"TF-\x00,V12,{today()}",
        f"{reference},V\x0012,{today()}",
        f"{reference},V12,{today()},\u202efavorable",
    )
    sheet = SimpleUploadedFile("rows.csv", "\n".join(rows).encode())
    answer = desk(SECURITY, placement.opening).post(URL, {"wish": wish, "file": sheet})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not {"\x00", "\u202e"} & set(text)
    assert "No placement of your agency has this reference number." in text
    assert "The column “Milestone or step” has a character that cannot be printed." in text
    assert "The column “Outcome” has a character that cannot be printed." in text
    assert recorded(placement) == (["V11"] if wish == "record" else [])


def test_many_tries_of_one_person_have_to_wait() -> None:
    placement = vetted("M")
    seat, other = desk(SECURITY, placement.opening), desk(HR, placement.opening)
    sent = [seat.post(URL, {"text": "TF-0\tCleared\tsoon", "wish": "try"}) for _ in range(21)]
    assert (sent[19].status_code, sent[20].status_code) == (200, 429)
    assert "Wait a minute, then send it again." in words_of(sent[20])
    assert other.post(URL, {"text": "TF-0\tCleared\tsoon", "wish": "try"}).status_code == 200
