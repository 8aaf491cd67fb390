"""What is asked about more time for a disclosure: of the filer, and of the official who answers."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from placements.checklists.extensions import MOST_DAYS
from placements.forms.acting import ActionForm
from placements.forms.agency_placements import text_field
from placements.services.disclosure_extensions import days_left
from techforce.core.forms import Form


class AskForm(Form):
    days = forms.IntegerField(
        label=_("How many days more"),
        help_text=_("Calendar days after the day on which it is due."),
        min_value=1,
        max_value=MOST_DAYS,
    )
    reason = text_field(
        _("Why you need them"), _("In a few words. No holdings and no amounts."), is_long=True
    )


class GrantForm(ActionForm):
    """`row` is the request; fewer days than were asked for may be granted."""

    days = forms.IntegerField(label=_("Days granted"), min_value=1, max_value=MOST_DAYS)

    def prepare(self) -> None:
        most = min(self.row.days_asked, days_left(self.row.item, self.row.form))
        days, said = self.fields["days"], _("Calendar days, from 1 to %(most)d.") % {"most": most}
        days.initial, days.help_text = most, said
        days.validators = [MinValueValidator(1, said), MaxValueValidator(most, said)]
        days.widget.attrs["max"] = most


class DeclineForm(ActionForm):
    answer: Any = text_field(_("Why not"), _("The person reads it. The day stays as it is."), is_long=True)
