"""Forms of the account pages that are ours."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from techforce.core.forms import Form

TIME_ZONES = (
    ("America/New_York", _("Eastern (New York)")),
    ("America/Chicago", _("Central (Chicago)")),
    ("America/Denver", _("Mountain (Denver)")),
    ("America/Phoenix", _("Mountain without daylight saving time (Phoenix)")),
    ("America/Los_Angeles", _("Pacific (Los Angeles)")),
    ("America/Anchorage", _("Alaska (Anchorage)")),
    ("Pacific/Honolulu", _("Hawaii (Honolulu)")),
    ("America/Puerto_Rico", _("Atlantic (Puerto Rico)")),
    ("Pacific/Guam", _("Chamorro (Guam)")),
    ("UTC", _("Coordinated Universal Time")),
)


class ProfileForm(Form):
    """Not tied to the row: a refused save must leave the signed-in user as they are."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=200,
        help_text=_("As you want colleagues and agencies to read it."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=TIME_ZONES,
        help_text=_("Appointments are shown in it. Deadlines always name their own."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def showing(cls, user: Any) -> "ProfileForm":
        return cls(initial={name: getattr(user, name) for name in cls.base_fields})


class CloseAccountForm(Form):
    """Asked in words, because nothing brings the account back."""

    is_understood = forms.BooleanField(
        label=_("I understand that this cannot be undone."),
        error_messages={"required": _("Tick the box to close your account.")},
    )
