"""What is wrong with a template: every step that contradicts itself or another one, in a sentence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from placements.checklists.conditions import CONDITIONS, INSTEAD
from placements.checklists.steps import (
    ANCHORS,
    DECIDED_BY,
    FARTHEST,
    GATES,
    MOST_CODES,
    RECORDING_ROLES,
    ROLES,
    UNDATED,
    BadTemplate,
    Step,
    Template,
    YearlyDay,
)


def gettext_noop(sentence: str) -> str:
    """Marks a sentence for translators; whoever shows a problem to a person translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Problem:
    """`sentence` has a place for each of `values`."""

    code: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    is_about_another: bool = False
    """It may be solved by a change of another step."""

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence % self.values}"


def problems_of(steps: tuple[Step, ...]) -> list[Problem]:
    """In the order of the steps; empty where the template is sound."""
    by_code = {step.code: step for step in steps}
    circular = _circular(by_code)
    found: list[Problem] = []
    for step in steps:
        found += _own_problems(step)
        found += _unknown_references(step, by_code)
        found += _group_problems(step, by_code)
        if step.code in circular:
            found.append(Problem(step.code, gettext_noop("counts on itself, by way of what it counts on")))
    return [*found, *_twice(steps)]


def check(template: Template) -> None:
    """Raise BadTemplate, naming the step, for anything that contradicts itself."""
    if problems := problems_of(template.steps):
        raise BadTemplate(f"{template.kind} {template.tier}: " + "; ".join(sorted(map(str, problems))))


def _twice(steps: tuple[Step, ...]) -> Iterator[Problem]:
    codes = [step.code for step in steps]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield Problem(code, gettext_noop("stands there twice"))


def _own_problems(step: Step) -> Iterator[Problem]:
    for sentence, values in (*_word_problems(step), *_date_problems(step), *_outcome_problems(step)):
        yield Problem(step.code, sentence, values)
    for sentence, values in (*_reach_problems(step), *_list_problems(step)):
        yield Problem(step.code, sentence, values)


def _word_problems(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    for role in sorted({step.owner, step.recorder, *step.shared_with, *step.excusable_by} - ROLES - {""}):
        yield gettext_noop("unknown role %(role)s"), {"role": role}
    if step.recorder not in RECORDING_ROLES:
        yield gettext_noop("%(role)s has no account to record with"), {"role": step.recorder or "nobody"}
    if step.gate not in GATES:
        yield gettext_noop("unknown gate %(gate)s"), {"gate": step.gate}
    words = ((step.undated, UNDATED), (step.when, CONDITIONS.keys()), (step.decided_by, DECIDED_BY))
    for word, known in words:
        if word and word not in known:
            yield gettext_noop("unknown word %(word)s"), {"word": word}


def _date_problems(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    if [bool(step.due), bool(step.yearly), bool(step.undated)].count(True) != 1:
        yield (
            gettext_noop(
                "needs a due date, a day each year, or the reason why it has none, and only one of these"
            ),
            {},
        )
    if len({(due.offset, due.unit) for due in step.due}) > 1:
        yield gettext_noop("counts different distances from its anchors; a step has one"), {}
    for text in step.yearly:
        if not YearlyDay.is_day(text):
            yield gettext_noop("“%(day)s” is no day of a year"), {"day": text}


def _reach_problems(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A day that no calendar has, or that nobody lives to see."""
    if not all(due.is_in_reach for due in (*step.due, *((step.opens,) if step.opens else ()))):
        days, months = str(FARTHEST["calendar_days"]), str(FARTHEST["months"])
        sentence = gettext_noop("lies more than %(days)s days or %(months)s months from what it counts from")
        yield sentence, {"days": days, "months": months}


def _list_problems(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    anchors = tuple(due.anchor for due in step.due)
    lists = (anchors, step.depends_on, step.yearly, step.any_of, step.outcomes, step.accepted)
    if any(len(set(names)) < len(names) for names in lists):
        yield gettext_noop("names the same word twice in one list"), {}
    if any(len(names) > MOST_CODES for names in lists):
        yield gettext_noop("has more than %(most)s words in one list"), {"most": str(MOST_CODES)}


def _outcome_problems(step: Step) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not step.accepted:
        yield gettext_noop("accepts no outcome, so that its gate would never open"), {}
    if not set(step.accepted) <= set(step.outcomes):
        yield gettext_noop("accepts an outcome that it cannot have"), {}
    if step.is_legal and step.excusable_by:
        yield gettext_noop("is fixed by law, so nobody excuses it"), {}


def _unknown_references(step: Step, by_code: Mapping[str, Step]) -> Iterator[Problem]:
    for name in dict.fromkeys(step.references()):
        if name not in ANCHORS and name not in by_code:
            yield Problem(step.code, gettext_noop("counts on %(name)s, which is not there"), {"name": name})


def _group_problems(step: Step, by_code: Mapping[str, Step]) -> Iterator[Problem]:
    if not step.any_of:
        return
    if step.code not in step.any_of:
        yield Problem(step.code, gettext_noop("is not among its own alternatives"))
    for code in step.any_of:
        other = by_code.get(code)
        if other is None or other.any_of != step.any_of or other.gate != step.gate:
            sentence = gettext_noop("%(other)s does not name the same alternatives at the same gate")
            yield Problem(step.code, sentence, {"other": code}, is_about_another=True)


def _circular(by_code: Mapping[str, Step]) -> set[str]:
    """Codes that count on themselves by way of others, or of what they count from where they do not apply."""
    above = {
        code: {name for name in (*step.references(), INSTEAD.get(step.when, "")) if name in by_code}
        for code, step in by_code.items()
    }
    while free := {code for code, names in above.items() if not names}:
        above = {code: names - free for code, names in above.items() if code not in free}
    return set(above)
