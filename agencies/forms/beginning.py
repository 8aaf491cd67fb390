"""The three answers with which a draft begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from agencies.models import Office
from agencies.permissions import live_memberships
from agencies.services.drafts import PLACED_COHORTS
from techforce.core.forms import Form
from techforce.program.models import Cohort


def writable_offices(user: Any, permission: str) -> list[Office]:
    """Offices in use for which `user`, as a member of the agency, holds `permission`."""
    own = Office.objects.filter(
        agency__in={held.agency_id for held in live_memberships(user)}, is_active=True
    )
    return [office for office in own.select_related("agency") if user.has_perm(permission, office)]


class NewOpeningForm(Form):
    """Where the opening belongs; everything else is written into the draft."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        help_text=gettext_lazy("As applicants will read it, such as “Software Engineer, Claims Status”."),
    )
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label=gettext_lazy("Office"),
        help_text=gettext_lazy(
            "Where the work is done. Conflicts of interest are checked against its companies."
        ),
    )
    cohort = forms.ModelChoiceField(Cohort.objects.none(), label=gettext_lazy("Cohort"))

    def __init__(self, *args: Any, offices: list[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office, cohort = self.fields["office"], self.fields["cohort"]
        office.queryset = Office.objects.filter(pk__in=[row.pk for row in offices]).select_related("agency")  # type: ignore[attr-defined]
        if len({row.agency_id for row in offices}) > 1:
            office.label_from_instance = lambda row: f"{row.agency}: {row}"  # type: ignore[attr-defined]
        cohort.queryset = Cohort.objects.exclude(status__in=PLACED_COHORTS)  # type: ignore[attr-defined]
