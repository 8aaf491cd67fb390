"""When and where an agency speaks with a person."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import InterviewMode
from applicants.workflow import INTERVIEW, InterviewCancelReason
from placements.forms.acting import ActionForm, DayField
from techforce.core.moments import EASTERN, ZONE_NAMES

LENGTHS = (15, 30, 45, 60, 90, 120, 180, 240)


class InterviewForm(ActionForm):
    """Gives moments, not the words on the wall: `cleaned_data` has `starts_at`, `ends_at` and where."""

    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(
        label=gettext_lazy("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        input_formats=["%H:%M", "%I:%M %p", "%H:%M:%S"],
        help_text=gettext_lazy("For example 2:30 PM"),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=[
            (zone, f"{name} ({zone.rpartition('/')[2].replace('_', ' ')})")
            for zone, name in ZONE_NAMES.items()
        ],
        initial=EASTERN,
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Length in minutes"),
        choices=[(m, str(m)) for m in LENGTHS],
        coerce=int,
        initial=60,
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How you meet"), choices=InterviewMode, initial=InterviewMode.VIDEO
    )
    place = forms.CharField(
        label=gettext_lazy("Link, telephone number or address"),
        help_text=gettext_lazy("Only the person and your colleagues who consider candidates see it."),
        max_length=300,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        parts = [cleaned.pop(name, None) for name in ("day", "time", "minutes")]
        day, time, minutes = parts
        if self.errors or day is None or time is None or minutes is None:
            return cleaned
        zone = ZoneInfo(cleaned["time_zone"])
        starts_at = datetime.datetime.combine(day, time, tzinfo=zone).astimezone(datetime.UTC)
        if starts_at.astimezone(zone).time() != time:
            self.add_error("time", _("The clocks change that night, and this time does not exist."))
            return cleaned
        ends_at = starts_at + datetime.timedelta(minutes=minutes)
        return cleaned | {"starts_at": starts_at, "ends_at": ends_at}


class MoveForm(InterviewForm):
    """Begins with what is fixed now, and carries the version of it that was on the screen."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def prepare(self) -> None:
        local = self.row.starts_at.astimezone(ZoneInfo(self.row.time_zone))
        length = int((self.row.ends_at - self.row.starts_at).total_seconds() // 60)
        self.initial = {
            "version": self.row.version,
            "day": local.date(),
            "time": local.time(),
            "minutes": length,
            "time_zone": self.row.time_zone,
            "mode": self.row.mode,
            "place": self.row.place,
        }


class CancelForm(ActionForm):
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            ("", gettext_lazy("Choose a reason")),
            *((code, InterviewCancelReason(code).label) for code in INTERVIEW.named("cancel").reasons),
        ],
    )
