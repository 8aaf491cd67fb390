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

RULE_BLOCK = "return_right_to_party_with_duties"
RULE_TIE = "tie_to_company"


@dataclass(frozen=True, slots=True)
class Tie:
    """What binds a person to a company; `family` is the top of the corporate family, to all of which it runs."""

    kind: str
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


def touches(duties: Collection[str]) -> bool:
    """Whether the work decides anything about a company."""
    return bool(set(duties) - INCIDENTAL_DUTIES)
