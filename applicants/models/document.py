"""A file that somebody gave. Only a clean one is ever served, as an attachment (trust.md §3)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import DocumentQuerySet
from applicants.workflow import DOCUMENT, DocumentStatus, RefusalReason
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row

LARGEST_DOCUMENT = 5 * 1024 * 1024


class DocumentKind(models.TextChoices):
    RESUME = "resume", _("Résumé")
    TRANSCRIPT = "transcript", _("Transcript")
    OTHER = "other", _("Other")


class DocumentFormat(models.TextChoices):
    """Found in the content, never taken from the name."""

    PDF = "pdf", _("PDF")
    DOCX = "docx", _("Word")
    TXT = "txt", _("Text")


@track("status", "application", "kind", "format", "scanned_at")
@record("A file of an application.", keep=KEEP, columns={"label": Sensitivity.PERSONAL})
class Document(Row):
    status = models.CharField(
        _("status"), max_length=11, choices=DocumentStatus, default=DocumentStatus.QUARANTINED, editable=False
    )
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="documents", verbose_name=_("application")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=DocumentKind, default=DocumentKind.RESUME)
    format = models.CharField(_("format"), max_length=4, choices=DocumentFormat)
    storage_key = models.UUIDField(
        _("storage key"),
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text=_("Name of the file in the store"),
    )
    label = models.CharField(
        _("label"), max_length=120, help_text=_("The file's name, cleaned; only shown, never opened")
    )
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    has_text = models.BooleanField(
        _("has text"), null=True, help_text=_("No: a scan; it is accepted, but cannot be searched")
    )
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True, editable=False)
    refusal = models.CharField(
        _("why refused"),
        max_length=20,
        choices=RefusalReason,
        blank=True,
        editable=False,
        help_text=_("The bytes are gone; this is what the person is told"),
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("application", "-id")
        triggers = [DOCUMENT.trigger()]
        constraints = [
            DOCUMENT.constraint(),
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="document_kind_known"),
            models.CheckConstraint(
                condition=Q(format__in=DocumentFormat.values), name="document_format_known"
            ),
            models.CheckConstraint(
                condition=Q(size__gte=1, size__lte=LARGEST_DOCUMENT), name="document_size"
            ),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_digest_form"),
            models.CheckConstraint(condition=~Q(label=""), name="document_has_a_label"),
            models.CheckConstraint(
                condition=Q(status="quarantined", scanned_at__isnull=True)
                | (~Q(status="quarantined") & Q(scanned_at__isnull=False)),
                name="document_scanned_at_iff_scanned",
            ),
            models.CheckConstraint(
                condition=Q(status="refused", refusal__in=RefusalReason.values)
                | (~Q(status="refused") & Q(refusal="")),
                name="document_refused_says_why",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(kind="resume", status="clean"), name="one_clean_resume"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], name="document_quarantine", condition=Q(status="quarantined")
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def stored_name(self) -> str:
        """Where the bytes lie in the store; nothing of the person is in it."""
        return f"documents/{self.storage_key}"

    @property
    def is_replaced(self) -> bool:
        """A newer file of its kind is there, whatever the scanner says of that one."""
        newer = Document.objects.filter(application=self.application_id, kind=self.kind, pk__gt=self.pk)
        return newer.exists()
