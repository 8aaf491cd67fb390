"""What raters and deciders fill in."""

import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, ApplicationStatus, Level, OutcomeResult, RecusalBasis
from applicants.services.review import Result
from applicants.workflow import NotQualifiedReason
from techforce.core.admin.forms import DayInput, StaffForm
from techforce.core.calendar import today
from techforce.program.models import Discipline

RESULT_LASTS = datetime.timedelta(days=365)
LONGEST_REASON = 4_000


class RatingForm(StaffForm):
    """A rating has a score and its reason; a draft of one may be empty."""

    score = forms.TypedChoiceField(
        label=gettext_lazy("How well do these answers show the work of the discipline?"),
        choices=[(level.value, f"{level.value}. {level.label}") for level in Level],
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a level.")},
    )
    notes = forms.CharField(
        label=gettext_lazy("Reason for the score"),
        help_text=gettext_lazy(
            "What in the answers supports it. The person who decides reads this; write nothing about who it might be."
        ),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Write the reason for the score.")},
    )

    def __init__(self, data: QueryDict | None = None, *, is_draft: bool = False, **options: Any) -> None:
        super().__init__(data, **options)
        for field in self.fields.values():
            field.required = not is_draft


class RecusalForm(StaffForm):
    basis = forms.ChoiceField(
        label=gettext_lazy("How do you know this person?"),
        choices=[choice for choice in RecusalBasis.choices if choice[0] != RecusalBasis.SELF],
        initial=RecusalBasis.ACQUAINTED,
    )


class DecisionForm(StaffForm):
    """One result for each discipline that the person chose: a last day, or a reason."""

    row: Application

    def prepare(self) -> None:
        chosen = self.row.choices.select_related("discipline").order_by("rank")
        if self.row.status == ApplicationStatus.QUALIFIED:  # what is good stands; the others were set aside
            good = self.row.outcomes.filter(result=OutcomeResult.QUALIFIED)
            chosen = chosen.exclude(discipline__in=good.values("discipline"))
        self.disciplines: list[Discipline] = [choice.discipline for choice in chosen]
        self.conditional = frozenset(
            f"{part}-{discipline.pk}" for discipline in self.disciplines for part in ("expires_on", "reason")
        )
        for discipline in self.disciplines:
            self._ask_about(discipline)

    def _ask_about(self, discipline: Discipline) -> None:
        names = {"discipline": discipline}
        self.fields[f"result-{discipline.pk}"] = forms.ChoiceField(
            label=_("Result in %(discipline)s") % names,
            choices=OutcomeResult.choices,
            widget=forms.RadioSelect,
        )
        self.fields[f"expires_on-{discipline.pk}"] = forms.DateField(
            label=_("Last day on which it counts, if qualified in %(discipline)s") % names,
            initial=today() + RESULT_LASTS,
            required=False,
            widget=DayInput(),
        )
        self.fields[f"reason-{discipline.pk}"] = forms.ChoiceField(
            label=_("Reason, if not qualified in %(discipline)s") % names,
            choices=[("", _("Choose a reason")), *NotQualifiedReason.choices],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for discipline in self.disciplines:
            self._check(discipline.pk, answers)
        return answers

    def _check(self, key: int, answers: dict[str, Any]) -> None:
        result, last_day = answers.get(f"result-{key}"), answers.get(f"expires_on-{key}")
        if result == OutcomeResult.NOT_QUALIFIED and not answers.get(f"reason-{key}"):
            self.add_error(f"reason-{key}", _("Choose the reason."))
        if result == OutcomeResult.QUALIFIED and f"expires_on-{key}" not in self.errors:
            if last_day is None:
                self.add_error(f"expires_on-{key}", _("Enter the last day."))
            elif last_day < today():
                self.add_error(f"expires_on-{key}", _("This day has gone by."))

    def results(self) -> dict[Discipline, Result]:
        """In the person's order of choice."""
        return {discipline: self._result(discipline.pk) for discipline in self.disciplines}

    def _result(self, key: int) -> Result:
        if self.cleaned_data[f"result-{key}"] == OutcomeResult.QUALIFIED:
            return Result(expires_on=self.cleaned_data[f"expires_on-{key}"])
        return Result(reason_code=self.cleaned_data[f"reason-{key}"])
