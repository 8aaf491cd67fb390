"""What is asked about milestones, about several steps at once, and about pasted rows."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements import pasting
from placements.checklists import MILESTONES
from placements.forms.acting import ActionForm, PastDayField
from placements.forms.agency_placements import text_field
from placements.forms.words import OUTCOMES, outcome_word
from placements.models import ChecklistItem
from placements.services.milestones import MILESTONE_LABELS
from placements.services.pasted_rows import Words
from techforce.core.calendar import today
from techforce.core.forms import Form

FACTS: Mapping[tuple[str, str], Any] = {
    ("initiated", "new"): gettext_lazy("Initiated: a new investigation is needed"),
    ("initiated", "upgrade"): gettext_lazy("Initiated: an earlier result has to be upgraded"),
    ("initiated", "accepted"): gettext_lazy("Initiated: an earlier result is accepted (reciprocity)"),
    ("submitted", "recorded"): gettext_lazy("Submitted: the questionnaire went to the investigator"),
    ("interim", "granted"): gettext_lazy("Interim decision: granted"),
    ("interim", "eligibility_pending"): gettext_lazy("Interim decision: eligibility pending"),
    ("adjudicated", "favorable"): gettext_lazy("Adjudicated: favorable"),
    ("adjudicated", "under_due_process"): gettext_lazy("Adjudicated: under due process"),
    ("cleared", "favorable"): gettext_lazy("Cleared: nothing of vetting stops the firm offer"),
}
REFERENCE_HELP = gettext_lazy("Number in the system that holds the record; nothing of its content")
PROBLEMS: Mapping[str, Any] = {
    "empty": gettext_lazy("There is no row in it."),
    "too_many": gettext_lazy("These are more than 100 rows. Send them in parts."),
    "too_large": gettext_lazy("This is more than 100,000 characters. Send it in parts."),
    "not_utf8": gettext_lazy("This is no text in UTF-8. Save it as “CSV UTF-8” and send it again."),
    "not_rows": gettext_lazy("The rows cannot be told apart: a quotation mark is opened and never closed."),
}


def pasted_words() -> Words:
    """Milestones and outcomes may be written as the pages say them."""
    milestones = {str(label).casefold(): name for name, label in MILESTONE_LABELS.items()}
    outcomes = {str(label).casefold(): code for code, label in OUTCOMES.items()}
    return Words(milestones | {"interim": "interim"}, outcomes, outcome_word)


class MilestoneForm(ActionForm):
    """One question for milestone and outcome, so that no wrong pair can be chosen."""

    fact = forms.ChoiceField(label=gettext_lazy("What happened"), widget=forms.RadioSelect)
    effective_on = PastDayField(label=gettext_lazy("When it happened"))
    reference = text_field(gettext_lazy("External number"), REFERENCE_HELP, required=False)

    def prepare(self) -> None:
        """Milestones of the position's tier."""
        codes = set(
            ChecklistItem.objects.of_placements([self.row.pk])
            .filter(checklist__area="vetting")
            .values_list("code", flat=True)
        )
        choice = cast("forms.ChoiceField", self.fields["fact"])
        choice.choices = [
            (f"{name}:{outcome}", label)
            for (name, outcome), label in FACTS.items()
            if MILESTONES[name].code(outcome) in codes
        ]
        self.fields["effective_on"].initial = today()

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if fact := answers.pop("fact", ""):
            answers["milestone"], answers["outcome"] = fact.split(":")
        return answers


class StepsForm(Form):
    """Several steps on one day, each with its outcome and the number of its record."""

    effective_on = PastDayField(label=gettext_lazy("When it happened"))

    def __init__(self, *arguments: Any, items: Sequence[ChecklistItem], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.items = items
        self.fields["effective_on"].initial = today()
        for item in items:
            self._ask(item)

    def _ask(self, item: ChecklistItem) -> None:
        about = {"step": f"{item.code} {item.step.title}", "person": item.checklist.placement.applicant}
        if len(item.step.outcomes) > 1:
            self.fields[f"outcome-{item.public_id}"] = forms.ChoiceField(
                label=_("Outcome of %(step)s, %(person)s") % about,
                choices=[
                    ("", _("Choose an outcome")),
                    *((code, outcome_word(code)) for code in item.step.outcomes),
                ],
            )
        self.fields[f"reference-{item.public_id}"] = text_field(
            _("Reference of %(step)s, %(person)s") % about, REFERENCE_HELP, required=False
        )
        self.fields[f"reference-{item.public_id}"].initial = item.external_reference
        self.fields[f"version-{item.public_id}"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1, initial=item.version
        )

    def answers_for(self, item: ChecklistItem) -> dict[str, Any]:
        """What `complete_item` asks."""
        outcome = self.cleaned_data.get(f"outcome-{item.public_id}", item.step.outcomes[0])
        return {
            "outcome": outcome,
            "effective_on": self.cleaned_data["effective_on"],
            "reference": self.cleaned_data[f"reference-{item.public_id}"],
            "version": self.cleaned_data[f"version-{item.public_id}"],
        }

    def look_again(self, item: ChecklistItem) -> None:
        """Whoever sends the page once more has seen how the step stands now."""
        answers = cast("QueryDict", self.data).copy()
        answers[f"version-{item.public_id}"] = str(item.version)
        self.data = answers


class PasteForm(Form):
    """Rows from another system: pasted, or as a file."""

    text = forms.CharField(
        label=gettext_lazy("Rows from your system"),
        help_text=gettext_lazy(
            "Copy the cells in your spreadsheet and paste them here. Columns: reference number, milestone or step, "
            "date, outcome, external number. A first row with these names may change their order."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"),
        help_text=gettext_lazy("UTF-8, up to 100 rows."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            if file := answers.get("file"):
                answers["text"] = pasting.decode(file.read(pasting.LARGEST + 1))
            answers["rows"] = pasting.read_rows(answers.get("text", ""))
            answers["text"] = pasting.marked(answers["text"].removeprefix("\ufeff"), but="\t\r\n")
        except pasting.BadFile as problem:
            self.add_error("file" if answers.get("file") else "text", PROBLEMS[problem.args[0]])
        return answers


class SearchForm(Form):
    q = forms.CharField(
        label=gettext_lazy("Find a case"),
        help_text=gettext_lazy("Our reference number, or the number in your own system"),
        max_length=120,
        required=False,
    )
