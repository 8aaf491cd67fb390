"""The log of reminders, the dates that are watched, and a reminder as it would read."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from techforce.core.admin.base import ReadOnlyAdmin
from techforce.core.ladders import declared
from techforce.core.ladders.words import rung_in_words
from techforce.core.reminders.preview import ladder_for, mail_for
from techforce.core.reminders.registry import ReminderRule, rules


class Spoken:
    """Columns in words, for rows that name a rule."""

    @admin.display(description=_("about"))
    def about(self, row: Any) -> str:
        return rule_in_words(row.rule)


class ReminderLedgerAdmin(Spoken, ReadOnlyAdmin):
    list_display = (
        "at",
        "about",
        "when",
        "occurrence",
        "subject_type",
        "subject_id",
        "recipient",
        "acknowledged_at",
        "paused_until",
    )
    readonly_fields = ("about", "when")
    search_fields = ("=subject_id",)
    panel_template = "admin/panels/reminder.html"

    @admin.display(description=_("when"))
    def when(self, row: Any) -> str:
        return rung_in_words(row.threshold)

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"preview_url": preview_url(row.rule, row.subject_id)}

    def get_urls(self) -> list[URLPattern]:
        preview = path(
            "preview/", self.admin_site.admin_view(self.preview), name="core_reminderledger_preview"
        )
        return [preview, *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """Of one row that a rule watches, named by its reference."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule = next((each for each in rules() if each.key == request.GET.get("rule")), None)
        reference = request.GET.get("reference", "").strip()
        row = _row(rule, reference) if rule and reference else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "rules": sorted(
                ((each.key, rule_in_words(each.key)) for each in rules()), key=lambda named: named[1]
            ),
            "rule": rule,
            "reference": reference,
            "row": row,
            "rungs": ladder_for(rule, row) if rule and row else [],
            "mail": mail_for(rule, row) if rule and row else None,
        }
        return TemplateResponse(request, "admin/reminder_preview.html", context)


class WatchAdmin(Spoken, ReadOnlyAdmin):
    list_display = ("about", "subject_type", "subject_id", "due_on", "nudge_on", "next_reminder_at")
    search_fields = ("=subject_id", "=public_id")
    panel_template = "admin/panels/reminder.html"

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"preview_url": preview_url(row.rule, row.pk)}


def rule_in_words(key: str) -> str:
    """By the ladder of the same key; a rule of many ladders is named by what it watches."""
    if key in declared():
        return declared()[key].item
    rule = next((each for each in rules() if each.key == key), None)
    return capfirst(rule.model._meta.verbose_name) if rule else key


def preview_url(key: str, subject_id: int) -> str:
    rule = next((each for each in rules() if each.key == key), None)
    row = rule.rows().filter(pk=subject_id).first() if rule else None
    if row is None:
        return ""
    return f"{reverse('admin:core_reminderledger_preview')}?{urlencode({'rule': key, 'reference': row.public_id})}"


def _row(rule: ReminderRule, reference: str) -> Any:
    try:
        known = UUID(reference)
    except ValueError as error:
        raise Http404 from error
    found = rule.loaded(rule.rows().filter(public_id=known))
    if not found:
        raise Http404
    return found[0]
