"""A change to a published opening, for OPM to approve."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.fields import Day, Text, Whole, moment_after
from agencies.models import Opening
from techforce.core.forms import Form
from techforce.core.moments import announced

TEXTS = ("title", "summary", "duties", "requirements", "evaluation")
SWITCHES = ("is_remote", "is_telework_eligible")


class ChangeForm(Form):
    """Shows what the public reads now. What is left as it is stays as it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    summary = Text(label=gettext_lazy("Summary"))
    duties = Text(label=gettext_lazy("Duties"))
    requirements = Text(label=gettext_lazy("Requirements"))
    evaluation = Text(label=gettext_lazy("How we evaluate you"))
    closes_on = Day(label=gettext_lazy("Last day"), help_text=gettext_lazy("It can only move later."))
    is_remote = forms.BooleanField(label=gettext_lazy("Remote"), required=False)
    is_telework_eligible = forms.BooleanField(label=gettext_lazy("Telework possible"), required=False)
    reason = Text(label=gettext_lazy("Why"), help_text=gettext_lazy("OPM reads this. The public does not."))

    def __init__(self, data: Any = None, *, opening: Opening) -> None:
        self.opening = opening
        now = {name: getattr(opening, name) for name in (*TEXTS, *SWITCHES)}
        if opening.closes_at:  # as every published opening has
            now["closes_on"] = announced(opening.closes_at, opening.time_zone).date()
        super().__init__(data, initial=now)

    def clean_closes_on(self) -> Any:
        day = self.cleaned_data["closes_on"]
        if day < self.initial["closes_on"]:
            raise forms.ValidationError(_("A published deadline can only move later."))
        return day

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.changes():
            raise forms.ValidationError(
                _("Nothing is different from what is published. Change something first.")
            )
        return self.cleaned_data

    def changes(self) -> dict[str, Any]:
        """New values by column of what was changed."""
        changed = {name: self.cleaned_data[name] for name in (*TEXTS, *SWITCHES) if name in self.changed_data}
        if "closes_on" in self.changed_data:
            opening = self.opening
            changed["closes_at"] = moment_after(
                self.cleaned_data["closes_on"], opening.time_zone, opening.closes_at
            )
        return changed


class SeatsForm(Form):
    """How many seats are left after a cut."""

    seats = Whole(label=gettext_lazy("Seats from now on"), min_value=0)
