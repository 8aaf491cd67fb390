"""Checklist templates as data, and what a gate asks. Pure: knows neither the database nor a request.

A template file (placements/seed/*.toml) lists the steps of one kind of placement. `read_templates` turns it into
`Template`s, one a tier where the file names tiers, and refuses a file that contradicts itself.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Protocol

ANCHORS = frozenset({"SEL", "TJO_SENT", "TJO", "FJO", "EOD", "SEP", "TERM_END", "CONTACT", "CHANGE"})
"""SEL selection, TJO_SENT and TJO sending and acceptance of the tentative offer, FJO firm offer, EOD entry on duty,
SEP last day at the company, TERM_END last day of the term, CONTACT the investigator's call, CHANGE of duties."""

ROLES = frozenset(
    {
        "candidate", "hiring_manager", "hr_specialist", "security_officer", "ethics_official", "supervisor",
        "appointing_official", "agency_head", "investigator", "adjudicator", "credentialing_office", "partner", "opm",
    }
)  # fmt: skip
OUTSIDE_ROLES = frozenset({"investigator", "adjudicator", "credentialing_office", "partner"})
"""Parties without an account here: somebody else records what they did."""
RECORDING_ROLES = frozenset(
    {
        "hiring_manager", "hr_specialist", "security_officer", "ethics_official", "supervisor", "appointing_official",
        "opm",
    }
)  # fmt: skip
"""Roles whose holders may record a step; nobody records their own."""

GATES = ("firm_offer", "entry_on_duty", "end", "none")
STOPPING_GATES = ("firm_offer", "entry_on_duty")

UNDATED = frozenset({"decided_elsewhere", "no_goal_for_tier", "before_first_access", "before_the_activity"})
DECIDED_BY = frozenset({"opening", "agreement", "nomination", "determination"})

DUE = re.compile(r"(?P<anchor>[A-Z0-9_|-]+?)(?P<offset>[+-]\d+)(?P<unit>bd|d|mo)")
UNITS = {"d": "calendar_days", "bd": "business_days", "mo": "months"}


class BadTemplate(ValueError):
    """The template file contradicts itself; the message names file kind and step."""


