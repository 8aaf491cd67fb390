"""`/design/`: every component in each of its states, for those who write pages."""

import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from techforce.core.forms import CountedTextarea, Form, MemorableDate
from techforce.demo.access import demo_page


class SpecimenForm(Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Full name"), help_text=_("As on your passport or driver’s license."))
    email = forms.EmailField(label=_("E-mail address"))
    track = forms.ChoiceField(
        label=_("Track"),
        choices=[("", _("- Select -")), ("early", _("Early career")), ("manager", _("Engineering manager"))],
    )
    place = forms.ChoiceField(
        label=_("Where can you work?"),
        help_text=_("You can change this until the deadline."),
        choices=[("dc", _("Washington, D.C.")), ("remote", _("Remote"))],
        widget=forms.RadioSelect,
    )
    disciplines = forms.MultipleChoiceField(
        label=_("Disciplines"),
        choices=[
            ("software", _("Software engineering")),
            ("data", _("Data science")),
            ("product", _("Product")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    starts_on = forms.DateField(
        label=_("Earliest start"), help_text=_("For example: June 1 2027"), widget=MemorableDate
    )
    resume = forms.FileField(label=_("Résumé"), help_text=_("PDF, DOCX or TXT, up to 5 MB."), required=False)
    why = forms.CharField(
        label=_("Why do you want to serve?"),
        max_length=300,
        widget=CountedTextarea(attrs={"rows": 5}),
        required=False,
    )
    is_true = forms.BooleanField(label=_("What I have written is true"))


FAILED = {
    "name": "",
    "email": "jordan@",
    "starts_on_month": "2",
    "starts_on_day": "31",
    "starts_on_year": "2027",
}

PEOPLE = [
    {
        "reference": "TF-2027-000123",
        "discipline": _("Software engineering"),
        "state": _("Received"),
        "kind": "neutral",
    },
    {
        "reference": "TF-2027-000124",
        "discipline": _("Data science"),
        "state": _("In review"),
        "kind": "active",
    },
    {
        "reference": "TF-2027-000125",
        "discipline": _("Product"),
        "state": _("Step outstanding"),
        "kind": "warning",
    },
]
SWATCHES = [
    "primary-darker",
    "primary-dark",
    "primary",
    "primary-lighter",
    "primary-lightest",
    "accent-warm",
    "base-lightest",
    "success-lighter",
]


def _moments() -> dict[str, Any]:
    now = timezone.now()
    return {
        name: now + datetime.timedelta(days=days) for name, days in (("late", -2), ("soon", 1), ("later", 40))
    }


def _timeline() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"title": _("Received"), "state": "done", "when": now - datetime.timedelta(days=30)},
        {"title": _("Reviewed"), "state": "done", "when": now - datetime.timedelta(days=3)},
        {"title": _("Interview"), "state": "current", "text": _("Choose a time that suits you.")},
        {"title": _("Decision"), "state": "ahead"},
    ]


@demo_page
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    context = {
        "empty_form": SpecimenForm(auto_id="empty_%s"),
        "failed_form": SpecimenForm(FAILED, auto_id="failed_%s"),
        "people": PEOPLE,
        "columns": [_("Reference"), _("Discipline"), _("State")],
        "steps": [_("Eligibility"), _("Contact"), _("Experience"), _("Review")],
        "answers": [
            {"label": _("Discipline"), "value": _("Software engineering"), "url": "#summary"},
            {"label": _("Earliest start"), "value": "", "url": "#summary"},
        ],
        "swatches": SWATCHES,
        "kinds": ["neutral", "active", "success", "warning", "error"],
        "moments": _moments(),
        "events": _timeline(),
    }
    return render(request, "demo/design.html", context)
