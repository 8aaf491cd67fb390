"""What a person is asked on their own pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms import LONGEST_LETTER, TextForm
from placements.workflow import OFFER
from placements.workflow.offer import DECLINE_REASONS
from techforce.core.forms import CountedTextarea, Form


class ConfirmForm(Form):
    """A button that asks nothing more; carries a refusal to the page."""


class AcceptForm(Form):
    """Accepts the offer as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DeclineForm(Form):
    reason_code = forms.ChoiceField(
        label=_("Your reason"),
        help_text=_("The agency sees it. It does not count against you anywhere else."),
        choices=[(code, DECLINE_REASONS[code]) for code in OFFER.named("decline").reasons],
        widget=forms.RadioSelect,
        initial="no_reason",
    )


class InformationForm(TextForm):
    body = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "Please do not send a Social Security number, health details or answers of an investigation."
        ),
        max_length=LONGEST_LETTER,
        widget=CountedTextarea(attrs={"rows": 8}),
    )
