"""Records with a due date, whose reminder day is called by a plain word."""

import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from techforce.core.admin.base import ReadOnlyAdmin


class RemindedAdmin(ReadOnlyAdmin):
    readonly_fields = ("reminder_by",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        names = [name for name in super().get_fields(request, obj) if name not in self.readonly_fields]
        return ["reminder_by" if name == "nudge_on" else name for name in names]

    @admin.display(description=_("Reminder by"), ordering="nudge_on")
    def reminder_by(self, row: Any) -> datetime.date | None:
        """The last business day on or before the due date."""
        day: datetime.date | None = row.nudge_on
        return day
