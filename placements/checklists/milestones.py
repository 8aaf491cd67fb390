"""The five milestones of vetting: what each of them says about the steps of a checklist.

An agency that records milestones enters a day, an outcome and a number for each. The steps behind it are settled with
it, as far as they leave no choice; a step that can end in several ways is settled only by a milestone that names its
outcome, so that no gate opens on an outcome which nobody found.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

DUE_PROCESS = "under_due_process"
"""The outcome of an adjudication that is not favorable so far: the person is heard before anything is decided."""

NEVER_IMPLIED = frozenset({"V15", "V18"})
"""A waiver and an adjudication are somebody's decision, although only one outcome of them is written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """`outcomes` names, for each outcome of the milestone, the steps that it decides and how; the first of them is the
    step that the milestone records. `opens_gate` says that everything before the firm offer has to be settled by it,
    `says_nothing_else` names the outcomes that tell nothing of the steps behind."""

    name: str
    outcomes: Mapping[str, Mapping[str, str]]
    with_it: tuple[str, ...] = ()
    opens_gate: bool = False
    says_nothing_else: frozenset[str] = frozenset()

    def code(self, outcome: str) -> str:
        return next(iter(self.outcomes[outcome]))

    def codes(self) -> frozenset[str]:
        """The steps that it may record."""
        return frozenset(self.code(outcome) for outcome in self.outcomes)


MILESTONES: Mapping[str, Milestone] = {
    one.name: one
    for one in (
        Milestone(
            name="initiated",
            outcomes={
                "new": {"V05": "recorded", "V03": "new"},
                "upgrade": {"V05": "recorded", "V03": "upgrade"},
                # Reciprocity (SEAD 7): no investigation follows.
                "accepted": {"V04": "accepted", "V03": "accept"},
            },
        ),
        Milestone(name="submitted", outcomes={"recorded": {"V10": "recorded"}}),
        Milestone(
            name="interim",
            # Interim eligibility rests on verified citizenship and favorable fingerprints (SEAD 8); it is pending
            # where one of them is missing too.
            outcomes={
                "granted": {"V14": "granted", "V11": "favorable"},
                "eligibility_pending": {"V14": "eligibility_pending"},
            },
            says_nothing_else=frozenset({"eligibility_pending"}),
        ),
        Milestone(
            name="adjudicated",
            outcomes={"favorable": {"V18": "favorable"}, DUE_PROCESS: {"V18": DUE_PROCESS}},
        ),
        Milestone(
            name="cleared",
            outcomes={"favorable": {"V19": "recorded", "V12": "favorable", "V11": "favorable"}},
            with_it=("V06", "V07", "V13"),
            opens_gate=True,
        ),
    )
}
ORDER = tuple(MILESTONES)


@dataclass(frozen=True, slots=True)
class Known:
    """What settling a step asks about it."""

    depends_on: tuple[str, ...]
    outcomes: tuple[str, ...]


def settled_by(milestone: Milestone, outcome: str, steps: Mapping[str, Known]) -> dict[str, str]:
    """The steps that the milestone settles, each with its outcome: those it names, and those behind them that can end
    in one way only. Of alternatives ("V15|V18") it settles none: one has to be recorded for itself."""
    named = {code: word for code, word in milestone.outcomes[outcome].items() if code in steps}
    if outcome in milestone.says_nothing_else:
        return named
    behind = _behind((*named, *(code for code in milestone.with_it if code in steps)), steps)
    single = {code: steps[code].outcomes[0] for code in behind if len(steps[code].outcomes) == 1}
    return {code: word for code, word in single.items() if code not in NEVER_IMPLIED} | named


def _behind(codes: Iterable[str], steps: Mapping[str, Known]) -> Iterator[str]:
    """These steps and all that they come after, each once."""
    seen: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in seen and code in steps:
            seen.add(code)
            waiting += [name for name in steps[code].depends_on if "|" not in name]
            yield code
