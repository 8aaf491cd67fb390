"""Reads template files: `read_templates` turns them into `Template`s, one a tier where the file names tiers, and
refuses a file that contradicts itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from placements.checklists.conditions import CONDITIONS
from placements.checklists.steps import (
    ANCHORS,
    DECIDED_BY,
    GATES,
    OUTSIDE_ROLES,
    RECORDING_ROLES,
    ROLES,
    UNDATED,
    BadTemplate,
    Due,
    Step,
    Template,
    YearlyDay,
)


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
    for day in values.get("yearly", ()):
        YearlyDay.parse(day)
    values.setdefault("recorder", "" if values["owner"] in OUTSIDE_ROLES else values["owner"])
    columns: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in values.items()
    }
    return Step(**columns)


def _many(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else value


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
    yield from (
        f"unknown role {role}"
        for role in {step.owner, step.recorder, *step.shared_with, *step.excusable_by} - ROLES
    )
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
