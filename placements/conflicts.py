"""The conflict screen: what a person's ties to companies mean for an opening (18 U.S.C. 208; domain.md §4.4). Pure.

One row of the table is in force as a block: a right to return to a company whose family is a party to the opening's
office, with duties that touch it. Every other tie goes to the ethics official for review. Nobody is cleared here: the
result is a proposal, and an official signs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

CLEAR, REVIEW, BLOCK = "clear", "review", "block"

PARTY_KINDS = frozenset(
    {
        "prime_contract", "subcontract", "open_solicitation_bidder", "grant_or_other_agreement", "regulated_party",
        "investigation_or_litigation", "licensor_of_tools",
    }
)  # fmt: skip
"""What makes a company a party to the office. Advice, or nothing known, does not."""

INCIDENTAL_DUTIES = frozenset({"has_vendor_product_use"})
"""Duties that touch a company without deciding anything about it."""

RETURN_RIGHT, SEPARATED, EQUITY = "return_right", "separated", "equity"

FINANCIAL_WAIVER, PAYMENT_WAIVER = "208_b1", "503_c"

RULE_BLOCK = "return_right_to_party_with_duties"
RULE_TIE = "tie_to_company"


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a person to a company; `family` is the top of the corporate family, to all of which it runs."""

    kind: str
    family: int


@dataclass(frozen=True, slots=True)
class Waiver:
    """By what authority, and for which family."""

    authority: str
    family: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known on the day of the screen. `relationships` has the kinds for each family that has any, and
    `restricted` the families of which only the ethics official may know."""

    ties: Collection[Tie] = ()
    relationships: Mapping[int, frozenset[str]] = field(default_factory=dict)
    restricted: Collection[int] = ()
    duties: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The result, the rules that matched, and whether it rests on something restricted (trust.md I18)."""

    result: str
    rules: tuple[str, ...] = ()
    is_restricted: bool = False


def screen(facts: Facts) -> Proposal:
    """What the facts come to; of several rules the most restrictive wins."""
    if not facts.ties:
        return Proposal(CLEAR)
    is_restricted = any(tie.family in facts.restricted for tie in facts.ties)
    if any(_is_blocked(tie, facts) for tie in facts.ties):
        return Proposal(BLOCK, (RULE_BLOCK,), is_restricted)
    return Proposal(REVIEW, (RULE_TIE,), is_restricted)


def _is_blocked(tie: Tie, facts: Facts) -> bool:
    is_party = bool(facts.relationships.get(tie.family, frozenset()) & PARTY_KINDS)
    return tie.kind == RETURN_RIGHT and is_party and touches(facts.duties)


def is_waived(facts: Facts, rules: Collection[str], waivers: Collection[Waiver]) -> bool:
    """Whether waivers in force pass a block on these facts, which `rules` proposed: what the table blocks only one
    under 18 U.S.C. 208(b)(1), for every family concerned; what an official blocked for another reason also one after
    an extraordinary payment (5 CFR 2635.503(c)). An authorization under 5 CFR 2635.502(d) passes none (domain.md
    §4.4)."""
    is_of_table = RULE_BLOCK in rules
    accepted = {FINANCIAL_WAIVER} if is_of_table else {FINANCIAL_WAIVER, PAYMENT_WAIVER}
    waived = {waiver.family for waiver in waivers if waiver.authority in accepted}
    blocked = {tie.family for tie in facts.ties if is_of_table and _is_blocked(tie, facts)}
    tied = {tie.family for tie in facts.ties}
    if blocked:
        return blocked <= waived
    return bool(waived & tied if tied else waived)


def touches(duties: Collection[str]) -> bool:
    """Whether the work decides anything about a company."""
    return bool(set(duties) - INCIDENTAL_DUTIES)
