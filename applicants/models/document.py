"""A file that somebody gave. What arrived is never served: a clean file is one that was rewritten, and it is served as
an attachment only (trust.md §3).
"""

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import DocumentQuerySet, DocumentTextQuerySet
from applicants.workflow import DOCUMENT, DocumentStatus, RefusalReason
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row

LARGEST_DOCUMENT = 5 * 1024 * 1024
QUARANTINE = "quarantine"
MOST_KEPT = 100_000
"""Characters of a text that are kept; a résumé has some 5,000."""


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
    is_made_here = models.BooleanField(
        _("made from the answers"), default=False, help_text=_("We wrote the file from the person's answers")
    )
    size = models.PositiveIntegerField(_("size in bytes"), help_text=_("Size of what arrived, in bytes"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, help_text=_("SHA-256 of what arrived"))
    clean_sha256 = models.CharField(
        _("SHA-256 of the rewritten file"),
        max_length=64,
        blank=True,
        editable=False,
        help_text=_("SHA-256 of what is served: the file as we rewrote it"),
    )
    has_text = models.BooleanField(
        _("has text"), null=True, help_text=_("No: a scan; it is accepted, but cannot be searched")
    )
    shows_ssn = models.BooleanField(
        _("seems to show a Social Security number"),
        default=False,
        editable=False,
        help_text=_("A pattern like one stands in it; the person is asked to replace the file"),
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
                condition=Q(status__in=["quarantined", "refused"], clean_sha256="")
                | Q(status__in=["clean", "replaced"], clean_sha256__regex=r"^[0-9a-f]{64}$"),
                name="document_clean_iff_rewritten",
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
    def arrived_name(self) -> str:
        """Where what arrived lies until it was judged; nothing of the person is in the name."""
        return f"{QUARANTINE}/{self.storage_key}"

    @property
    def stored_name(self) -> str:
        """Where the rewritten file lies, the only one that is ever served."""
        return f"documents/{self.storage_key}"

    @property
    def stored_names(self) -> tuple[str, str]:
        """Wherever bytes of it may lie: they go together."""
        return self.arrived_name, self.stored_name

    @property
    def is_replaced(self) -> bool:
        """A newer file of its kind is there, whatever the scanner says of that one."""
        newer = Document.objects.filter(application=self.application_id, kind=self.kind, pk__gt=self.pk)
        return newer.exists()


@record(
    "The text of a résumé, for the search of staff.",
    keep=f"with its file: {KEEP}; goes at once when the file is replaced",
    sensitivity=Sensitivity.PERSONAL,
)
class DocumentText(Row):
    document = models.OneToOneField(Document, models.CASCADE, related_name="text", verbose_name=_("document"))
    text = models.TextField(_("text"), help_text=_("As the scanner read it, without what looks like an SSN"))
    words = models.GeneratedField(
        expression=SearchVector("text", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
        verbose_name=_("words"),
        help_text=_("The text as the search sees it"),
    )

    objects = DocumentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("text of a document")
        verbose_name_plural = _("texts of documents")
        ordering = ("-id",)
        constraints = [
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("text"), MOST_KEPT)) & ~Q(text=""),
                name="document_text_length",
            ),
        ]
        indexes = [GinIndex(fields=["words"], name="document_text_words")]

    def __str__(self) -> str:
        return str(self.document)
