"""Words that both sides of a placement share: disciplines, series, tiers, sensitivities."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from techforce.core import labels
from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import record
from techforce.core.models import Row
from techforce.core.querysets import PublicQuerySet
from techforce.program.querysets import ReferenceQuerySet

PUBLIC = labels.Sensitivity.PUBLIC


class Ranked(Row):
    """A reference row with a stable code, a name, and its place in lists."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    rank = models.PositiveSmallIntegerField(_("rank"), help_text=_("Place in lists, lowest first"))

    class Meta:
        abstract = True
        ordering = ("rank", "code")
        indexes = [models.Index(fields=["rank", "id"], name="%(class)s_by_rank")]

    def __str__(self) -> str:
        return self.name


@track("is_active")
@record("A field of work in which people apply.", keep="permanent", sensitivity=PUBLIC)
class Discipline(Ranked):
    description = models.TextField(_("description"), help_text=_("Shown to people who choose where to apply"))
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("May be chosen for something new")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta(Ranked.Meta):
        verbose_name = _("discipline")
        verbose_name_plural = _("disciplines")


@track("has_positive_education_requirement", "is_active")
@record("An occupational series of the Office of Personnel Management.", keep="permanent", sensitivity=PUBLIC)
class OccupationalSeries(Row):
    code = models.CharField(
        _("code"), max_length=4, unique=True, help_text=_("Four digits, with the leading zero")
    )
    title = models.CharField(_("title"), max_length=120)
    has_positive_education_requirement = models.BooleanField(
        _("requires certain education"),
        default=False,
        help_text=_("A degree or certain courses are required; the program itself asks for none"),
    )
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("May be chosen for something new")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("occupational series")
        verbose_name_plural = _("occupational series")
        ordering = ("code",)
        indexes = [
            trigram_index("code", name="series_code_words"),
            trigram_index("title", name="series_title_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{4}$"), name="series_has_four_digits")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


@record("A questionnaire with which a background investigation begins.", keep="permanent", sensitivity=PUBLIC)
class Questionnaire(Ranked):
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("May be chosen for something new")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta(Ranked.Meta):
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")


@record("National security sensitivity of a position (5 CFR 1400.201).", keep="permanent", sensitivity=PUBLIC)
class Sensitivity(Ranked):
    is_waiver_possible = models.BooleanField(
        _("waiver possible"),
        help_text=_(
            "Whether a person may start before the investigation ends under a waiver (5 CFR 1400.202)"
        ),
    )

    objects = PublicQuerySet.as_manager()

    class Meta(Ranked.Meta):
        verbose_name = _("sensitivity")
        verbose_name_plural = _("sensitivities")
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="special", is_waiver_possible=True),
                name="special_sensitive_is_never_waived",
            )
        ]


class Clearance(models.TextChoices):
    """The highest access that a tier's investigation can support."""

    NONE = "none", _("Not required")
    SECRET = "secret", _("Secret")
    TOP_SECRET = "top_secret", _("Top Secret")


@record(
    "A tier of personnel vetting; it follows the position, not the person.",
    keep="permanent",
    sensitivity=PUBLIC,
)
class VettingTier(Ranked):
    legacy_name = models.CharField(_("name before Trusted Workforce 2.0"), max_length=40)
    trusted_workforce_name = models.CharField(_("name in Trusted Workforce 2.0"), max_length=40)
    questionnaire = models.ForeignKey(
        Questionnaire, models.PROTECT, related_name="tiers", verbose_name=_("questionnaire")
    )
    clearance = models.CharField(_("clearance"), max_length=12, choices=Clearance, default=Clearance.NONE)
    is_national_security = models.BooleanField(
        _("national security"), help_text=_("The position is sensitive, so EO 10450 and 5 CFR 1400 apply")
    )

    objects = PublicQuerySet.as_manager()

    class Meta(Ranked.Meta):
        verbose_name = _("vetting tier")
        verbose_name_plural = _("vetting tiers")
        constraints = [
            models.CheckConstraint(condition=Q(clearance__in=Clearance.values), name="tier_clearance_known"),
            models.CheckConstraint(
                condition=Q(clearance="none") | Q(is_national_security=True),
                name="tier_clearance_needs_sensitivity",
            ),
        ]
