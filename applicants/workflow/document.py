"""The life of a document: out of quarantine or refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class DocumentStatus(models.TextChoices):
    QUARANTINED = "quarantined", _("Being checked")
    CLEAN = "clean", _("Checked")
    REFUSED = "refused", _("Refused")
    REPLACED = "replaced", _("Replaced")


class RefusalReason(models.TextChoices):
    """Why a file was refused; each has a sentence that says what to do."""

    MALWARE = "malware", _("The virus scanner found something")
    WRONG_TYPE = "wrong_type", _("Not a PDF, Word or text file")
    ACTIVE_CONTENT = "active_content", _("It contains scripts, macros or attachments")
    ENCRYPTED = "encrypted", _("It needs a password to open")
    DAMAGED = "damaged", _("It cannot be read")
    TOO_LARGE = "too_large", _("It is too large")


DOCUMENT = Workflow(
    model="applicants.Document",
    states=DocumentStatus,
    initial=("quarantined",),
    transitions=(
        Transition(
            name="accept",
            sources=("quarantined",),
            target="clean",
            label=_("Accept"),
            permission="applicants.scan_document",
            stamp="scanned_at",
            offered=False,
        ),
        Transition(
            name="refuse",
            sources=("quarantined",),
            target="refused",
            label=_("Refuse"),
            permission="applicants.scan_document",
            reasons=tuple(RefusalReason.values),
            stamp="scanned_at",
            offered=False,
        ),
        Transition(
            name="accept_too_late",
            sources=("quarantined",),
            target="replaced",
            label=_("Accept after a newer one"),
            permission="applicants.scan_document",
            stamp="scanned_at",
            offered=False,
        ),
        Transition(
            name="replace",
            sources=("clean",),
            target="replaced",
            label=_("Replace"),
            permission="applicants.replace_document",
            offered=False,
        ),
    ),
)
