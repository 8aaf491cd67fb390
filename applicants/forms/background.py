"""Steps about what the person has done: jobs, résumé, employers."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.forms.base import StepForm, lines_of
from applicants.services.answers import State
from applicants.services.uploads import REFUSALS
from techforce.core.calendar import today
from techforce.core.forms import CountedTextarea

MOST_JOBS = 15
FIRST_YEAR = 1950
MOST_EMPLOYERS = 20
MONTH_CHOICES = [
    ("", gettext_lazy("- Select -")),
    *((f"{number:02}", name) for number, name in MONTHS.items()),
]
JOB_TEXTS = ("title", "employer", "duties")


def _job_fields() -> dict[str, forms.Field]:
    def month(label: Any) -> forms.ChoiceField:
        return forms.ChoiceField(label=label, choices=MONTH_CHOICES, required=False)

    def year(label: Any) -> forms.IntegerField:
        latest = today().year + 1
        return forms.IntegerField(
            label=label,
            min_value=FIRST_YEAR,
            max_value=latest,
            required=False,
            error_messages=dict.fromkeys(
                ("invalid", "min_value", "max_value"), _("Give the year in four digits, for example 2021.")
            ),
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
        )

    return {
        "title": forms.CharField(label=_("What you were"), max_length=200, required=False),
        "employer": forms.CharField(label=_("Employer"), max_length=200, required=False),
        "began_month": month(_("Began in (month)")),
        "began_year": year(_("Began in (year)")),
        "is_current": forms.BooleanField(label=_("I still do this"), required=False),
        "ended_month": month(_("Ended in (month)")),
        "ended_year": year(_("Ended in (year)")),
        "duties": forms.CharField(
            label=_("What you did and achieved"),
            max_length=3000,
            required=False,
            widget=CountedTextarea(attrs={"maxlength": 3000}),
        ),
    }


class ExperienceForm(StepForm):
    """A block of fields a job; an empty block is no job. `job_count` says how many blocks the page has."""

    job_count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_JOBS)
    summary = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What you built or ran that you are proud of, paid or not."),
        max_length=4000,
        required=False,
        widget=CountedTextarea(attrs={"maxlength": 4000}),
    )
    education = forms.CharField(
        label=gettext_lazy("Education and certificates"),
        help_text=gettext_lazy("No degree is required, and nobody is rated on one."),
        max_length=2000,
        required=False,
        widget=CountedTextarea(attrs={"maxlength": 2000}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blocks = self._count()
        tail = {name: self.fields.pop(name) for name in ("summary", "education")}
        certify = self.fields.pop("certify", None)
        for number in range(self.blocks):
            for name, field in _job_fields().items():
                self.fields[f"job{number}_{name}"] = field
        self.fields |= tail | ({"certify": certify} if certify else {})

    def _count(self) -> int:
        given = self.data.get("job_count", "") if self.is_bound else self.initial.get("job_count", 1)
        return max(1, min(MOST_JOBS, int(given))) if str(given).isascii() and str(given).isdigit() else 1

    @property
    def jobs(self) -> list[list[Any]]:
        """The fields of each block, for the page."""
        names = _job_fields()
        return [[self[f"job{number}_{name}"] for name in names] for number in range(self.blocks)]

    @property
    def rest(self) -> list[Any]:
        """What follows the blocks."""
        return [self[name] for name in ("summary", "education", "certify") if name in self.fields]

    @property
    def has_room(self) -> bool:
        return self.blocks < MOST_JOBS

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        initial: dict[str, Any] = {"summary": state["summary"], "education": state["education"]}
        initial["job_count"] = max(1, len(state["jobs"]))
        for number, job in enumerate(state["jobs"]):
            for name in (*JOB_TEXTS, "is_current"):
                initial[f"job{number}_{name}"] = job[name]
            for end in ("began", "ended"):
                year, _dash, month = job[end].partition("-")
                initial |= {f"job{number}_{end}_year": year, f"job{number}_{end}_month": month}
        return initial

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in range(self.blocks):
            self._check_dates(number)
        return cleaned

    def _check_dates(self, number: int) -> None:
        """Of a job that goes on, whatever stands in the fields of its end is not kept."""
        is_current = self.cleaned_data.get(f"job{number}_is_current")
        began, ended = self._month_of(number, "began"), self._month_of(number, "ended")
        if began > f"{today():%Y-%m}":
            self.add_error(
                f"job{number}_began_year", _("This is still to come. Leave out what has not begun.")
            )
        if began and ended and ended < began and not is_current:
            self.add_error(f"job{number}_ended_year", _("This is before the beginning."))
        for end in ("began",) if is_current else ("began", "ended"):
            year, month = (self.cleaned_data.get(f"job{number}_{end}_{part}") for part in ("year", "month"))
            if bool(year) != bool(month) and f"job{number}_{end}_year" not in self.errors:
                name = f"job{number}_{end}_{'month' if year else 'year'}"
                self.add_error(name, _("Give both, the month and the year."))

    def _month_of(self, number: int, end: str) -> str:
        year, month = (self.cleaned_data.get(f"job{number}_{end}_{part}") for part in ("year", "month"))
        return f"{year}-{month}" if year and month else ""

    def state(self) -> State:
        jobs = [self._job(number) for number in range(self.blocks)]
        return {
            "jobs": [
                job for job in jobs if any(value for name, value in job.items() if name != "is_current")
            ],
            "summary": self.cleaned_data["summary"],
            "education": self.cleaned_data["education"],
        }

    def _job(self, number: int) -> State:
        texts = {name: self.cleaned_data[f"job{number}_{name}"] for name in JOB_TEXTS}
        is_current = self.cleaned_data[f"job{number}_is_current"]
        return texts | {
            "began": self._month_of(number, "began"),
            "ended": "" if is_current else self._month_of(number, "ended"),
            "is_current": is_current,
        }


class ResumeForm(StepForm):
    """Only the size is looked at here; the service looks into the file."""

    file = forms.FileField(
        label=gettext_lazy("Choose a file"),
        help_text=gettext_lazy(
            "PDF, Word (.docx) or text, up to 5 MB. Not locked with a password, without macros."
        ),
        required=False,
        max_length=1000,
        error_messages={"empty": REFUSALS["empty"]},
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.txt"}),
    )
    needed = ("file",)

    def __init__(self, *args: Any, is_too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_too_large = is_too_large

    def clean_file(self) -> UploadedFile | None:
        if self.is_too_large:
            raise forms.ValidationError(REFUSALS["too_large"])
        uploaded: UploadedFile | None = self.cleaned_data["file"]
        return uploaded

    def state(self) -> State:
        return {}


class EmployersForm(StepForm):
    now = forms.CharField(
        label=gettext_lazy("For whom do you work now?"),
        help_text=gettext_lazy(
            "One on a line, as the company or office calls itself. Yourself counts, if you run a business."
        ),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
    )
    before = forms.CharField(
        label=gettext_lazy("For whom else did you work in the last 12 months?"),
        help_text=gettext_lazy(
            "One on a line. Raters do not see these names; they step aside where they know you from work."
        ),
        max_length=4000,
        required=False,
        widget=forms.Textarea,
    )
    has_none = forms.BooleanField(
        label=gettext_lazy("I worked for nobody in the last 12 months."), required=False
    )

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        return {**state, "now": "\n".join(state["now"]), "before": "\n".join(state["before"])}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("now", "before"):
            if len(lines_of(cleaned.get(name, ""))) > MOST_EMPLOYERS:
                self.add_error(name, _("Name at most %(count)s.") % {"count": MOST_EMPLOYERS})
        if cleaned.get("has_none") and (cleaned.get("now") or cleaned.get("before")):
            self.add_error("has_none", _("You named an employer above. Remove the name, or this mark."))
        return cleaned

    def state(self) -> State:
        return {
            "now": lines_of(self.cleaned_data["now"]),
            "before": lines_of(self.cleaned_data["before"]),
            "has_none": self.cleaned_data["has_none"],
        }
