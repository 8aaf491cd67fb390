"""The certificate of eligibles: who is good enough, to whom they are referred, what became of each."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from applicants.models import Application
from placements.querysets import CertificateQuerySet, DispositionQuerySet, EntryQuerySet, ReferralQuerySet
from placements.workflow import CERTIFICATE, REFERRAL, CertificateStatus, ReferralStatus
from techforce.core.constraints import CompositeForeignKey
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned
from techforce.program.models import Cohort, Discipline

# `core.privacy` may still redact and destroy.
ONLY_WHILE_DRAFT = """
    IF coalesce(current_setting('techforce.records', true), '') IN ('redact', 'purge') THEN
        RETURN coalesce(NEW, OLD);
    END IF;
    PERFORM 1 FROM placements_certificate
        WHERE id = coalesce(NEW.certificate_id, OLD.certificate_id) AND status = 'draft' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the names of a certificate change only while it is a draft'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
"""


class CertificateMethod(models.TextChoices):
    """How the list came about. Never hard-coded: the rules on it change (90 FR 43135)."""

    CUT_OFF = "cut_off", _("Numerical ranking with a cut-off")
    CATEGORY = "category", _("Category rating")
    QUALIFIED = "qualified", _("All who are qualified")


@track("status", "cohort", "discipline", "method", "issued_at", "expires_on", "closed_at", "replaces")
@record("An ordered list of people qualified in a discipline.", keep="GRS 2.1/050, 2 years")
class Certificate(Row, Versioned):
    number = models.CharField(_("number"), max_length=40, unique=True)
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="certificates", verbose_name=_("cohort"))
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="certificates", verbose_name=_("discipline")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=CertificateStatus, default=CertificateStatus.DRAFT, editable=False
    )
    method = models.CharField(_("method"), max_length=12, choices=CertificateMethod)
    authority = models.CharField(
        _("authority"), max_length=120, help_text=_("The rule under which the list may be used and shared")
    )
    expires_on = models.DateField(
        _("expires on"), help_text=_("Last day of use; the authority decides how long")
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="replaced_by",
        verbose_name=_("replaces"),
        help_text=_("The certificate that this one amends"),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate of eligibles")
        verbose_name_plural = _("certificates of eligibles")
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["expires_on"], name="certificate_expiring", condition=Q(status="issued"))
        ]
        constraints = [
            CERTIFICATE.constraint(),
            models.CheckConstraint(
                condition=Q(method__in=CertificateMethod.values), name="certificate_method_known"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", issued_at__isnull=True)
                | (~Q(status="draft") & Q(issued_at__isnull=False)),
                name="certificate_issued_past_draft",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True) | Q(expires_on__gte=F("issued_at__date")),
                name="certificate_expires_after_issue",
            ),
            models.CheckConstraint(condition=~Q(authority=""), name="certificate_has_authority"),
            # Target of the composite foreign keys that keep entries and referrals inside the cohort.
            models.UniqueConstraint(fields=["id", "cohort"], name="certificate_of_cohort"),
        ]
        triggers = [CERTIFICATE.trigger()]

    def __str__(self) -> str:
        return self.number


@track("certificate", "application", "position", "removed_at")
@record(
    "A person on a certificate.",
    keep="GRS 2.1/050, 2 years",
    columns={"category": Sensitivity.PERSONAL, "position": Sensitivity.PERSONAL},
)
class CertificateEntry(Row):
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="entries", verbose_name=_("certificate"), db_index=False
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="certificate_entries", verbose_name=_("application")
    )
    category = models.CharField(
        _("category"), max_length=40, blank=True, help_text=_("Where the method has them")
    )
    position = models.PositiveIntegerField(
        _("position"), null=True, blank=True, help_text=_("Where the method ranks")
    )
    removed_at = models.DateTimeField(
        _("removed at"),
        null=True,
        blank=True,
        help_text=_("When eligibility ended; the entry stays on record"),
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate entry")
        verbose_name_plural = _("certificate entries")
        ordering = ("certificate", "position", "id")
        constraints = [
            models.UniqueConstraint(fields=["certificate", "application"], name="one_entry_a_person"),
            # Target of the composite foreign key of dispositions.
            models.UniqueConstraint(fields=["id", "certificate"], name="entry_of_certificate"),
        ]
        # Not on `removed_at`: eligibility may end at any time.
        triggers = [
            pgtrigger.Trigger(
                name="entries_of_a_draft",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.Delete
                | pgtrigger.UpdateOf("certificate_id", "application_id", "category", "position"),
                func=ONLY_WHILE_DRAFT,
            )
        ]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.application}"


@track("status", "certificate", "opening", "due_on", "returned_at")
@record("A certificate handed to an agency for one opening.", keep="GRS 2.1/050, 2 years")
class Referral(Row, Versioned, Deadline):
    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="referrals", verbose_name=_("certificate"), db_index=False
    )
    opening = models.ForeignKey(Opening, models.PROTECT, related_name="referrals", verbose_name=_("opening"))
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="+", verbose_name=_("cohort"), editable=False
    )
    status = models.CharField(
        _("status"), max_length=10, choices=ReferralStatus, default=ReferralStatus.OPEN, editable=False
    )
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True, editable=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ("-id",)
        constraints = [
            REFERRAL.constraint(),
            models.UniqueConstraint(fields=["certificate", "opening"], name="one_referral_an_opening"),
            models.CheckConstraint(
                condition=Q(status="returned", returned_at__isnull=False)
                | (~Q(status="returned") & Q(returned_at__isnull=True)),
                name="referral_returned_with_time",
            ),
            # Target of the composite foreign key of dispositions.
            models.UniqueConstraint(fields=["id", "certificate"], name="referral_of_certificate"),
            # Certificate and opening belong to one cohort.
            CompositeForeignKey(
                name="referral_certificate_in_cohort",
                fields=["certificate", "cohort"],
                to="placements.Certificate",
                to_fields=["id", "cohort"],
            ),
            CompositeForeignKey(
                name="referral_opening_in_cohort",
                fields=["opening", "cohort"],
                to="agencies.Opening",
                to_fields=["id", "cohort"],
            ),
        ]
        triggers = [REFERRAL.trigger()]

    def __str__(self) -> str:
        return f"{self.certificate}: {self.opening}"


class DispositionCode(models.TextChoices):
    """What became of a name. Every name gets one before the certificate is returned."""

    SELECTED = "selected", _("Selected")
    NOT_SELECTED = "not_selected", _("Not selected")
    NOT_CONSIDERED = "not_considered", _("Not considered")
    DECLINED_LOCATION = "declined_location", _("Declined because of the location")
    DECLINED_PAY = "declined_pay", _("Declined because of the pay")
    FAILED_TO_REPLY = "failed_to_reply", _("Did not reply")
    OBJECTION_SUSTAINED = "objection_sustained", _("Objection sustained")


@track("referral", "entry", "code", "decided_by", "decided_at")
@record("What an agency did with one name of a referred certificate.", keep="GRS 2.1/050, 2 years")
class Disposition(Row):
    referral = models.ForeignKey(
        Referral, models.PROTECT, related_name="dispositions", verbose_name=_("referral"), db_index=False
    )
    entry = models.ForeignKey(
        CertificateEntry, models.PROTECT, related_name="dispositions", verbose_name=_("certificate entry")
    )
    certificate = models.ForeignKey(
        Certificate,
        models.PROTECT,
        related_name="+",
        verbose_name=_("certificate"),
        editable=False,
        db_index=False,
    )
    code = models.CharField(_("code"), max_length=20, choices=DispositionCode)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"))

    objects = DispositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("disposition")
        verbose_name_plural = _("dispositions")
        ordering = ("referral", "entry")
        constraints = [
            models.UniqueConstraint(fields=["referral", "entry"], name="one_disposition_a_name"),
            models.CheckConstraint(
                condition=Q(code__in=DispositionCode.values), name="disposition_code_known"
            ),
            CompositeForeignKey(
                name="disposition_referral_of_certificate",
                fields=["referral", "certificate"],
                to="placements.Referral",
                to_fields=["id", "certificate"],
            ),
            CompositeForeignKey(
                name="disposition_entry_of_certificate",
                fields=["entry", "certificate"],
                to="placements.CertificateEntry",
                to_fields=["id", "certificate"],
            ),
        ]

    def __str__(self) -> str:
        return self.get_code_display()
