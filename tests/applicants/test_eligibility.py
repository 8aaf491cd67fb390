"""Findings inform, they never refuse."""

import itertools

import pytest

from applicants.eligibility import Certainty, Facts, Finding, Kind, Position, findings

OPEN, CITIZENS, CLEARED = (
    Position(),
    Position(requires_citizenship=True),
    Position(requires_citizenship=True, requires_clearance=True),
)


def about(rule: str, facts: Facts, position: Position | None = None) -> Finding:
    return next(finding for finding in findings(facts, position) if finding.rule == rule)


def test_what_is_not_answered_is_not_judged() -> None:
    assert findings(Facts()) == ()
    assert findings(Facts(), CLEARED) == ()


@pytest.mark.parametrize(
    ("is_us_citizen", "position", "kind"),
    [
        (True, None, Kind.LIKELY),
        (True, CLEARED, Kind.LIKELY),
        (False, None, Kind.NEEDS_A_PERSON),
        (False, OPEN, Kind.LIKELY),
        (False, CITIZENS, Kind.NEEDS_A_PERSON),
        (False, CLEARED, Kind.NOT_OPEN),
    ],
)
def test_citizenship_matters_where_a_position_asks_for_it(
    is_us_citizen: bool, position: Position | None, kind: Kind
) -> None:
    assert about("citizenship", Facts(is_us_citizen=is_us_citizen), position).kind == kind


def test_someone_under_18_is_looked_at_by_a_person() -> None:
    assert about("age", Facts(is_adult=False)).kind == Kind.NEEDS_A_PERSON
    assert about("age", Facts(is_adult=True)).kind == Kind.LIKELY


def test_only_a_verified_rule_about_a_position_closes_anything() -> None:
    answers = (None, True, False)
    for citizen, adult, position in itertools.product(answers, answers, (None, OPEN, CITIZENS, CLEARED)):
        for finding in findings(Facts(citizen, adult), position):
            assert finding.reason
            assert finding.source
            if finding.kind == Kind.NOT_OPEN:
                assert (finding.certainty, position) == (Certainty.VERIFIED, CLEARED)


def test_the_rule_on_clearances_is_the_verified_one() -> None:
    assert about("citizenship", Facts(is_us_citizen=False), CLEARED).certainty == Certainty.VERIFIED
    assert about("citizenship", Facts(is_us_citizen=False), CITIZENS).certainty == Certainty.UNVERIFIED
