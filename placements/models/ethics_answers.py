"""What a person without a tie to a partner company says about employers and holdings (step C02): yes or no."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.checklists import QUESTIONS
from placements.models.conflict import KEEP
from placements.models.placement import Placement
from placements.querysets import EthicsAnswersQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row


@track("placement", "superseded_at")
@record(
    "Answers to the ethics office's short questions: yes or no, never a name and never an amount.",
    keep=KEEP,
    sensitivity=Sensitivity.RESTRICTED,
)
class EthicsAnswers(Row):
    placement = models.ForeignKey(
        Placement, models.PROTECT, related_name="ethics_answers", verbose_name=_("placement"), db_index=False
    )
    had_other_employer = models.BooleanField(
        _("another employer"), help_text=_("Worked for somebody else in the last 12 months")
    )
    has_spouse_at_work = models.BooleanField(
        _("employer of the spouse"), help_text=_("The spouse works for somebody other than the government")
    )
    holds_much_stock = models.BooleanField(
        _("much stock"),
        help_text=_("Own, the spouse's and minor children's stock of one company is worth more than $15,000"),
    )
    holds_private_equity = models.BooleanField(
        _("private equity"), help_text=_("Equity that is not publicly traded, options, or unvested units")
    )
    keeps_outside_work = models.BooleanField(
        _("outside work"), help_text=_("Other work goes on during service")
    )
    has_future_job = models.BooleanField(
        _("future job"), help_text=_("An agreement or a talk about a job after service")
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("answered by")
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    objects = EthicsAnswersQuerySet.as_manager()

    class Meta:
        verbose_name = _("ethics answers")
        verbose_name_plural = _("ethics answers")
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["placement"],
                condition=Q(superseded_at__isnull=True),
                name="one_set_of_ethics_answers",
            )
        ]
        indexes = [models.Index(fields=["placement"], name="ethics_answers_of")]

    def __str__(self) -> str:
        return str(self.placement)

    @property
    def outcome(self) -> str:
        """What is recorded of them in the step."""
        return "some_yes" if any(getattr(self, name) for name in QUESTIONS) else "all_no"
