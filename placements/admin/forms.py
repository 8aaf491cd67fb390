"""What OPM fills in about certificates, placements and steps."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Opening
from agencies.workflow import PUBLIC_OPENING_STATES
from placements.models import Certificate, ChecklistItem, Outcome, Placement, PlacementKind, StepRole
from placements.services.eligibles import due_day
from placements.workflow import PLACEMENT, ReclassificationReason
from techforce.core.admin.forms import DayInput, StaffForm
from techforce.core.admin.wording import reasons_in_words
from techforce.core.calendar import today
from techforce.program.models import Cohort, Discipline

AUTHORITY = "5 CFR 213.3102(r)"
USABLE_DAYS = 365


def in_a_year() -> datetime.date:
    return today() + datetime.timedelta(days=USABLE_DAYS)


class ListForm(StaffForm):
    """Of whom a certificate is made, and how long it is good."""

    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"), queryset=Cohort.objects.order_by("-opens_at", "pk")
    )
    discipline = forms.ModelChoiceField(
        label=gettext_lazy("Discipline"), queryset=Discipline.objects.order_by("name", "pk")
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        help_text=gettext_lazy("The rule under which the list may be used and shared"),
        max_length=120,
        initial=AUTHORITY,
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Last day of use"),
        help_text=gettext_lazy("A shared certificate is usable for up to one year."),
        initial=in_a_year,
        widget=DayInput(),
    )

    def clean_expires_on(self) -> datetime.date:
        last_day: datetime.date = self.cleaned_data["expires_on"]
        if not today() <= last_day <= in_a_year():
            raise forms.ValidationError(_("Choose a day from today to one year from now."))
        return last_day


class ReferralForm(StaffForm):
    """To which opening of the certificate's cohort and discipline, and by when it comes back."""

    row: Certificate
    opening = forms.ModelChoiceField(
        label=gettext_lazy("Opening"),
        help_text=gettext_lazy("Of the same cohort and discipline, and not referred to yet"),
        queryset=Opening.objects.none(),
    )
    due_on = forms.DateField(
        label=gettext_lazy("To be returned by"),
        help_text=gettext_lazy("Agencies usually have 15 days."),
        initial=due_day,
        widget=DayInput(),
    )

    def prepare(self) -> None:
        openings = Opening.objects.filter(
            cohort=self.row.cohort_id, discipline=self.row.discipline_id, status__in=PUBLIC_OPENING_STATES
        ).exclude(referrals__certificate=self.row)
        field: Any = self.fields["opening"]
        field.queryset = openings.select_related("agency", "office").order_by("agency__name", "title", "pk")
        field.label_from_instance = lambda opening: (
            f"{opening.agency}: {opening.title} ({opening.office.name})"
        )

    def clean_due_on(self) -> datetime.date:
        due_on: datetime.date = self.cleaned_data["due_on"]
        if not today() < due_on <= self.row.expires_on:
            raise forms.ValidationError(_("Choose a day after today and within the life of the certificate."))
        return due_on


class OutcomeForm(StaffForm):
    outcome = forms.ChoiceField(label=gettext_lazy("What became of the person"), choices=Outcome.choices)


class EarlyEndForm(StaffForm):
    row: Placement
    ended_on = forms.DateField(label=gettext_lazy("Last day of service"), widget=DayInput())
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))

    def prepare(self) -> None:
        offer_reasons(self.fields["reason"], self.row, "curtail")

    def clean_ended_on(self) -> datetime.date:
        ended_on: datetime.date = self.cleaned_data["ended_on"]
        if not self.row.starts_on <= ended_on <= today():
            raise forms.ValidationError(_("Enter the day on which service ended, from its start to today."))
        return ended_on


class FallThroughForm(StaffForm):
    row: Placement
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"))

    def prepare(self) -> None:
        offer_reasons(self.fields["reason_code"], self.row, "fall_through")


def offer_reasons(field: Any, row: Placement, arrow: str) -> None:
    words = reasons_in_words(row, PLACEMENT.named(arrow))
    field.choices = [("", _("Choose a reason")), *words]


class TransferForm(StaffForm):
    row: Placement
    opening = forms.ModelChoiceField(
        label=gettext_lazy("Opening"),
        help_text=gettext_lazy("Another opening of the same cohort that has a seat"),
        queryset=Opening.objects.none(),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("First day there"),
        help_text=gettext_lazy("The present placement ends the day before."),
        widget=DayInput(),
    )

    def prepare(self) -> None:
        openings = Opening.objects.filter(cohort=self.row.cohort_id, status__in=PUBLIC_OPENING_STATES)
        field: Any = self.fields["opening"]
        field.queryset = (
            openings.exclude(pk=self.row.opening_id)
            .select_related("agency")
            .order_by("agency__name", "title", "pk")
        )
        field.label_from_instance = lambda opening: f"{opening.agency}: {opening.title}"


class ReclassifyForm(StaffForm):
    row: Placement
    kind = forms.ChoiceField(label=gettext_lazy("How the person comes"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why that changes"),
        choices=[("", gettext_lazy("Choose a reason")), *ReclassificationReason.choices],
    )

    def prepare(self) -> None:
        field: Any = self.fields["kind"]
        field.choices = [choice for choice in PlacementKind.choices if choice[0] != self.row.kind]


class StepDoneForm(StaffForm):
    row: ChecklistItem
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"))
    effective_on = forms.DateField(
        label=gettext_lazy("Day on which it happened"), initial=today, widget=DayInput()
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("Number in the system that holds the record"),
        max_length=60,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def prepare(self) -> None:
        self.fields["version"].initial = self.row.version
        field: Any = self.fields["outcome"]
        field.choices = [(code, code.replace("_", " ").capitalize()) for code in self.row.step.outcomes]


class WaitingForm(StaffForm):
    waiting_on = forms.ChoiceField(
        label=gettext_lazy("Who has to move"),
        help_text=gettext_lazy("The agency’s clock stops, and that party’s runs."),
        choices=StepRole.choices,
    )
    since = forms.DateField(label=gettext_lazy("Since"), initial=today, required=False, widget=DayInput())


class GoOnForm(StaffForm):
    until = forms.DateField(
        label=gettext_lazy("The wait ended on"),
        help_text=gettext_lazy("The days until then are counted for the party that held it."),
        initial=today,
        required=False,
        widget=DayInput(),
    )


class SendBackForm(StaffForm):
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[
            ("incomplete", gettext_lazy("Incomplete")),
            ("incorrect", gettext_lazy("Incorrect")),
            ("outdated", gettext_lazy("Outdated")),
            ("illegible", gettext_lazy("Illegible")),
        ],
    )
