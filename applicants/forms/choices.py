"""Steps in which the person chooses: disciplines, skills, where to work."""

from typing import Any

from django import forms
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency
from applicants.forms.base import StepForm, lines_of
from applicants.models import Application
from applicants.models.answers import WorkMode
from applicants.models.application import MOST_DISCIPLINES
from applicants.services.answers import State
from techforce.core.calendar import today
from techforce.core.forms import MemorableDate
from techforce.program.models import Discipline, Skill, SkillDiscipline, SkillSynonym, TrackDefinition
from techforce.program.workflow import Track

MOST_OTHER_SKILLS = 30
NO_CHOICE = ("", gettext_lazy("- Select -"))


def _in_words(application: Application) -> str:
    """What each track means for whoever submits today."""
    found = TrackDefinition.objects.in_force(application.cohort_id, today())
    return " ".join(found[track].text for track in Track.values if track in found)


class DisciplinesForm(StepForm):
    needed = ("choice_1",)
    track = forms.ChoiceField(
        label=gettext_lazy("Which track fits you?"),
        choices=Track,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["track"].help_text = _in_words(self.application)
        offered = Discipline.objects.filter(cohort_disciplines__cohort=self.application.cohort_id)
        self.disciplines = list(offered.order_by("rank", "code"))
        choices = [NO_CHOICE, *((row.code, row.name) for row in self.disciplines)]
        for name, field in self.fields.items():
            if name.startswith("choice_"):
                field.choices = choices  # type: ignore[attr-defined]

    choice_1 = forms.ChoiceField(label=gettext_lazy("First choice of discipline"), required=False)
    choice_2 = forms.ChoiceField(label=gettext_lazy("Second choice"), required=False)
    choice_3 = forms.ChoiceField(label=gettext_lazy("Third choice"), required=False)

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        chosen = {f"choice_{rank}": code for rank, code in enumerate(state["disciplines"], start=1)}
        return {"track": state["track"], **chosen}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        taken: set[str] = set()
        for rank in range(1, MOST_DISCIPLINES + 1):
            code = cleaned.get(f"choice_{rank}")
            if code and code in taken:
                self.add_error(
                    f"choice_{rank}", _("You chose this discipline above. Choose another, or none.")
                )
            taken.add(code or "")
        return cleaned

    def state(self) -> State:
        chosen = [self.cleaned_data[f"choice_{rank}"] for rank in range(1, MOST_DISCIPLINES + 1)]
        return {"track": self.cleaned_data["track"], "disciplines": [code for code in chosen if code]}


class SkillsForm(StepForm):
    """The program's skills by discipline, the person's own disciplines first; each skill stands once."""

    others = forms.CharField(
        label=gettext_lazy("Other skills"),
        help_text=gettext_lazy(
            "One on a line. A word that we know by another name is added to the list above."
        ),
        max_length=3000,
        required=False,
        widget=forms.Textarea,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.fields.pop("others")
        for discipline, skills in self._groups():
            self.fields[f"of_{discipline.code}"] = forms.MultipleChoiceField(
                label=discipline.name, choices=skills, widget=forms.CheckboxSelectMultiple, required=False
            )
        self.fields["others"] = others

    def _groups(self) -> list[tuple[Discipline, list[tuple[str, str]]]]:
        first = SkillDiscipline.objects.order_by("skill_id", "pk").distinct("skill_id").values("pk")
        rows = SkillDiscipline.objects.filter(pk__in=first, skill__is_active=True)
        groups: dict[Discipline, list[tuple[str, str]]] = {}
        for row in rows.select_related("skill", "discipline").order_by(
            "discipline__rank", Lower("skill__name")
        ):
            groups.setdefault(row.discipline, []).append((row.skill.code, row.skill.name))
        own = set(self.application.choices.values_list("discipline", flat=True))
        return sorted(groups.items(), key=lambda group: group[0].pk not in own)

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        return {"codes": state["codes"], "others": "\n".join(state["others"])}

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """A group shows of the chosen codes those that are its own."""
        if field_name.startswith("of_"):
            return self.initial.get("codes", [])
        return super().get_initial_for_field(field, field_name)

    def clean_others(self) -> list[str]:
        entries = lines_of(self.cleaned_data["others"].replace(",", "\n"))
        if len(entries) > MOST_OTHER_SKILLS:
            raise forms.ValidationError(
                _("Name at most %(count)s further skills."), params={"count": MOST_OTHER_SKILLS}
            )
        return entries

    def state(self) -> State:
        ticked = {
            code for name, codes in self.cleaned_data.items() if name.startswith("of_") for code in codes
        }
        known = _codes_by_word(self.cleaned_data["others"])
        others = [entry for entry in self.cleaned_data["others"] if entry.lower() not in known]
        return {"codes": sorted(ticked | set(known.values())), "others": others}


def _codes_by_word(entries: list[str]) -> dict[str, str]:
    """Which of the entries name a skill of the program, by its name or a synonym."""
    words = [entry.lower() for entry in entries]
    if not words:
        return {}
    by_name = Skill.objects.offered().annotate(word=Lower("name")).filter(word__in=words)
    by_synonym = SkillSynonym.objects.annotate(word=Lower("text")).filter(
        word__in=words, skill__is_active=True
    )
    return dict(by_synonym.order_by("pk").values_list("word", "skill__code")) | dict(
        by_name.order_by("pk").values_list("word", "code")
    )


class PreferencesForm(StepForm):
    work_mode = forms.ChoiceField(
        label=gettext_lazy("Where do you want to work?"),
        choices=WorkMode,
        widget=forms.RadioSelect,
        required=False,
    )
    places = forms.CharField(
        label=gettext_lazy("Places"),
        help_text=gettext_lazy(
            "Cities or regions, for example: Washington, DC; Denver. Leave it empty if any will do."
        ),
        max_length=300,
        required=False,
    )
    earliest_start = forms.DateField(
        label=gettext_lazy("Earliest start"),
        help_text=gettext_lazy(
            "The day from which you could serve. You can change it until you are made an offer."
        ),
        required=False,
        widget=MemorableDate,
    )
    agencies = forms.MultipleChoiceField(
        label=gettext_lazy("Agencies that you prefer"),
        help_text=gettext_lazy("None ticked means that you are open to all."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taking_part = Agency.objects.filter(participations__cohort=self.application.cohort_id)
        rows = sorted(taking_part.order_by("code").distinct(), key=str)
        if not rows:
            del self.fields["agencies"]
            return
        self.fields["agencies"].choices = [(row.code, str(row)) for row in rows]  # type: ignore[attr-defined]

    def state(self) -> State:
        start = self.cleaned_data["earliest_start"]
        return {
            "agencies": sorted(self.cleaned_data.get("agencies", [])),
            "places": self.cleaned_data["places"],
            "work_mode": self.cleaned_data["work_mode"],
            "earliest_start": start.isoformat() if start else "",
        }
