"""What the forms of actions have in common."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from placements.forms.words import REASONS
from techforce.core.calendar import today
from techforce.core.forms import Form
from techforce.core.workflow import Workflow


class ActionForm(Form):
    """Asks for what comes with an action on `row`. By itself it asks for nothing."""

    def __init__(self, *arguments: Any, row: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.row = row
        self.prepare()

    def prepare(self) -> None:
        """Choices and first answers that depend on the row."""


class DayField(forms.DateField):
    """A day near today, in the browser's own calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d", "%m/%d/%Y"], **options)


class PastDayField(DayField):
    """The day on which something happened."""

    def clean(self, value: Any) -> datetime.date | None:
        day: datetime.date | None = super().clean(value)
        if day is not None and day > today():
            raise forms.ValidationError(_("Give the day on which it happened. It cannot lie in the future."))
        return day


def reason_form(flow: Workflow, name: str) -> type[ActionForm]:
    """A form that asks for one of the reasons which the transition knows."""
    known = REASONS[flow.model.lower(), name]
    choices = [("", _("Choose a reason")), *((code, known[code]) for code in flow.named(name).reasons)]
    fields = {"reason_code": forms.ChoiceField(label=_("Reason"), choices=choices)}
    return type("ReasonForm", (ActionForm,), fields)
