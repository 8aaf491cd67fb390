"""What an agency is asked about the people on a certificate."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Opening
from placements.forms.acting import ActionForm
from placements.models import CertificateEntry, DispositionCode, Referral, Selection
from techforce.core.forms import Form

OUTCOME_OF = {
    "selected": DispositionCode.SELECTED,
    "offered": DispositionCode.SELECTED,
    "accepted": DispositionCode.SELECTED,
    "not_selected": DispositionCode.NOT_SELECTED,
    "filled_elsewhere": DispositionCode.NOT_SELECTED,
    "declined": DispositionCode.NOT_SELECTED,
    "conflict_blocked": DispositionCode.NOT_SELECTED,
}
"""What follows from our own decision. Who is still being considered has no outcome yet; all others were not
considered."""


STANDINGS = {
    "considered": ("proposed", "shortlisted", "interviewing"),
    "to-approve": ("shortlisted", "interviewing"),
    "selected": ("selected",),
    "offered": ("offered", "accepted"),
}
STANDING_LABELS = (
    ("", gettext_lazy("Everybody")),
    ("considered", gettext_lazy("Being considered")),
    ("to-approve", gettext_lazy("Waiting for the approving official")),
    ("selected", gettext_lazy("Selected, no answer yet")),
    ("offered", gettext_lazy("With an offer")),
)


class CandidateFilter(Form):
    opening = forms.ModelChoiceField(
        label=gettext_lazy("Opening"),
        queryset=Opening.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=gettext_lazy("All openings"),
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Where it stands"), choices=STANDING_LABELS, required=False
    )

    def __init__(self, *arguments: Any, referrals: QuerySet[Referral], **options: Any) -> None:
        super().__init__(*arguments, **options)
        openings = Opening.objects.filter(pk__in=referrals.order_by().values("opening"))
        field = cast("forms.ModelChoiceField[Opening]", self.fields["opening"])
        field.queryset = openings.select_related("agency").order_by("title", "pk")


class PayExceptionForm(ActionForm):
    pay_rate = forms.DecimalField(
        label=gettext_lazy("Rate of pay, dollars a year"), max_digits=6, decimal_places=0, min_value=1
    )
    authority = forms.CharField(
        label=gettext_lazy("Authority"), max_length=120, help_text=gettext_lazy("The rule that allows it")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea)


class ReturnForm(Form):
    """One question a name, answered already where we decided."""

    def __init__(
        self, names: Sequence[tuple[CertificateEntry, Selection | None]], *arguments: Any, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.entries = {f"name_{entry.public_id}": entry for entry, _selection in names}
        choices = [("", _("Choose an outcome")), *DispositionCode.choices]
        for entry, selection in names:
            self.fields[f"name_{entry.public_id}"] = forms.ChoiceField(
                label=str(entry.application.applicant), choices=choices, initial=_suggested(selection)
            )

    def outcomes(self) -> dict[int, str]:
        return {entry.pk: self.cleaned_data[name] for name, entry in self.entries.items()}


def _suggested(selection: Selection | None) -> str:
    if selection is None:
        return DispositionCode.NOT_CONSIDERED
    return OUTCOME_OF.get(selection.status, "")
