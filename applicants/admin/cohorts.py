"""A cohort's deadline moves later: for everybody, or after an outage for one person. The preview stands above the
form."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application
from applicants.services import drafts_of, extend_deadline, extend_for_one
from techforce.core.admin.acts import Act
from techforce.core.admin.forms import DayInput, StaffForm
from techforce.core.moments import announced
from techforce.program.admin import CohortAdmin
from techforce.program.models import Cohort
from techforce.program.workflow import OUTAGE_REASONS, CohortStatus, ExtensionReason

LAST_SECOND = 59
"""A deadline "11:59 p.m." ends with that minute."""


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class ExtensionForm(StaffForm):
    row: Cohort
    day = forms.DateField(label=gettext_lazy("New last day"), widget=DayInput())
    time = forms.TimeField(label=gettext_lazy("Time on that day"), widget=TimeInput())
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"))
    reasons: tuple[Any, ...] = tuple(ExtensionReason)

    def prepare(self) -> None:
        reason: Any = self.fields["reason_code"]
        reason.choices = [("", _("Choose a reason")), *((one.value, one.label) for one in self.reasons)]
        if self.row is not None:
            closes = announced(self.row.closes_at, self.row.time_zone)
            self.initial = {"day": closes.date(), "time": closes.time().replace(second=0), **self.initial}
            self.fields["time"].help_text = _("In the cohort's time zone, %(zone)s") % {
                "zone": self.row.time_zone
            }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, time = cleaned.pop("day", None), cleaned.pop("time", None)
        if day is None or time is None:
            return cleaned
        zone, wall = ZoneInfo(self.row.time_zone), time.replace(second=LAST_SECOND)
        until = datetime.datetime.combine(day, wall, tzinfo=zone).astimezone(datetime.UTC)
        if until.astimezone(zone).time() != wall:
            self.add_error("time", _("The clocks change that night, and this time does not exist."))
        return cleaned | {"until": until}


class OneExtensionForm(ExtensionForm):
    reference_number = forms.CharField(
        label=gettext_lazy("Reference number of the draft"),
        max_length=24,
        help_text=gettext_lazy("TF-00001234"),
    )
    reasons = OUTAGE_REASONS
    field_order = ("reference_number", "day", "time", "reason_code")


def _extend(*, row: Cohort, by: Any, **answers: Any) -> None:
    extend_deadline(cohort=row, by=by, **answers)


def _extend_one(*, row: Cohort, by: Any, **answers: Any) -> None:
    extend_for_one(cohort=row, by=by, **answers)


admin.site.unregister(Cohort)


@admin.register(Cohort)
class CohortWithApplications(CohortAdmin):
    panel_template = "admin/panels/cohort.html"
    acts = (
        Act(
            name="extend",
            label=gettext_lazy("Extend the deadline"),
            permission="program.extend_cohort",
            states=(CohortStatus.OPEN, CohortStatus.CLOSED),
            form=ExtensionForm,
            text=gettext_lazy(
                "A deadline only moves later, and it cannot be moved back. After it has passed, only an outage is a "
                "reason. Everybody with a draft gets a mail within the next minutes; reminders and calendars "
                "follow."
            ),
            run=_extend,
            done=gettext_lazy(
                "The deadline was moved and logged. Everybody with a draft gets a mail within the next minutes."
            ),
        ),
        Act(
            name="extend_one",
            label=gettext_lazy("Give one person more time"),
            permission="applicants.extend_deadline",
            states=(CohortStatus.OPEN, CohortStatus.CLOSED),
            form=OneExtensionForm,
            text=gettext_lazy(
                "Only for a person whom an outage kept from submitting. The deadline of everybody else stays."
            ),
            run=_extend_one,
            done=gettext_lazy("The person has more time. It was logged, and the person gets a mail."),
        ),
    )

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """Whom an extension concerns, as counts."""
        return {
            "draft_count": drafts_of(row).count(),
            "submitted_count": Application.objects.filter(cohort=row).exclude(status="draft").count(),
        }
