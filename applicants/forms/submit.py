"""The first and the last page."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.forms.base import CERTIFICATION
from techforce.core.forms import Form


class StartForm(Form):
    """Asked once, on a person's first application."""

    legal_name = forms.CharField(
        label=_("Your legal name"),
        max_length=200,
        help_text=_("As on an identity document. You can change it later."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class SubmitForm(Form):
    certify = forms.BooleanField(
        label=CERTIFICATION,
        error_messages={"required": _("Certify that your answers are true to submit them.")},
    )
    # The same form sent twice has the same key, and so gives the same receipt.
    key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls) -> "SubmitForm":
        return cls(initial={"key": uuid.uuid4()})
