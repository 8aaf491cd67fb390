"""What the administrators fill in about checklist templates, beside the steps themselves."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.checklists import Anchor
from placements.models import PlacementKind
from placements.services.placement import end_of_term
from techforce.core.admin.forms import DayInput, StaffForm
from techforce.program.models import Sensitivity, VettingTier

TERM_MONTHS = 24


class RetireForm(StaffForm):
    is_understood = forms.BooleanField(
        label=gettext_lazy("I know that new placements cannot start until another version is published")
    )


class MoveForm(StaffForm):
    """Asks for a look at the page before the checklist is moved."""

    is_looked_at = forms.BooleanField(label=gettext_lazy("I looked at what changes"))


class DatesForm(StaffForm):
    """A placement that does not exist: how the person comes, the tier, and the days to count from."""

    kind = forms.ChoiceField(label=gettext_lazy("How the person comes"), choices=PlacementKind.choices)
    tier = forms.ChoiceField(label=gettext_lazy("Vetting tier"))
    sensitivity = forms.ChoiceField(label=gettext_lazy("Sensitivity"), required=False)
    with_drafts = forms.BooleanField(
        label=gettext_lazy("Use drafts where there are any, beside the version in use"), required=False
    )
    sel = forms.DateField(label=gettext_lazy("Selection"), required=False, widget=DayInput())
    tjo_sent = forms.DateField(label=gettext_lazy("Tentative offer sent"), required=False, widget=DayInput())
    tjo = forms.DateField(label=gettext_lazy("Tentative offer accepted"), required=False, widget=DayInput())
    fjo = forms.DateField(label=gettext_lazy("Firm offer"), required=False, widget=DayInput())
    sep = forms.DateField(label=gettext_lazy("Last day at the company"), required=False, widget=DayInput())
    eod = forms.DateField(label=gettext_lazy("Entry on duty"), required=False, widget=DayInput())
    term = forms.DateField(
        label=gettext_lazy("Last day of the term"),
        help_text=gettext_lazy("Empty: 24 months from entry on duty"),
        required=False,
        widget=DayInput(),
    )

    def prepare(self) -> None:
        tiers = VettingTier.objects.order_by("rank", "code")
        sensitivities = Sensitivity.objects.order_by("code")
        self._offer("tier", [(tier.code, str(tier)) for tier in tiers])
        self._offer("sensitivity", [("", _("Not known")), *((row.code, str(row)) for row in sensitivities)])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        eod, term = answers.get("eod"), answers.get("term")
        if eod and term and term < eod:
            self.add_error("term", _("The term cannot end before the entry on duty."))
        return answers

    def anchors(self) -> dict[str, Anchor]:
        days: dict[str, datetime.date | None] = {
            name.upper(): self.cleaned_data[name]
            for name in ("sel", "tjo_sent", "tjo", "fjo", "sep", "eod", "term")
        }
        if days["EOD"] and not days["TERM"]:
            days["TERM"] = end_of_term(days["EOD"], TERM_MONTHS)
        return {name: Anchor(day) for name, day in days.items() if day is not None}

    def is_waiver_possible(self) -> bool | None:
        found = Sensitivity.objects.filter(code=self.cleaned_data["sensitivity"]).first()
        return found.is_waiver_possible if found else None
