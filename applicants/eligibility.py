"""What the law asks of a person before they may be appointed, as far as their own two answers tell.

Findings inform; none of them refuses an application. A rule whose source was not verified warns at most, and what a
position asks for is looked at only where a position is given. Texts are marked for translation here and translated
where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


def _(text: str) -> str:
    """Marks a text for translation; this module knows no framework."""
    return text


class Kind(Enum):
    LIKELY = "likely"
    NEEDS_A_PERSON = "needs_a_person"
    NOT_OPEN = "not_open_for_this_position"


class Certainty(Enum):
    """How sure we are of the rule itself, not of the person's answer."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Position:
    """What one position asks for."""

    requires_citizenship: bool = False
    requires_clearance: bool = False


@dataclass(frozen=True)
class Facts:
    """What a person says about themselves; None is not answered yet."""

    is_us_citizen: bool | None = None
    is_adult: bool | None = None


@dataclass(frozen=True)
class Finding:
    rule: str
    kind: Kind
    reason: str
    source: str
    certainty: Certainty


CITIZENSHIP_SOURCE = _("annual appropriations law; Executive Order 11935")
CLEARANCE_SOURCE = _("Executive Order 12968, section 3.1(b)")
AGE_SOURCE = _("agency practice")


def findings(facts: Facts, position: Position | None = None) -> tuple[Finding, ...]:
    """One finding a rule that can be judged by now, in the order in which a person meets the questions."""
    return (*_citizenship(facts, position), *_age(facts))


def _citizenship(facts: Facts, position: Position | None) -> Iterator[Finding]:
    if facts.is_us_citizen is None:
        return
    if facts.is_us_citizen:
        reason = _("You say that you are a U.S. citizen. You prove it after a tentative offer, not now.")
        yield Finding("citizenship", Kind.LIKELY, reason, CITIZENSHIP_SOURCE, Certainty.UNVERIFIED)
    elif position and position.requires_clearance:
        reason = _("This position needs a security clearance, and only U.S. citizens can hold one.")
        yield Finding("citizenship", Kind.NOT_OPEN, reason, CLEARANCE_SOURCE, Certainty.VERIFIED)
    elif position and position.requires_citizenship:
        reason = _(
            "The agency says that it can appoint only a U.S. citizen to this position. You may still mark it: a person "
            "in the program office looks at your case. Others may be open to you."
        )
        yield Finding("citizenship", Kind.NEEDS_A_PERSON, reason, CITIZENSHIP_SOURCE, Certainty.UNVERIFIED)
    elif position is None:
        reason = _(
            "Most of these positions can be filled only by U.S. citizens, and each opening says so. You may still "
            "apply: a person in the program office looks at your case."
        )
        yield Finding("citizenship", Kind.NEEDS_A_PERSON, reason, CITIZENSHIP_SOURCE, Certainty.UNVERIFIED)
    else:
        reason = _("This position does not ask for U.S. citizenship.")
        yield Finding("citizenship", Kind.LIKELY, reason, CITIZENSHIP_SOURCE, Certainty.UNVERIFIED)


def _age(facts: Facts) -> Iterator[Finding]:
    if facts.is_adult is None:
        return
    if facts.is_adult:
        reason = _("You say that you are 18 or older.")
        yield Finding("age", Kind.LIKELY, reason, AGE_SOURCE, Certainty.UNVERIFIED)
    else:
        reason = _(
            "Agencies appoint people who are 18 or older. You may still apply: a person in the program office looks at "
            "when you could start."
        )
        yield Finding("age", Kind.NEEDS_A_PERSON, reason, AGE_SOURCE, Certainty.UNVERIFIED)
