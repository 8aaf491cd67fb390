"""Reads template files: `read_templates` turns them into `Template`s, one a tier where the file names tiers, and
refuses a file that contradicts itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from placements.checklists.checking import check
from placements.checklists.steps import OUTSIDE_ROLES, BadTemplate, Due, Step, Template, YearlyDay


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
