"""What an agency is asked about a placement and its steps."""

import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.forms.acting import ActionForm, DayField, PastDayField
from placements.forms.words import CHANGED, ENDED_EARLY, outcome_word
from placements.models import Outcome, StepRole
from placements.services.placement import end_of_term
from techforce.core.calendar import today


def text_field(
    label: Any, help_text: Any = "", *, is_long: bool = False, required: bool = True
) -> forms.CharField:
    """A line, or a paragraph."""
    if is_long:
        return forms.CharField(
            label=label, help_text=help_text, required=required, max_length=2000, widget=forms.Textarea
        )
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=120)


# ── The placement ─────────────────────────────────────────────────────────────────────────────────
class StartForm(ActionForm):
    effective_on = PastDayField(
        label=gettext_lazy("Day of entry on duty"),
        help_text=gettext_lazy("The term counts from this day."),
    )

    def prepare(self) -> None:
        self.fields["effective_on"].initial = min(self.row.starts_on, today())


class ExceptionalStartForm(StartForm):
    authority = text_field(gettext_lazy("Authority"), gettext_lazy("The rule that allows it"))
    reason = text_field(
        gettext_lazy("Reason"), gettext_lazy("Why the start cannot wait; no names of others"), is_long=True
    )


class FollowUpForm(ActionForm):
    followed_up_on = PastDayField(label=gettext_lazy("Followed up on"))

    def prepare(self) -> None:
        self.fields["followed_up_on"].initial = today()


class MoveStartForm(ActionForm):
    starts_on = DayField(label=gettext_lazy("Planned first day"))

    def prepare(self) -> None:
        self.fields["starts_on"].initial = self.row.starts_on


class ExtendForm(ActionForm):
    ends_on = DayField(label=gettext_lazy("New last day"))

    def clean_ends_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["ends_on"]
        last = end_of_term(self.row.starts_on, self.row.mechanism_limit_months)
        if day > last and self.row.appointment_mechanism != "other":
            sentence = _("All terms together end by %(day)s at the latest.")
            raise forms.ValidationError(sentence % {"day": f"{last:%B} {last.day}, {last.year}"})
        return day


class ChangeForm(ActionForm):
    what = forms.ChoiceField(
        label=gettext_lazy("What changed"), choices=CHANGED.items(), widget=forms.RadioSelect
    )
    happened_on = PastDayField(label=gettext_lazy("Since when"))


class EndEarlyForm(ActionForm):
    ended_on = PastDayField(label=gettext_lazy("Last day of service"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose a reason")), *ENDED_EARLY.items()]
    )

    def clean_ended_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["ended_on"]
        if day < self.row.starts_on:
            raise forms.ValidationError(_("The last day comes after the first one."))
        return day


class CloseForm(ActionForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What became of the person"), choices=Outcome.choices)


class VettingWaiverForm(ActionForm):
    issued_by = text_field(gettext_lazy("Issued by"), gettext_lazy("Title of the agency head’s delegate"))
    emergency = text_field(
        gettext_lazy("Emergency"),
        gettext_lazy("Why the national interest asks for it; no names"),
        is_long=True,
    )
    document_reference = text_field(
        gettext_lazy("Document reference"), gettext_lazy("Where the signed text is kept")
    )
    issued_on = PastDayField(label=gettext_lazy("Issued on"))
    expires_on = DayField(label=gettext_lazy("Last day"))
    is_person_told = forms.BooleanField(
        label=gettext_lazy("The person was told that this decision rests on limited information."),
        error_messages={"required": gettext_lazy("Tell the person first (5 CFR 1400.202).")},
    )


# ── A step ────────────────────────────────────────────────────────────────────────────────────────
class OutcomeForm(ActionForm):
    """A step that can only be done asks for the day alone."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    effective_on = PastDayField(label=gettext_lazy("When it happened"))
    reference = text_field(
        gettext_lazy("Reference"),
        gettext_lazy("Number in the system that holds the record; nothing of its content"),
        required=False,
    )

    def prepare(self) -> None:
        outcomes = self.row.step.outcomes
        choice = cast("forms.ChoiceField", self.fields["outcome"])
        choice.choices = [(code, outcome_word(code)) for code in outcomes]
        if len(outcomes) == 1:
            self.fields["outcome"].widget = forms.HiddenInput()
            self.fields["outcome"].initial = outcomes[0]
        self.fields["effective_on"].initial = today()
        self.fields["reference"].initial = self.row.external_reference


class WaitForm(ActionForm):
    waiting_on = forms.ChoiceField(
        label=gettext_lazy("Waiting for"), choices=[("", gettext_lazy("Choose a party")), *StepRole.choices]
    )
    since = PastDayField(label=gettext_lazy("Since"), initial=today, required=False)


class GoOnForm(ActionForm):
    until = PastDayField(
        label=gettext_lazy("The wait ended on"),
        help_text=gettext_lazy("The days until then are counted for the party that held it."),
        initial=today,
        required=False,
    )


class ExcuseForm(ActionForm):
    authority = text_field(
        gettext_lazy("Authority"), gettext_lazy("The rule or decision that allows the excuse")
    )
