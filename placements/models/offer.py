"""Tentative and firm offers, and the exceptions from the pay band."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models import Applicant
from placements.models.selection import Selection
from placements.querysets import OfferQuerySet, PayExceptionQuerySet
from placements.workflow import OFFER, OfferStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.fences import append_only
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned
from techforce.program.models import Cohort

HIGHEST_RATE = 999_999  # catches a slipped digit; also refuses NaN, which PostgreSQL sorts above every number


@record("An approved rate of pay outside the cohort's band.", keep="GRS 2.1/050, 2 years")
class PayException(Row):
    """Good for exactly this selection and this rate; another rate needs another exception."""

    selection = models.ForeignKey(
        Selection, models.PROTECT, related_name="pay_exceptions", verbose_name=_("selection")
    )
    pay_rate = models.DecimalField(
        _("rate of pay"), max_digits=9, decimal_places=0, help_text=_("Dollars a year")
    )
    authority = models.CharField(_("authority"), max_length=120, help_text=_("The rule that allows it"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"))

    objects = PayExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception from the pay band")
        verbose_name_plural = _("exceptions from the pay band")
        ordering = ("-id",)
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["id", "selection", "pay_rate"], name="pay_exception_of_selection"
            ),
            models.CheckConstraint(
                condition=Q(pay_rate__gt=0, pay_rate__lte=HIGHEST_RATE), name="pay_exception_rate"
            ),
            models.CheckConstraint(condition=~Q(authority="") & ~Q(reason=""), name="pay_exception_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.selection}: {self.pay_rate}"


class OfferKind(models.TextChoices):
    TENTATIVE = "tentative", _("Tentative offer")
    FIRM = "firm", _("Firm offer")


@track(
    "status",
    "kind",
    "selection",
    "applicant",
    "opening",
    "pay_rate",
    "pay_exception",
    "starts_on",
    "response_due_at",
    "clock_paused_at",
    "sent_at",
    "answered_at",
    "closed_at",
)
@record(
    "An offer of a position to a person.",
    keep="GRS 2.1/050, 2 years",
    columns={"pay_rate": Sensitivity.PERSONAL, "applicant": Sensitivity.PERSONAL},
)
class Offer(Row, Versioned, Deadline):
    selection = models.ForeignKey(
        Selection, models.PROTECT, related_name="offers", verbose_name=_("selection"), db_index=False
    )
    # Copies of the selection's columns, kept equal by a composite foreign key.
    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="offers", verbose_name=_("applicant"), editable=False
    )
    opening = models.ForeignKey(
        Opening, models.PROTECT, related_name="offers", verbose_name=_("opening"), editable=False
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=OfferKind, default=OfferKind.TENTATIVE)
    status = models.CharField(
        _("status"), max_length=10, choices=OfferStatus, default=OfferStatus.DRAFT, editable=False
    )
    pay_rate = models.DecimalField(
        _("rate of pay"), max_digits=9, decimal_places=0, help_text=_("Dollars a year")
    )
    # Copies of the cohort's bounds, kept equal by a composite foreign key, so that a CHECK may use them.
    pay_min = models.DecimalField(_("cohort's lowest pay"), max_digits=9, decimal_places=0, editable=False)
    pay_max = models.DecimalField(_("cohort's highest pay"), max_digits=9, decimal_places=0, editable=False)
    pay_exception = models.ForeignKey(
        PayException,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("exception from the pay band"),
    )
    starts_on = models.DateField(_("proposed start"), help_text=_("Usually the first day of a pay period"))
    response_due_at = models.DateTimeField(
        _("answer due at"), null=True, blank=True, help_text=_("The first moment that is too late")
    )
    clock_paused_at = models.DateTimeField(
        _("clock paused at"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The person asked about start, step or place; the time for the answer stands still"),
    )
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ("-id",)
        indexes = [
            models.Index(
                fields=["response_due_at"],
                name="offer_awaiting_answer",
                condition=Q(status="sent", clock_paused_at__isnull=True),
            ),
        ]
        constraints = [
            OFFER.constraint(),
            models.CheckConstraint(condition=Q(kind__in=OfferKind.values), name="offer_kind_known"),
            # Pay (I5).
            models.CheckConstraint(
                condition=Q(pay_rate__gt=0, pay_rate__lte=HIGHEST_RATE), name="offer_pay_is_money"
            ),
            models.CheckConstraint(
                condition=Q(pay_exception__isnull=False)
                | Q(pay_rate__gte=F("pay_min"), pay_rate__lte=F("pay_max")),
                name="offer_pay_in_band",
            ),
            CompositeForeignKey(
                name="offer_copies_pay_band",
                fields=["cohort", "pay_min", "pay_max"],
                to="program.Cohort",
                to_fields=["id", "pay_min", "pay_max"],
            ),
            # An exception is for this selection, and for exactly this rate.
            CompositeForeignKey(
                name="offer_exception_fits",
                fields=["pay_exception", "selection", "pay_rate"],
                to="placements.PayException",
                to_fields=["id", "selection", "pay_rate"],
            ),
            CompositeForeignKey(
                name="offer_copies_selection",
                fields=["selection", "applicant", "opening", "cohort"],
                to="placements.Selection",
                to_fields=["id", "applicant", "opening", "cohort"],
            ),
            models.UniqueConstraint(
                fields=["applicant"],
                condition=Q(kind="tentative", status="sent"),
                name="one_tentative_offer_a_person",
            ),
            models.UniqueConstraint(
                fields=["selection", "kind"],
                condition=Q(status__in=["draft", "sent", "accepted"]),
                name="one_live_offer_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "accepted", "declined", "expired"])
                | Q(sent_at__isnull=False, response_due_at__isnull=False, response_due_at__gt=F("sent_at")),
                name="offer_sent_with_due_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["accepted", "declined"], answered_at__isnull=False)
                | (~Q(status__in=["accepted", "declined"]) & Q(answered_at__isnull=True)),
                name="offer_answered_with_time",
            ),
            models.CheckConstraint(
                condition=Q(clock_paused_at__isnull=True) | Q(status__in=["sent", "withdrawn"]),
                name="offer_clock_paused_while_sent",
            ),
        ]
        triggers = [OFFER.trigger()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.selection}"
