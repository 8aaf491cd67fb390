"""Ladders in short words: "-2bd" two business days before the date, "0d" on it, "+1d/7d" from the day after it every
seven days, "EOD+30d" thirty days after another date of the row; after > who hears of it.

The apps declare theirs from files (`declare`); administrators may change the rungs (`core.reminders.current_ladders`).
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from techforce.core.ladders.thresholds import Threshold

RUNG = re.compile(
    r"(?P<anchor>[A-Z]{2,6})?(?P<days>0|[+-][1-9][0-9]{0,2})(?P<unit>bd|d)(?:/(?P<repeat>[1-9][0-9]{0,2})d)?"
    r"(?: *> *(?P<who>[a-z_]+(?: +[a-z_]+)*))?"
)
AS_STORED = re.compile(
    r"[A-Z]{0,6}(0|[+-][1-9][0-9]{0,2})(bd|d)(/[1-9][0-9]{0,2}d)?( > [a-z_]+( [a-z_]+)*)?"
).pattern
MOST_RUNGS = 24
LONGEST = 120
"""Characters of a rung as it is stored."""
DAYS_OF = {"calendar": 1.0, "business": 1.4}
"""About how many calendar days one of them takes, to compare two rungs."""


class BadLadder(ValueError):
    """The ladder contradicts itself or the law; the message names the rung."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One kind of ladder: what it is about, its starting value, and what may be said in it. `steps` and `notes` are for
    the app that declares it. A ladder `is_legal` when a law sets its date: it may gain rungs, but those around the date
    stay."""

    key: str
    item: str
    texts: tuple[str, ...]
    words: frozenset[str] = frozenset()
    default: str = ""
    anchors: frozenset[str] = frozenset()
    steps: tuple[str, ...] = ()
    notes: Mapping[str, str]
    is_legal: bool = False
    is_any_day: bool = False

    def start(self) -> Sequence[Threshold]:
        return ladder(*self.texts, like=self)

    def checked(self, texts: Iterable[str]) -> Sequence[Threshold]:
        """The rungs that staff want instead. Raises BadLadder."""
        rungs = ladder(*texts, like=self)
        _check_size(rungs)
        _check_length(spelled(rungs, like=self))
        _check_order(rungs)
        if self.is_legal:
            _check_law(rungs, self.start())
        return rungs


_DECLARED: dict[str, Declared] = {}


def declare(
    file: Path, *, words: Collection[str] = (), default: str = "", anchors: Collection[str] = ()
) -> Mapping[str, Declared]:
    """Read the ladders of a file, by their keys. `words` are those who may be named, where an entry does not say
    itself. Raises BadLadder."""
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["ladders"]
    found = [_declared(entry, words, default, anchors) for entry in entries]
    for one in found:
        one.checked(one.texts)
        if _DECLARED.setdefault(one.key, one) != one:
            raise BadLadder(f"ladder {one.key} is declared twice")
    return {one.key: one for one in found}


def declared() -> Mapping[str, Declared]:
    return dict(_DECLARED)


def _declared(
    entry: Mapping[str, Any], words: Collection[str], default: str, anchors: Collection[str]
) -> Declared:
    return Declared(
        key=entry["key"],
        item=entry["item"],
        texts=tuple(entry["rungs"]),
        steps=tuple(entry.get("steps", ())),
        notes=entry.get("notes", {}),
        is_legal=entry.get("is_legal", False),
        is_any_day=entry.get("is_any_day", False),
        words=frozenset(entry.get("words", words)),
        default=entry.get("default", default),
        anchors=frozenset(anchors),
    )


def ladder(*texts: str, like: Declared) -> Sequence[Threshold]:
    """The rungs of `texts`. A rung that names nobody is for `like.default`."""
    return tuple(rung(text, like=like) for text in texts)


def rung(text: str, *, like: Declared) -> Threshold:
    match = RUNG.fullmatch(text.strip())
    if match is None:
        raise BadLadder(_("“%(rung)s” is no rung.") % {"rung": text})
    audience = tuple(dict.fromkeys((match["who"] or like.default).split()))
    if unknown := sorted(set(audience) - like.words):
        raise BadLadder(
            _("“%(rung)s” names %(who)s, whom this ladder does not know.")
            % {"rung": text, "who": ", ".join(unknown)}
        )
    if (match["anchor"] or "") not in like.anchors | {""}:
        raise BadLadder(_("“%(rung)s” counts from a date that this ladder does not have.") % {"rung": text})
    return Threshold(
        code=text.partition(">")[0].strip(),
        days=int(match["days"]),
        unit="business" if match["unit"] == "bd" else "calendar",
        repeat_days=int(match["repeat"] or 0),
        audience=audience,
        is_any_day=like.is_any_day,
        anchor=match["anchor"] or "",
    )


def spelled(rungs: Iterable[Threshold], *, like: Declared) -> list[str]:
    """As they are stored: one spelling for one meaning."""
    return [
        each.code if " ".join(each.audience) == like.default else f"{each.code} > {' '.join(each.audience)}"
        for each in rungs
    ]


def _check_size(rungs: Sequence[Threshold]) -> None:
    if not 0 < len(rungs) <= MOST_RUNGS:
        raise BadLadder(_("A ladder has at least one rung and at most %(most)d.") % {"most": MOST_RUNGS})
    seen: set[str] = set()
    for each in rungs:
        if each.code in seen:
            raise BadLadder(_("“%(rung)s” stands there twice.") % {"rung": each.code})
        seen.add(each.code)


def _check_length(texts: Iterable[str]) -> None:
    for text in texts:
        if len(text) > LONGEST:
            raise BadLadder(
                _("“%(rung)s” is longer than %(most)d characters. Name fewer roles.")
                % {"rung": text, "most": LONGEST}
            )


def _check_order(rungs: Sequence[Threshold]) -> None:
    """First to last, for each date from which they count."""
    last: dict[str, Threshold] = {}
    for each in rungs:
        before = last.get(each.anchor)
        if before and _place(each) < _place(before):
            raise BadLadder(
                _("“%(rung)s” comes before “%(before)s”. Write the rungs first to last.")
                % {"rung": each.code, "before": before.code}
            )
        last[each.anchor] = each


def _place(each: Threshold) -> float:
    return each.days * DAYS_OF[each.unit]


def _check_law(rungs: Sequence[Threshold], start: Sequence[Threshold]) -> None:
    """What is said on the day of the law, or last before it, and first after it cannot go, nor lose who hears of it."""
    present = {each.code: set(each.audience) for each in rungs}
    for kept in _around_the_day(start):
        if kept.code not in present or not set(kept.audience) <= present[kept.code]:
            raise BadLadder(
                _("The law sets this date: “%(rung)s” stays, with %(who)s.")
                % {"rung": kept.code, "who": ", ".join(kept.audience)}
            )


def _around_the_day(start: Sequence[Threshold]) -> list[Threshold]:
    counted = [each for each in start if not each.anchor]
    until = [each for each in counted if not each.is_late]
    return [*until[-1:], *[each for each in counted if each.is_late][:1]]
