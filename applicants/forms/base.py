"""What all steps share: the state that they show and give back, and what is asked when it was submitted before."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import Application, ApplicationStatus
from applicants.services.answers import State, digest
from applicants.sniffing import SOCIAL_SECURITY_NUMBER
from techforce.core.forms import Form

CERTIFICATION = gettext_lazy(
    "I certify that, to the best of my knowledge and belief, my answers and what I attached are true, correct, "
    "complete and made in good faith. I understand that a knowingly false statement may be a reason not to hire me or "
    "to dismiss me, and may be punished by fine or imprisonment (18 U.S.C. 1001)."
)


class TextForm(Form):
    """Points out what looks like a Social Security number, in any of its texts."""

    def clean(self) -> dict[str, Any]:
        for name, value in list(self.cleaned_data.items()):
            texts = value if isinstance(value, list) else [value]
            if any(isinstance(text, str) and SOCIAL_SECURITY_NUMBER.search(text) for text in texts):
                self.add_error(
                    name, _("This looks like a Social Security number. Remove it: we never ask for one.")
                )
        return self.cleaned_data


class StepForm(TextForm):
    """`needed` names fields that a draft may leave open and a submission may not."""

    needed: tuple[str, ...] = ()
    seen = forms.CharField(widget=forms.HiddenInput, max_length=16, required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        for name in self.needed:
            self.fields[name].is_needed_later = True  # type: ignore[attr-defined]
        if self.asks_to_certify:
            self.fields["certify"] = forms.BooleanField(
                label=CERTIFICATION,
                error_messages={"required": _("Certify that your answers are true to submit them again.")},
            )

    @classmethod
    def showing(cls, application: Application, state: State, saved: State | None = None) -> "StepForm":
        """The page as it reads with `state`; `saved` is what the reader knows to be saved, when it is something
        else."""
        initial = cls.initial_of(state) | {"seen": digest(state if saved is None else saved)}
        return cls(initial=initial, application=application)

    @property
    def asks_to_certify(self) -> bool:
        return self.application.status == ApplicationStatus.SUBMITTED

    @classmethod
    def initial_of(cls, state: State) -> dict[str, Any]:
        """A state in terms of the fields."""
        return dict(state)

    def state(self) -> State:
        """The answers of a valid form as they are stored."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "certify")}


def lines_of(text: str) -> list[str]:
    """The lines of a text that say something, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
