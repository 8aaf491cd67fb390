"""What people write to the program office."""

import datetime
import uuid
from typing import Any, Self

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from applicants.forms.base import TextForm
from applicants.models.case import LONGEST_SUBJECT
from applicants.services.cases.asking import ASKABLE
from applicants.workflow import CaseTopic
from techforce.core.forms import CountedTextarea

LONGEST_LETTER = 4_000
TOPICS_IN_WORDS = {
    CaseTopic.QUESTION: _("A question about my application or the program"),
    CaseTopic.TECHNICAL: _("Something on this site does not work"),
    CaseTopic.RECORDS: _("I want to see or correct what you hold about me"),
    CaseTopic.ACCOMMODATION: _("I ask for an accommodation. Only those who arrange it read this."),
}


class LetterForm(TextForm):
    """The same form sent twice has the same key, and so is taken once."""

    body = forms.CharField(
        label=_("Your message"),
        help_text=_(
            "Please do not send a Social Security number, health details or answers of an investigation."
        ),
        max_length=LONGEST_LETTER,
        widget=CountedTextarea(attrs={"rows": 8}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, **known: Any) -> Self:
        return cls(initial={"key": uuid.uuid4(), **known})


class QuestionForm(LetterForm):
    field_order = ("legal_name", "topic", "subject", "body")
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(topic, TOPICS_IN_WORDS[topic]) for topic in ASKABLE],
        widget=forms.RadioSelect,
        initial=CaseTopic.QUESTION,
    )
    subject = forms.CharField(
        label=_("In a few words"),
        help_text=_("So that you find it again in your list."),
        max_length=LONGEST_SUBJECT,
        required=False,
    )


class FirstQuestionForm(QuestionForm):
    """Of somebody who has not applied: we must know whom we answer."""

    legal_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class ReviewRequestForm(LetterForm):
    """`decided_at` is the decision that the person had before their eyes, as the page wrote it."""

    body = forms.CharField(
        label=_("What should we look at again?"),
        help_text=_(
            "Say what you think was overlooked or wrong, or what is new. Please do not send a Social Security number "
            "or health details."
        ),
        max_length=LONGEST_LETTER,
        widget=CountedTextarea(attrs={"rows": 8}),
    )
    decided_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_decided_at(self) -> datetime.datetime | None:
        try:
            return parse_datetime(self.cleaned_data["decided_at"])
        except ValueError as error:
            raise forms.ValidationError(_("Load the page again, then ask.")) from error
