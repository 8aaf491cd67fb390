"""`manage.py checklist_preview`: the dates of a checklist before there is a placement."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


def preview(*arguments: str) -> dict[str, dict[str, Any]]:
    out = StringIO()
    call_command("checklist_preview", *arguments, "--json", stdout=out)
    return {row["code"]: row for row in json.loads(out.getvalue())}


def on_leave(*arguments: str) -> dict[str, dict[str, Any]]:
    return preview("--kind", "leave_of_absence", "--tier", "NS-S", "--tjo", "2026-10-05", *arguments)


def test_one_object_a_code_of_vetting_and_ethics() -> None:
    found = on_leave("--eod", "2026-11-30")
    assert set(found) == {f"V{n:02}" for n in range(1, 27)} | {f"A{n:02}" for n in range(1, 30)}
    assert (found["A21"]["due_on"], found["A21"]["nudge_on"]) == ("2027-02-28", "2027-02-26")
    keys = ("code", "due_on", "nudge_on", "owner", "gate", "depends_on", "reason")
    assert {tuple(row) for row in found.values()} == {keys}


def test_every_object_has_a_date_or_the_reason_why_not() -> None:
    rows = on_leave("--eod", "2026-11-30").values()
    assert all((row["due_on"] is None) == bool(row["reason"]) for row in rows)
    assert all((row["due_on"] is None) == (row["nudge_on"] is None) for row in rows)


def test_owner_gate_and_what_a_step_hangs_on_are_told() -> None:
    row = on_leave()["V12"]
    assert (row["owner"], row["gate"]) == ("PSO/ADJ", "firm_offer")
    assert row["depends_on"] == ["V06", "V10", "V11"]


def test_a_date_that_nobody_knows_is_null_with_a_sentence() -> None:
    row = on_leave()["A19"]
    assert (row["due_on"], row["nudge_on"]) == (None, None)
    assert row["reason"] == "It counts from entry on duty, which has no date yet."


def test_a_separation_shows_its_own_agreement_and_what_it_alters() -> None:
    found = preview("--kind", "separation", "--tier", "M", "--tjo", "2026-10-05", "--eod", "2026-11-30")
    assert (found["B01"]["due_on"], found["B01-A17"]["due_on"]) == ("2026-10-20", "2026-11-20")
    assert not {"A05", "A17"} & set(found)
    assert found["B05"]["reason"] == "It alters A08, A15 and has no date of its own."


@pytest.mark.parametrize(("sensitivity", "is_dated"), [("critical", True), ("special-sensitive", False)])
def test_a_special_sensitive_position_has_no_waiver(sensitivity: str, is_dated: bool) -> None:
    found = preview(
        "--kind", "outside", "--tier", "NS-TS", "--fjo", "2026-11-16", "--sensitivity", sensitivity
    )
    assert bool(found["V15"]["due_on"]) is is_dated
    assert is_dated or "special-sensitive" in found["V15"]["reason"]


def test_reciprocity_shows_every_date_that_follows_and_why_the_others_have_none() -> None:
    """TJO on Monday, October 5, 2026: V03 after three business days, V04 after five more (Columbus Day between)."""
    found = on_leave("--reciprocity", "--eod", "2026-11-30")
    dates = {code: found[code]["due_on"] for code in ("V04", "V12", "V19", "V25")}
    assert dates == {"V04": "2026-10-16", "V12": "2026-10-23", "V19": "2026-10-27", "V25": "2026-11-15"}
    sentence = "An earlier result is accepted, so no investigation is needed."
    assert {found[code]["reason"] for code in ("V05", "V10", "V11", "V14", "V15", "V18")} == {sentence}


@pytest.mark.parametrize("tier", ["l", "M(PT)", "NS_S", "high", "ns-ts"])
def test_other_spellings_of_a_tier_are_understood(tier: str) -> None:
    assert "V01" in preview("--kind", "leave", "--tier", tier)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--tier", "L"], "--kind is one of leave_of_absence, separation, outside."),
        (["--kind", "outside", "--tier", "Q"], "--tier is one of L, M, NS-S, H, NS-TS."),
        (["--kind", "outside", "--tier", "L", "--tjo", "2026-02-30"], "--tjo is a date"),
        (["--kind", "outside", "--tier", "L", "--tjo", "0026-02-01"], "--tjo lies in the years"),
        (["--kind", "outside", "--tier", "L", "--tjo", "2026-2-1"], "--tjo is a date"),
        (["--kind", "outside", "--tier", "L", "--tjo", "２０２６-02-01"], "--tjo is a date"),
        (["--kind", "outside", "--tier", "NS-S", "--sensitivity", "nonsensitive"], "A position of tier NS-S"),
        (
            ["--kind", "outside", "--tier", "L", "--ends-on", "2028-01-01", "--term-months", "12"],
            "--term-months and --ends-on exclude each other.",
        ),
        (
            ["--kind", "outside", "--tier", "L", "--fjo", "2028-01-02", "--ends-on", "2028-01-01"],
            "The term cannot end (2028-01-01) before the firm offer (2028-01-02).",
        ),
        (
            ["--kind", "outside", "--tier", "L", "--eod", "2026-11-30", "--ends-on", "2030-11-30"],
            "The term lasts at most 48 months from the entry on duty (2026-11-30).",
        ),
        (["--kind", "outside", "--tier", "L", "--sensitivity", "very"], "--sensitivity is one of"),
        (["--kind", "outside", "--tier", "L", "--term-months", "99"], "--term-months is a number"),
        (
            ["--kind", "outside", "--tier", "L", "--tjo", "2026-12-01", "--eod", "2026-11-30"],
            "The entry on duty (2026-11-30) cannot come before the acceptance of the tentative offer (2026-12-01).",
        ),
        (
            ["--kind", "outside", "--tier", "L", "--sep", "2026-12-01", "--eod", "2026-11-30"],
            "The last day at the company (2026-12-01) cannot follow",
        ),
    ],
)
def test_bad_input_is_one_clear_sentence_and_exit_code_2(arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as raised:
        preview(*arguments)
    assert str(raised.value).startswith(sentence)
    assert raised.value.returncode == 2


def test_two_answers_to_one_question_are_refused() -> None:
    with pytest.raises(CommandError, match=r"argument --tier: is given twice\."):
        preview("--kind", "outside", "--tier", "L", "--tier", "M")


def test_without_json_a_line_a_step_is_printed() -> None:
    out = StringIO()
    call_command("checklist_preview", "--kind", "outside", "--tier", "L", "--tjo", "2026-10-05", stdout=out)
    assert "V02      CAND         firm_offer     2026-10-07  nudge 2026-10-07" in out.getvalue()
