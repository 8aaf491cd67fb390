"""Named exceptions: who allowed what is outside the rule, on what authority, why and when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.opening import HIGHEST_PAY, Opening
from agencies.querysets import InsideOpeningQuerySet
from techforce.core.fences import append_only
from techforce.core.labels import record
from techforce.core.models import Row


@record(
    "An approved pay range outside the cohort's band.", keep="GRS 2.1/050, 2 years after the opening closes"
)
class PayBandException(Row):
    """Good for exactly this opening and this range; another range needs another exception."""

    opening = models.ForeignKey(
        Opening, models.PROTECT, related_name="band_exceptions", verbose_name=_("opening")
    )
    pay_low = models.DecimalField(_("lowest pay"), max_digits=9, decimal_places=0)
    pay_high = models.DecimalField(_("highest pay"), max_digits=9, decimal_places=0)
    authority = models.CharField(_("authority"), max_length=120, help_text=_("The rule that allows it"))
    reason = models.TextField(_("reason"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approved by")
    )
    approved_on = models.DateField(_("approved on"))

    objects = InsideOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception from the pay band")
        verbose_name_plural = _("exceptions from the pay band")
        ordering = ("-id",)
        triggers = append_only()
        constraints = [
            models.UniqueConstraint(
                fields=["id", "opening", "pay_low", "pay_high"], name="exception_of_opening"
            ),
            models.CheckConstraint(
                condition=Q(pay_low__gt=0, pay_high__gte=F("pay_low"), pay_high__lte=HIGHEST_PAY),
                name="exception_range",
            ),
            models.CheckConstraint(condition=~Q(authority="") & ~Q(reason=""), name="exception_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.opening}: {self.pay_low}-{self.pay_high}"
