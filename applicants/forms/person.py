"""Steps about the person: who they are and what they agree to."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.usajobs.places import STATES
from applicants.forms.base import StepForm
from applicants.models import VeteransPreference
from applicants.services.answers import State
from techforce.core.forms import yes_or_no

STATE_CHOICES = (
    ("", _("Outside the United States, or not said")),
    *((code, name) for name, code in sorted(STATES.items())),
)


class EligibilityForm(StepForm):
    needed = ("is_us_citizen", "is_adult")
    is_us_citizen = yes_or_no(
        _("Are you a citizen of the United States?"),
        _("Your word is enough for now. No answer here turns you away by itself."),
        is_required=False,
    )
    is_adult = yes_or_no(
        _("Are you 18 or older?"), _("We do not ask for your date of birth."), is_required=False
    )

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        return {name: {True: "yes", False: "no", None: ""}[answer] for name, answer in state.items()}


class ContactForm(StepForm):
    legal_name = forms.CharField(
        label=_("Legal name"),
        max_length=200,
        help_text=_("As on an identity document."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    preferred_name = forms.CharField(label=_("What should we call you?"), max_length=200, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    city = forms.CharField(
        label=_("City"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    state_code = forms.ChoiceField(
        label=_("State or territory"),
        choices=STATE_CHOICES,
        required=False,
        widget=forms.Select(attrs={"autocomplete": "address-level1"}),
    )

    @property
    def asks_to_certify(self) -> bool:
        """How to reach a person is not what was submitted."""
        return False

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        return {**state, "state_code": state["state"]}

    def state(self) -> State:
        state = super().state()
        code = state.pop("state_code")
        return {**state, "state": code}


class ConsentForm(StepForm):
    needed = ("is_shareable",)
    is_shareable = forms.BooleanField(
        label=_("Agencies of this cohort may see my application after the program office qualified me."),
        help_text=_("Without this no agency can consider you. Nobody sees it before."),
        required=False,
    )
    is_shareable_later = forms.BooleanField(
        label=_("Later cohorts may consider me too, as long as my results count."),
        help_text=_("As you like; it changes nothing for this cohort."),
        required=False,
    )


class SupportForm(StepForm):
    veterans_preference = forms.ChoiceField(
        label=_("Do you claim veterans’ preference?"),
        help_text=_(
            "Preference applies to these positions (5 U.S.C. 2108). Claim what you believe is yours; we ask for your "
            "DD-214 or letter before it counts, not now."
        ),
        choices=VeteransPreference,
        widget=forms.RadioSelect,
        required=False,
    )
    has_accommodation_request = forms.BooleanField(
        label=_("I ask for an accommodation in the application, the assessment or an interview."),
        help_text=_(
            "Only tick the box: please give no medical details here. Someone from the program office writes to you. "
            "Raters and agencies do not see this."
        ),
        required=False,
    )
