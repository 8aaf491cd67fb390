"""One step of a draft: every column, checked together with the other steps of the draft before it is saved."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.checklists import CONDITIONS, problems_of
from placements.checklists.steps import DECIDED_BY, FARTHEST, MOST_CODES, RECORDING_ROLES, UNDATED
from placements.models import ChecklistTemplateStep, StepRole, UndatedReason, Unit
from placements.services.template_versions import STEP_COLUMNS, problem_said, step_of, steps_in

CODE = r"^[A-Z][0-9]{2}(-[A-Z0-9]{1,8})?$"
CODES_HELP = gettext_lazy("Codes with a comma between them")


def read_out(words: Iterable[str]) -> list[tuple[str, str]]:
    """Words of the templates as choices; they are read by administrators only."""
    return [("", _("Nothing")), *((word, word.replace("_", " ").capitalize()) for word in sorted(words))]


class CodesField(forms.CharField):
    """Several codes in one line."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        parts = str(value or "").replace(";", ",").split(",")
        return [part.strip() for part in parts if part.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != self.to_python(data)

    def run_validators(self, value: Any) -> None:
        if any(len(part) > 40 for part in value):
            raise forms.ValidationError(_("A code has at most 40 characters."))
        if len(value) > MOST_CODES:
            raise forms.ValidationError(_("Give at most %(most)d of them.") % {"most": MOST_CODES})
        if len(set(value)) < len(value):
            raise forms.ValidationError(_("Give each of them once."))


class AlternativesField(CodesField):
    """Kept as the codes joined by |."""

    def prepare_value(self, value: Any) -> Any:
        return value.replace("|", ", ") if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return "|".join(super().clean(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != "|".join(self.to_python(data))


class RolesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=StepRole.choices, required=False, **options)


class StepForm(forms.ModelForm):
    code = forms.RegexField(CODE, label=gettext_lazy("Code"), help_text=gettext_lazy("Such as V12 or A18"))
    recorder_role = forms.ChoiceField(
        label=gettext_lazy("Recorder"),
        help_text=gettext_lazy("Who writes down that it happened; never the person, never an outside party"),
        choices=[choice for choice in StepRole.choices if choice[0] in RECORDING_ROLES],
    )
    shared_with = RolesField(label=gettext_lazy("Done together with"))
    excusable_by = RolesField(
        label=gettext_lazy("May be excused by"), help_text=gettext_lazy("Nobody, where the law fixes it")
    )
    anchors = CodesField(
        label=gettext_lazy("Counted from"),
        help_text=gettext_lazy(
            "SEL, TJO_SENT, TJO, FJO, EOD, SEP, TERM, CONTACT, CHANGE or codes of steps; the latest counts. "
            "V15|V18: the first of them that is done"
        ),
        required=False,
    )
    opens_anchor = forms.CharField(
        label=gettext_lazy("Cannot begin before"),
        help_text=gettext_lazy("An anchor or a code"),
        required=False,
    )
    opens_offset = forms.IntegerField(
        label=gettext_lazy("and this many days"),
        required=False,
        min_value=-FARTHEST[Unit.CALENDAR_DAYS],
        max_value=FARTHEST[Unit.CALENDAR_DAYS],
    )
    yearly_days = CodesField(
        label=gettext_lazy("Days each year"),
        help_text=gettext_lazy("12-31; or 02-15>60 if it takes more than 60 days in the year before"),
        required=False,
    )
    undated_reason = forms.ChoiceField(
        label=gettext_lazy("Why it has no date"),
        choices=[("", gettext_lazy("It has one")), *(c for c in UndatedReason.choices if c[0] in UNDATED)],
        required=False,
    )
    depends_on = CodesField(label=gettext_lazy("Depends on"), help_text=CODES_HELP, required=False)
    alternatives = AlternativesField(
        label=gettext_lazy("Alternatives"),
        help_text=gettext_lazy("Codes, this one among them: one that is done opens the gate for all"),
        required=False,
    )
    condition = forms.ChoiceField(
        label=gettext_lazy("Condition"), help_text=gettext_lazy("When the step applies"), required=False
    )
    decided_by = forms.ChoiceField(
        label=gettext_lazy("Decided elsewhere, by"),
        help_text=gettext_lazy("The checklist shows it and nobody records it here"),
        required=False,
    )
    outcomes = CodesField(label=gettext_lazy("Outcomes"), help_text=CODES_HELP)
    accepted_outcomes = CodesField(
        label=gettext_lazy("Accepted outcomes"), help_text=gettext_lazy("Those that open the gate")
    )

    class Meta:
        model = ChecklistTemplateStep
        fields = ("template", *(name for name in STEP_COLUMNS if name != "changed_by"))

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, words in (("condition", CONDITIONS), ("decided_by", DECIDED_BY)):
            if name in self.fields:
                field: Any = self.fields[name]
                field.choices = read_out(words)

    def clean(self) -> dict[str, Any]:
        """A contradiction with another step that its change can mend is shown on the draft's page, not here."""
        answers = self.cleaned_data
        self._check_distance(answers)
        self._check_reach(answers)
        if not self.errors:
            for sentence in self._problems(answers):
                self.add_error(None, sentence)
        return answers

    def _check_reach(self, answers: dict[str, Any]) -> None:
        farthest = FARTHEST.get(answers.get("unit") or "")
        if farthest is not None and abs(answers.get("offset") or 0) > farthest:
            self.add_error(
                "offset", _("Give at most %(farthest)d, before or after.") % {"farthest": farthest}
            )

    def _check_distance(self, answers: dict[str, Any]) -> None:
        has_distance = answers.get("offset") is not None
        if has_distance != bool(answers.get("unit")) or has_distance != bool(answers.get("anchors")):
            self.add_error(
                "offset", _("Give what it counts from, the distance and its unit together, or none of them.")
            )
        if (answers.get("opens_offset") is not None) != bool(answers.get("opens_anchor")):
            self.add_error("opens_offset", _("Give what it opens from and the days together, or neither."))
        if answers.get("yearly_days"):
            answers["undated_reason"] = UndatedReason.YEARLY

    def _problems(self, answers: dict[str, Any]) -> list[str]:
        columns = {f.name for f in ChecklistTemplateStep._meta.concrete_fields}
        row = ChecklistTemplateStep(**{name: value for name, value in answers.items() if name in columns})
        template = answers.get("template") or self.instance.template
        others = [step for step in steps_in(template) if step.code != self.instance.code]
        if any(step.code == row.code for step in others):
            return [_("The draft has a step %(code)s already.") % {"code": row.code}]
        found = problems_of((*others, step_of(row)))
        return [problem_said(one) for one in found if one.code == row.code and not one.is_about_another]

    @property
    def changed_data(self) -> list[str]:
        """The reason of a yearly step is not typed."""
        names = super().changed_data
        return (
            [*names, "undated_reason"] if "yearly_days" in names and "undated_reason" not in names else names
        )
