"""What people write to the program office."""

import uuid
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.base import TextForm
from applicants.services.cases.threads import ASKABLE
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
    def fresh(cls) -> Self:
        return cls(initial={"key": uuid.uuid4()})


class QuestionForm(LetterForm):
    field_order = ("topic", "body")
    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[(topic, TOPICS_IN_WORDS[topic]) for topic in ASKABLE],
        widget=forms.RadioSelect,
        initial=CaseTopic.QUESTION,
    )


class ReviewRequestForm(LetterForm):
    body = forms.CharField(
        label=_("What should we look at again?"),
        help_text=_(
            "Say what you think was overlooked or wrong, or what is new. Please do not send a Social Security number "
            "or health details."
        ),
        max_length=LONGEST_LETTER,
        widget=CountedTextarea(attrs={"rows": 8}),
    )