@dataclass(frozen=True, slots=True)
class Due:
    """A distance from an anchor; `anchor` may name alternatives, as in "V15|V18"."""

    anchor: str
    offset: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Due":
        match = DUE.fullmatch(text)
        if match is None:
            raise BadTemplate(f"“{text}” is no distance from an anchor")
        return cls(match["anchor"], int(match["offset"]), UNITS[match["unit"]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a template. Its due date is the latest of `due`, or a day each year, or unknown for a reason."""

    code: str
    title: str
    owner: str
    gate: str
    recorder: str = ""
    due: tuple[Due, ...] = ()
    opens: Due | None = None
    yearly: tuple[str, ...] = ()
    repeats: bool = False
    undated: str = ""
    depends_on: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    when: str = ""
    outcomes: tuple[str, ...] = ("recorded",)
    accepted: tuple[str, ...] = ("recorded",)
    excusable_by: tuple[str, ...] = ()
    valid_days: int | None = None
    is_legal: bool = False
    law: str = ""
    evidence: str = ""
    guidance: str = ""
    decided_by: str = ""
    changed_by: tuple[str, ...] = ()

    def references(self) -> Iterator[str]:
        """Every anchor or code that this step counts on."""
        for name in (*(due.anchor for due in self.due), *self.depends_on):
            yield from name.split("|")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The steps of one kind of checklist; `tier` is empty where the vetting tier does not matter."""

    kind: str
    tier: str
    effective_on: date
    steps: tuple[Step, ...] = field(default_factory=tuple)


def read_templates(files: Iterable[Mapping[str, Any]]) -> list[Template]:
    """All templates of parsed files, checked. A file `based_on` another must come after it. Raises BadTemplate."""
    raw: dict[str, list[dict[str, Any]]] = {}
    templates = []
    for data in files:
        raw[data["kind"]] = (
            _derived(data, raw) if "based_on" in data else [dict(step) for step in data["steps"]]
        )
        for tier in data.get("tiers", [""]):
            steps = tuple(_step(entry, tier) for entry in raw[data["kind"]] if _is_in_tier(entry, tier))
            template = Template(kind=data["kind"], tier=tier, effective_on=data["effective_on"], steps=steps)
            check(template)
            templates.append(template)
    return templates


def _derived(data: Mapping[str, Any], raw: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The steps of the file it builds on, with replacements in their places and changes noted on what they alter."""
    replacements = {entry["replaces"]: entry for entry in data.get("replacements", [])}
    renamed = {old: entry["code"] for old, entry in replacements.items()}
    steps = [
        {key: value for key, value in replacements.get(step["code"], step).items() if key != "replaces"}
        for step in raw[data["based_on"]]
    ]
    steps = [_rename(step, renamed) for step in steps]
    for change in data.get("changes", []):
        steps = [_alter(step, change) if step["code"] in change["alters"] else step for step in steps]
    return steps


def _rename(step: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    """Point what counts on a replaced step to the one in its place."""
    result = dict(step)
    if "depends_on" in result:
        result["depends_on"] = [renamed.get(code, code) for code in result["depends_on"]]
    if "due" in result:
        dues = [Due.parse(text) for text in _many(result["due"])]
        result["due"] = [replace(due, anchor=renamed.get(due.anchor, due.anchor)) for due in dues]
    return result


def _alter(step: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    guidance = " ".join(filter(None, [step.get("guidance", ""), change["guidance"]]))
    altered = {**step, "guidance": guidance, "changed_by": [*step.get("changed_by", []), change["code"]]}
    return {**altered, "when": change["when"]} if "when" in change else altered


def _is_in_tier(entry: Mapping[str, Any], tier: str) -> bool:
    return tier in entry.get("tiers", [tier])


def _step(entry: Mapping[str, Any], tier: str) -> Step:
    values = {key: value for key, value in entry.items() if key not in ("tiers", "in_tier")}
    override = entry.get("in_tier", {}).get(tier, {})
    if "due" in override:
        values.pop("undated", None)
    values.update(override)
    unknown = values.keys() - {known.name for known in fields(Step)}
    if unknown:
        raise BadTemplate(f"{values.get('code')}: no such column: {', '.join(sorted(unknown))}")
    values["due"] = tuple(
        due if isinstance(due, Due) else Due.parse(due) for due in _many(values.get("due", ()))
    )
    if isinstance(values.get("opens"), str):
        values["opens"] = Due.parse(values["opens"])
    values.setdefault("recorder", "" if values["owner"] in OUTSIDE_ROLES else values["owner"])
    columns: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Step(**columns)


def _many(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else value


# ── What must hold of a template ─────────────────────────────────────────────────────────────────────────────────────


def check(template: Template) -> None:
    """Raise BadTemplate, naming the step, for anything that contradicts itself."""
    codes = [step.code for step in template.steps]
    problems = [f"{code}: stands there twice" for code in {c for c in codes if codes.count(c) > 1}]
    by_code = {step.code: step for step in template.steps}
    for step in template.steps:
        problems += [
            f"{step.code}: {problem}" for problem in (*_problems(step), *_group_problems(step, by_code))
        ]
        problems += [
            f"{step.code}: counts on {name}, which is not there"
            for name in step.references()
            if name not in ANCHORS and name not in by_code
        ]
    problems += [f"{code}: counts on itself" for code in _circular(by_code)]
    if problems:
        raise BadTemplate(f"{template.kind} {template.tier}: " + "; ".join(sorted(problems)))


def _problems(step: Step) -> Iterator[str]:
    yield from (f"unknown role {role}" for role in {step.owner, step.recorder, *step.excusable_by} - ROLES)
    if step.recorder not in RECORDING_ROLES:
        yield f"{step.recorder or 'nobody'} has no account to record with"
    if step.gate not in GATES:
        yield f"unknown gate {step.gate}"
    if [bool(step.due), bool(step.yearly), bool(step.undated)].count(True) != 1:
        yield "needs a due date, a day each year, or the reason why it has none, and only one of these"
    if len({(due.offset, due.unit) for due in step.due}) > 1:
        yield "counts different distances from its anchors; a step has one"
    yield from _word_problems(step)
    if not step.accepted or not set(step.accepted) <= set(step.outcomes):
        yield "accepts an outcome that it cannot have"
    if step.is_legal and step.excusable_by:
        yield "is fixed by law, so nobody excuses it"


def _word_problems(step: Step) -> Iterator[str]:
    words = ((step.undated, UNDATED), (step.when, CONDITIONS.keys()), (step.decided_by, DECIDED_BY))
    yield from (f"unknown word {word}" for word, known in words if word and word not in known)


def _group_problems(step: Step, by_code: Mapping[str, Step]) -> Iterator[str]:
    if not step.any_of:
        return
    if step.code not in step.any_of:
        yield "is not among its own alternatives"
    for code in step.any_of:
        other = by_code.get(code)
        if other is None or other.any_of != step.any_of or other.gate != step.gate:
            yield f"{code} does not name the same alternatives at the same gate"


def _circular(by_code: Mapping[str, Step]) -> set[str]:
    """Codes that count on themselves by way of others."""
    above = {code: {name for name in step.references() if name in by_code} for code, step in by_code.items()}
    while free := {code for code, names in above.items() if not names}:
        above = {code: names - free for code, names in above.items() if code not in free}
    return set(above)


# ── Conditions ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conditions ask about: the outcome of each step that is done, whether the position's sensitivity allows a
    waiver, what the conflict screen came to, and which of waiver, recusal and divestiture are on file against it."""

    outcomes: Mapping[str, str] = field(default_factory=dict)
    is_waiver_possible: bool | None = None
    conflict: str = ""
    remedies: frozenset[str] = frozenset()


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
    return lambda facts: False if facts.outcomes.get("C02") == "all_no" else otherwise(facts)


CONDITIONS: Mapping[str, Condition] = {
    "earlier_result_found": _outcome("V03", accept=True, upgrade=False, new=False),
    "investigation_needed": _investigation_needed,
    WAIVER_POSSIBLE: lambda facts: facts.is_waiver_possible,
    "ethics_waiver_needed": _remedy("waiver"),
    "divestiture_chosen": _remedy("divestiture"),
    "returns_to_company": _outcome("A29", returns=True, separates=False, extends=False, converts=False),
    "any_answer_yes": _outcome("C02", some_yes=True, all_no=False),
    "last_employer_is_a_party": _unless_all_no(_outcome("C03", recusal=True, no_recusal=False)),
    "outside_activity_needs_approval": _unless_all_no(lambda facts: None),
    "position_files_disclosure": _outcome("C06", files=True, does_not_file=False),
}


def applies(condition: str, facts: Facts) -> bool | None:
    """Whether a step with this condition applies; None while nobody knows. A step without one always does."""
    return CONDITIONS[condition](facts) if condition else True


# ── Gates ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Gated(Protocol):
    """What a gate reads of a checklist item."""

    code: str
    gate: str
    alternatives: str
    status: str
    is_settled: bool


def gates_to_pass(target: str) -> tuple[str, ...]:
    """The gates that must be open for a firm offer, or for entry on duty, which comes after it."""
    return STOPPING_GATES[: STOPPING_GATES.index(target) + 1]


def open_steps(items: Iterable[Gated], target: str) -> list[str]:
    """Codes of the steps that still stop `target` ("firm_offer" or "entry_on_duty"), in order.

    A step is settled by an accepted outcome, by an excuse, or because it does not apply. Of alternatives one that is
    done is enough; one that was excused or does not apply drops out and leaves the others standing.
    """
    gates = gates_to_pass(target)
    items = [item for item in items if item.gate in gates]
    done = {
        item.alternatives for item in items if item.alternatives and item.is_settled and item.status == "done"
    }
    return sorted(item.code for item in items if not item.is_settled and item.alternatives not in done)
