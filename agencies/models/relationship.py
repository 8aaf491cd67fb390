"""What an office has to do with a company: the third input of the conflict screen (domain rules, 18 U.S.C.
208)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Office
from agencies.querysets import RelationshipQuerySet, RelationshipReaderQuerySet
from techforce.core.calendar import today
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.program.models import Company


class RelationshipKind(models.TextChoices):
    PRIME_CONTRACT = "prime_contract", _("Prime contract")
    SUBCONTRACT = "subcontract", _("Subcontract")
    OPEN_SOLICITATION_BIDDER = "open_solicitation_bidder", _("Bidder in an open solicitation")
    GRANT_OR_OTHER_AGREEMENT = (
        "grant_or_other_agreement",
        _("Grant, other transaction, or research agreement"),
    )
    REGULATED_PARTY = "regulated_party", _("Regulated party")
    INVESTIGATION_OR_LITIGATION = "investigation_or_litigation", _("Investigation or litigation")
    LICENSOR_OF_TOOLS = "licensor_of_tools", _("Licenses tools to the office")
    ADVISORY = "advisory", _("Advises the office")
    NONE_KNOWN = "none_known", _("None known")


# Knowing of these is itself sensitive (41 U.S.C. 2102; trust.md I18).
RESTRICTED_KINDS = (RelationshipKind.OPEN_SOLICITATION_BIDDER, RelationshipKind.INVESTIGATION_OR_LITIGATION)


class ValueBand(models.TextChoices):
    UNKNOWN = "unknown", _("Unknown")
    UNDER_THRESHOLD = "under_350k", _("Up to $350,000")
    UP_TO_10M = "up_to_10m", _("Over $350,000 to $10 million")
    OVER_10M = "over_10m", _("Over $10 million")


class RelationshipSource(models.TextChoices):
    USASPENDING = "usaspending", _("USAspending")
    FPDS = "fpds", _("Federal Procurement Data System")
    AGENCY = "agency", _("The agency")


class Confidence(models.TextChoices):
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


@track(
    "office", "company", "kind", "value_band", "source", "as_of_on", "confidence", "is_restricted", "ended_on"
)
@record(
    "A relationship between an office and a company.",
    keep="GRS 2.8/010, 6 years after it ends",
    sensitivity=Sensitivity.RESTRICTED,
)
class OfficePartnerRelationship(Row, Versioned):
    office = models.ForeignKey(Office, models.PROTECT, related_name="relationships", verbose_name=_("office"))
    company = models.ForeignKey(
        Company, models.PROTECT, related_name="relationships", verbose_name=_("company")
    )
    kind = models.CharField(_("kind"), max_length=28, choices=RelationshipKind)
    value_band = models.CharField(_("value"), max_length=12, choices=ValueBand, default=ValueBand.UNKNOWN)
    contract_number = models.CharField(_("contract number"), max_length=50, blank=True)
    source = models.CharField(_("source"), max_length=12, choices=RelationshipSource)
    as_of_on = models.DateField(_("as of"), default=today)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence, default=Confidence.MEDIUM
    )
    is_restricted = models.BooleanField(
        _("restricted"),
        default=False,
        help_text=_("Only ethics officials of the agency and named contracting staff may know of it"),
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("relationship of an office to a company")
        verbose_name_plural = _("relationships of offices to companies")
        ordering = ("office", "company", "-as_of_on", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["office", "company", "kind", "contract_number"],
                condition=Q(ended_on__isnull=True),
                name="one_live_relationship_a_contract",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RelationshipKind.values), name="relationship_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(value_band__in=ValueBand.values), name="relationship_value_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=RelationshipSource.values), name="relationship_source_known"
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=Confidence.values), name="relationship_confidence_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=RESTRICTED_KINDS) | Q(is_restricted=True),
                name="restricted_kinds_are_restricted",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("as_of_on")),
                name="relationship_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} · {self.company}: {self.get_kind_display()}"


@track("relationship", "user", "named_by", "named_on")
@record(
    "Contracting staff who may know of one restricted relationship.",
    keep="with its relationship",
    sensitivity=Sensitivity.RESTRICTED,
)
class RelationshipReader(Row):
    relationship = models.ForeignKey(
        OfficePartnerRelationship, models.CASCADE, related_name="readers", verbose_name=_("relationship")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("reader")
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("named by")
    )
    named_on = models.DateField(_("named on"), default=today)

    objects = RelationshipReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader of a restricted relationship")
        verbose_name_plural = _("readers of restricted relationships")
        ordering = ("relationship", "id")
        constraints = [
            models.UniqueConstraint(fields=["relationship", "user"], name="one_naming_a_reader"),
            models.CheckConstraint(condition=~Q(user=F("named_by")), name="reader_named_by_another"),
        ]

    def __str__(self) -> str:
        return f"{self.relationship} · {self.user}"
