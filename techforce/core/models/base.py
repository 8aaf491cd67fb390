"""Abstract rows that every app builds on."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Row(models.Model):
    """A table with a bigint key for joins and a UUID for the outside world."""

    public_id = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that people edit. Each save through `core.versions.save_version` or a transition adds one; a stale editor
    is told so instead of overwriting."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Deadline(models.Model):
    """A row with a due date that the reminder engine watches.

    `next_reminder_at` is the instant of the next threshold and null when nothing is to be sent; sweeps read only its
    partial index. `reminder_cycle` rises whenever the due date moves or the row reopens.
    """

    due_on = models.DateField(_("due on"), null=True, blank=True)
    nudge_on = models.DateField(
        _("nudge on"), null=True, blank=True, help_text=_("Last business day on or before the due date")
    )
    reminder_cycle = models.PositiveIntegerField(_("reminder cycle"), default=1, editable=False)
    next_reminder_at = models.DateTimeField(_("next reminder at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
