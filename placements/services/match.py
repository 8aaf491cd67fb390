"""Match rounds: their window, their proof, their release."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from placements.models import MatchProof, MatchRound
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition


@service
def start_collecting(*, match_round: MatchRound, by: Any) -> MatchRound:
    """Let people and openings rank each other."""
    started: MatchRound = transition(match_round, "collect", by=by)
    return started


@service
def lock_round(*, match_round: MatchRound, by: Any) -> MatchRound:
    """Freeze the rankings."""
    locked: MatchRound = transition(match_round, "lock", by=by)
    return locked


@service
def propose_round(*, match_round: MatchRound, proof: MatchProof, by: Any) -> MatchRound:
    """Store the proof of the run and move the round on; the two cannot part."""
    proof.match_round = match_round
    proof.save()
    proposed: MatchRound = transition(match_round, "propose", by=by)
    return proposed


@service
def release_round(*, match_round: MatchRound, by: Any) -> MatchRound:
    """Give the proposals to the agencies, which approve each through the ordinary services."""
    released: MatchRound = transition(match_round, "release", by=by)
    return released


@guard("placements.round_has_a_window")
def round_has_a_window(rows: Sequence[MatchRound], change: Change) -> Mapping[int, str]:
    sentence = _("Say first when rankings open and close.")
    return {row.pk: sentence for row in rows if row.opens_at is None or row.closes_at is None}


@guard("placements.round_has_a_proof")
def round_has_a_proof(rows: Sequence[MatchRound], change: Change) -> Mapping[int, str]:
    proven = set(MatchProof.objects.filter(match_round__in=rows).values_list("match_round", flat=True))
    return {row.pk: _("Run the match first.") for row in rows if row.pk not in proven}
