"""What an opening says about the position: pay, duties, designation. Abstract parts; `opening` puts them
together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.program.models import OccupationalSeries, Sensitivity, VettingTier


class PayPlan(models.TextChoices):
    """The pay plans met most often. Agency bands have codes of their own, so the column is not limited to
    these."""

    GS = "GS", _("General Schedule")
    GG = "GG", _("Excepted, graded like the General Schedule")
    AD = "AD", _("Administratively determined")
    ES = "ES", _("Senior Executive Service")
    SL = "SL", _("Senior level")
    ST = "ST", _("Scientific or professional")
    NH = "NH", _("Acquisition demonstration, business")


class PaidPosition(models.Model):
    """Classification and pay. Pay belongs to the opening, in whole dollars a year."""

    series = models.ForeignKey(
        OccupationalSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="openings",
        verbose_name=_("series"),
    )
    pay_plan = models.CharField(_("pay plan"), max_length=2, default=PayPlan.GS)
    grade_low = models.PositiveSmallIntegerField(_("lowest grade"), null=True, blank=True)
    grade_high = models.PositiveSmallIntegerField(_("highest grade"), null=True, blank=True)
    pay_low = models.DecimalField(_("lowest pay"), max_digits=9, decimal_places=0, null=True, blank=True)
    pay_high = models.DecimalField(_("highest pay"), max_digits=9, decimal_places=0, null=True, blank=True)
    # Copies of the cohort's bounds, kept equal by a composite foreign key, so that CHECKs may use them.
    cohort_pay_min = models.DecimalField(
        _("cohort's lowest pay"), max_digits=9, decimal_places=0, editable=False
    )
    cohort_pay_max = models.DecimalField(
        _("cohort's highest pay"), max_digits=9, decimal_places=0, editable=False
    )

    class Meta:
        abstract = True


class Duties(models.Model):
    """What the work touches, as the conflict screen needs it (18 U.S.C. 208): one answer a question, or
    "none"."""

    has_contract_oversight = models.BooleanField(_("oversees contracts"), default=False)
    has_source_selection = models.BooleanField(_("selects sources or evaluates offers"), default=False)
    has_requirements_writing = models.BooleanField(
        _("writes requirements or does market research"), default=False
    )
    has_vendor_direction = models.BooleanField(_("directs a vendor's technical work"), default=False)
    has_regulatory_decisions = models.BooleanField(_("decides on regulation or enforcement"), default=False)
    has_budget_ownership = models.BooleanField(_("owns a budget"), default=False)
    has_vendor_product_use = models.BooleanField(_("only uses a vendor's product"), default=False)
    has_no_vendor_duties = models.BooleanField(_("none of these"), default=False)

    class Meta:
        abstract = True

    DUTY_FLAGS = (
        "has_contract_oversight",
        "has_source_selection",
        "has_requirements_writing",
        "has_vendor_direction",
        "has_regulatory_decisions",
        "has_budget_ownership",
        "has_vendor_product_use",
    )

    @property
    def duty_flags(self) -> frozenset[str]:
        """The names of the flags that are set."""
        return frozenset(name for name in self.DUTY_FLAGS if getattr(self, name))


class DisclosureFiler(models.TextChoices):
    """Which financial disclosure the position files (5 CFR 2634)."""

    NONE = "none", _("Not required")
    OGE_450 = "oge_450", _("OGE Form 450, confidential")
    OGE_278E = "oge_278e", _("OGE Form 278e, public")


class DesignatedPosition(models.Model):
    """The position designation (5 CFR 731, 5 CFR 1400). It follows the position and must exist before
    publication."""

    vetting_tier = models.ForeignKey(
        VettingTier,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="openings",
        verbose_name=_("vetting tier"),
    )
    sensitivity = models.ForeignKey(
        Sensitivity,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="openings",
        verbose_name=_("sensitivity"),
        help_text=_("Empty: not designated yet"),
    )
    designated_on = models.DateField(_("designated on"), null=True, blank=True)
    designation_record = models.CharField(
        _("designation record"),
        max_length=60,
        blank=True,
        help_text=_("Number of the position designation record"),
    )
    disclosure_filer = models.CharField(
        _("financial disclosure"),
        max_length=10,
        choices=DisclosureFiler,
        blank=True,
        help_text=_("Empty: not decided yet"),
    )
    is_citizenship_required = models.BooleanField(_("U.S. citizenship required"), default=True)

    class Meta:
        abstract = True


class AdvertisedPosition(models.Model):
    """What the public reads, and where the work is done."""

    summary = models.TextField(_("summary"), blank=True)
    duties = models.TextField(_("duties"), blank=True)
    requirements = models.TextField(_("requirements"), blank=True)
    evaluation = models.TextField(_("how we evaluate you"), blank=True)
    is_remote = models.BooleanField(_("remote"), default=False)
    is_telework_eligible = models.BooleanField(_("telework possible"), default=False)
    travel_percent = models.PositiveSmallIntegerField(_("travel, percent"), default=0)

    class Meta:
        abstract = True


class ImportedPosition(models.Model):
    """Where a draft came from, if an announcement was read in, and what could not be taken over."""

    control_number = models.CharField(
        _("USAJOBS control number"),
        max_length=20,
        blank=True,
        editable=False,
        help_text=_("Empty unless the opening was read in from an announcement"),
    )
    import_note = models.TextField(
        _("note of the import"),
        blank=True,
        editable=False,
        help_text=_("What was left empty and why, as the announcement had it"),
    )

    class Meta:
        abstract = True
