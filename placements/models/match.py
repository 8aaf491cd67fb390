"""A match round and the proof of its result."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from placements.querysets import MatchProofQuerySet, MatchRoundQuerySet
from placements.workflow import MATCH_ROUND, MatchRoundStatus
from techforce.core.fences import append_only
from techforce.core.history import track
from techforce.core.labels import record
from techforce.core.models import Row, Versioned
from techforce.program.models import Cohort


@track("status", "cohort", "opens_at", "closes_at", "locked_at", "proposed_at", "released_at")
@record("A round in which people and openings rank each other.", keep="GRS 2.1/050, 2 years")
class MatchRound(Row, Versioned):
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="match_rounds", verbose_name=_("cohort"))
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(
        _("status"), max_length=12, choices=MatchRoundStatus, default=MatchRoundStatus.DRAFT, editable=False
    )
    opens_at = models.DateTimeField(_("rankings open at"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("rankings close at"), null=True, blank=True, help_text=_("The first moment that is too late")
    )
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, blank=True, editable=False)

    objects = MatchRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("match round")
        verbose_name_plural = _("match rounds")
        ordering = ("-id",)
        constraints = [
            MATCH_ROUND.constraint(),
            models.UniqueConstraint(fields=["cohort", "name"], name="one_match_round_a_name"),
            models.CheckConstraint(
                condition=Q(status="draft")
                | Q(opens_at__isnull=False, closes_at__isnull=False, closes_at__gt=F("opens_at")),
                name="match_round_has_window_past_draft",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__isnull=True)
                | Q(opens_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                name="match_round_window_in_order",
            ),
        ]
        triggers = [MATCH_ROUND.trigger()]

    def __str__(self) -> str:
        return self.name


@record("What went into a match, what came out, and how to run it again.", keep="GRS 2.1/050, 2 years")
class MatchProof(Row):
    """Append-only: a result that was shown is never touched up."""

    match_round = models.OneToOneField(
        MatchRound, models.PROTECT, related_name="proof", verbose_name=_("match round")
    )
    algorithm = models.CharField(_("algorithm"), max_length=60, help_text=_("Name and version"))
    seed = models.BigIntegerField(_("seed"), help_text=_("Breaks ties; published with the result"))
    input_digest = models.CharField(
        _("input digest"), max_length=64, help_text=_("SHA-256 of the locked rankings")
    )
    output_digest = models.CharField(
        _("output digest"), max_length=64, help_text=_("SHA-256 of the proposed pairs")
    )
    seats = models.PositiveIntegerField(_("seats"))
    people = models.PositiveIntegerField(_("people"))
    pairs = models.PositiveIntegerField(_("pairs"))

    objects = MatchProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("match proof")
        verbose_name_plural = _("match proofs")
        constraints = [
            models.CheckConstraint(
                condition=Q(pairs__lte=F("seats")) & Q(pairs__lte=F("people")),
                name="match_pairs_within_both_sides",
            ),
            models.CheckConstraint(
                condition=Q(input_digest__regex=r"^[0-9a-f]{64}$", output_digest__regex=r"^[0-9a-f]{64}$"),
                name="match_proof_digests",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.match_round}: {self.output_digest[:12]}"
