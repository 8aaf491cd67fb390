"""What the office fills in about a case."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.forms import LONGEST_LETTER
from applicants.reminders import case_staff
from applicants.services.guards import reviews_of_their_own
from applicants.workflow import (
    ACCOMMODATION_OUTCOMES,
    REVIEW_REASONS,
    CaseOutcome,
    ReopenReason,
    ReviewReason,
)
from techforce.core.admin.forms import DayInput, StaffForm
from techforce.core.calendar import today

REASONS_IN_WORDS = dict([*ReviewReason.choices, *ReopenReason.choices])


def letter(label: Any, help_text: Any = "") -> forms.CharField:
    """What the person reads."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class MessageForm(StaffForm):
    body = letter(
        gettext_lazy("Your message"),
        gettext_lazy(
            "The person reads it on their own page, without your name. The mail says only that it is there."
        ),
    )
    reply_by = forms.DateField(
        label=gettext_lazy("The person answers by"),
        help_text=gettext_lazy("Only if you ask them something: it becomes a task on their page."),
        required=False,
        widget=DayInput(),
    )

    def clean_reply_by(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["reply_by"]
        if day is not None and day < today():
            raise forms.ValidationError(_("This day has gone by."))
        return day


class AssignForm(StaffForm):
    owner = forms.ChoiceField(label=gettext_lazy("Who answers"))

    def prepare(self) -> None:
        self.able = {
            str(person.pk): person
            for person in case_staff()
            if person.has_perm("applicants.work_case", self.row)
            and not reviews_of_their_own([self.row], person)
        }
        field: Any = self.fields["owner"]
        field.choices = [
            ("", _("Choose a person")),
            *((key, str(person)) for key, person in self.able.items()),
        ]

    def clean_owner(self) -> Any:
        return self.able[self.cleaned_data["owner"]]


class AccommodationForm(StaffForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[(outcome.value, outcome.label) for outcome in ACCOMMODATION_OUTCOMES],
        widget=forms.RadioSelect,
    )
    body = letter(
        gettext_lazy("What is arranged, or why not"),
        gettext_lazy("The person reads it on their own page. Medical details stay out of it."),
    )


class ReviewForm(StaffForm):
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[(outcome, CaseOutcome(outcome).label) for outcome in REVIEW_REASONS],
        widget=forms.RadioSelect,
    )
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"))
    body = letter(
        gettext_lazy("What we tell the person"),
        gettext_lazy("The result and why, in plain and neutral words. No scores, and nobody’s name."),
    )

    def prepare(self) -> None:
        field: Any = self.fields["reason_code"]
        groups = [
            (CaseOutcome(outcome).label, [(code, REASONS_IN_WORDS[code]) for code in codes])
            for outcome, codes in REVIEW_REASONS.items()
        ]
        field.choices = [("", _("Choose a reason")), *groups]
