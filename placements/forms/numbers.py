"""What an agency says when it puts a figure right."""

from django import forms
from django.utils.translation import gettext_lazy as _

from techforce.core.forms import Form


class CorrectionForm(Form):
    corrected_to = forms.IntegerField(label=_("Right figure"), min_value=0, max_value=1_000_000)
    note = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("Everybody reads this beside the figure. Name nobody, and give no number of people."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
