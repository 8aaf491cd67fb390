"""When a conditional step applies, by what is known about its placement."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conditions ask about: the outcome of each step that is done, whether the position's sensitivity allows a
    waiver, what the conflict screen came to, and which of waiver, recusal and divestiture are on file against it."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    is_waiver_possible: bool | None = None
    conflict: str = ""
    remedies: frozenset[str] = frozenset()


QUESTIONS_STEP = "C02"
QUESTIONS = (
    "had_other_employer",
    "has_spouse_at_work",
    "holds_much_stock",
    "holds_private_equity",
    "keeps_outside_work",
    "has_future_job",
)
"""What that step asks somebody without a tie to a partner company, each with yes or no (domain.md §4.5)."""

WAIVER_POSSIBLE = "waiver_possible"
"""The condition of the step that a vetting waiver settles (5 CFR 1400.202)."""

Condition = Callable[[Facts], bool | None]


def _outcome(code: str, **answers: bool) -> Condition:
    """Whatever the outcome of step `code` says; nothing while it is open."""
    return lambda facts: answers.get(facts.outcomes.get(code, ""))


def _investigation_needed(facts: Facts) -> bool | None:
    if facts.outcomes.get("V03") == "accept":
        return {"accepted": False, "not_accepted": True}.get(facts.outcomes.get("V04", ""))
    return {"upgrade": True, "new": True}.get(facts.outcomes.get("V03", ""))


def _waiver_possible(facts: Facts) -> bool | None:
    """Where an earlier result was accepted there is no investigation to start ahead of."""
    return False if _investigation_needed(facts) is False else facts.is_waiver_possible


def _remedy(name: str) -> Condition:
    """A remedy applies when it is on file; it does not when the screen asks for none, or another remedy is on file."""

    def needed(facts: Facts) -> bool | None:
        if name in facts.remedies:
            return True
        is_met = facts.conflict in ("clear", "recusal") or (
            facts.conflict in ("remedy", "waived") and facts.remedies
        )
        return False if is_met else None

    return needed


def _unless_all_no(otherwise: Condition) -> Condition:
    """Nothing of the kind for a person who answered every short question with no."""
    return lambda facts: False if facts.outcomes.get(QUESTIONS_STEP) == "all_no" else otherwise(facts)


CONDITIONS: Mapping[str, Condition] = {
    "earlier_result_found": _outcome("V03", accept=True, upgrade=False, new=False),
    "investigation_needed": _investigation_needed,
    WAIVER_POSSIBLE: _waiver_possible,
    "ethics_waiver_needed": _remedy("waiver"),
    "divestiture_chosen": _remedy("divestiture"),
    "returns_to_company": _outcome("A29", returns=True, separates=False, extends=False, converts=False),
    "any_answer_yes": _outcome(QUESTIONS_STEP, some_yes=True, all_no=False),
    "last_employer_is_a_party": _unless_all_no(_outcome("C03", recusal=True, no_recusal=False)),
    "outside_activity_needs_approval": _unless_all_no(lambda facts: None),
    "position_files_disclosure": _outcome("C06", files=True, does_not_file=False),
}

INSTEAD: Mapping[str, str] = {
    "earlier_result_found": "V03",
    "investigation_needed": "V04",
    "any_answer_yes": QUESTIONS_STEP,
    "last_employer_is_a_party": "C03",
    "position_files_disclosure": "C06",
}
"""The step whose outcome sets aside the steps with this condition. What hangs on one of those counts from it instead:
after reciprocity the first screen counts from the decision to accept the earlier result."""


def applies(condition: str, facts: Facts) -> bool | None:
    """Whether a step with this condition applies; None while nobody knows. A step without one always does."""
    return CONDITIONS[condition](facts) if condition else True
