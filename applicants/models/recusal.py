"""Who stands aside for whom (trust.md I16)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applicants.models.applicant import Applicant
from applicants.querysets import RecusalQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.program.models import Company


class RecusalSource(models.TextChoices):
    DECLARED = "declared", _("Declared by the person")
    DERIVED = "derived", _("Found by the system")


class RecusalBasis(models.TextChoices):
    SELF = "self", _("The same person")
    RELATIVE = "relative", _("Related")
    ACQUAINTED = "acquainted", _("They know each other")
    WORKED_TOGETHER = "worked_together", _("Worked together in the last 12 months")
    EMPLOYMENT_TALKS = "employment_talks", _("Talks about a job")
    OTHER = "other", _("Other")


@track("user", "applicant", "company", "source", "basis", "starts_at", "ended_at")
@record(
    "Someone who decides stands aside for a person or a company.",
    keep="6 years after it ends",
    sensitivity=Sensitivity.RESTRICTED,
)
class Recusal(Row):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="recusals",
        verbose_name=_("who stands aside"),
        db_index=False,
    )
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, null=True, blank=True, related_name="recusals", verbose_name=_("applicant")
    )
    company = models.ForeignKey(
        Company,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recusals",
        verbose_name=_("company"),
        help_text=_("Reaches the whole corporate family"),
    )
    source = models.CharField(
        _("source"), max_length=8, choices=RecusalSource, default=RecusalSource.DECLARED
    )
    basis = models.CharField(_("basis"), max_length=16, choices=RecusalBasis)
    starts_at = models.DateTimeField(_("starts at"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        ordering = ("user", "-id")
        constraints = [
            models.CheckConstraint(
                condition=Q(applicant__isnull=True, company__isnull=False)
                | Q(applicant__isnull=False, company__isnull=True),
                name="recusal_from_person_or_company",
            ),
            models.CheckConstraint(condition=Q(source__in=RecusalSource.values), name="recusal_source_known"),
            models.CheckConstraint(condition=Q(basis__in=RecusalBasis.values), name="recusal_basis_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("starts_at")),
                name="recusal_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["user", "applicant", "company"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_live_recusal_a_tie",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.applicant or self.company}"
