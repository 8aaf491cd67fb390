"""What an ethics official is asked."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import RelationshipKind
from agencies.models.relationship import RelationshipSource
from placements.forms.acting import ActionForm, DayField, PastDayField
from placements.forms.agency_placements import text_field
from placements.models import ConflictResult, Determination, EthicsWaiver
from placements.models.conflict import SIGNABLE_RESULTS, WaiverAuthority
from placements.services.facts import known_about
from techforce.program.models import Company

WHY_WRONG = {
    "ended": _("It has ended"),
    "wrong_company": _("It was another company"),
    "wrong_office": _("It was another office"),
    "wrong_kind": _("It was of another kind"),
    "new_information": _("There is new information"),
}
WHY_AGAIN = {
    "fact_corrected": _("A fact was corrected"),
    "duties_changed": _("The duties changed"),
    "office_changed": _("The office changed"),
    "template_switched": _("The person comes in another way"),
}


def choose(label: Any, known: dict[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", _("Choose one")), *known.items()])


def offer_companies(form: ActionForm, companies: list[Company]) -> None:
    """The companies to which the person has a tie; all of them where none is recorded."""
    found = Company.objects.filter(pk__in=[company.pk for company in companies])
    field = cast("forms.ModelChoiceField[Company]", form.fields["company"])
    field.queryset = (found if companies else Company.objects.all()).order_by("name")


def standing_waivers(determination: Determination) -> QuerySet[EthicsWaiver]:
    """Of the person and the office that the determination is about, and not ended early."""
    waivers: QuerySet[EthicsWaiver] = EthicsWaiver.objects.filter(
        selection=determination.selection_id, selection__isnull=False, revoked_on__isnull=True
    ).order_by("-pk")
    return waivers


class SignForm(ActionForm):
    result = forms.ChoiceField(
        label=_("Your decision"),
        widget=forms.RadioSelect,
        choices=[(code, ConflictResult(code).label) for code in SIGNABLE_RESULTS],
    )

    def prepare(self) -> None:
        if self.row.proposed_result in SIGNABLE_RESULTS:
            self.fields["result"].initial = self.row.proposed_result


class ScreenAgainForm(ActionForm):
    reason_code = choose(_("Why"), WHY_AGAIN)


class WaiverForm(ActionForm):
    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none())
    authority = forms.ChoiceField(label=_("Authority"), choices=WaiverAuthority.choices)
    scope = text_field(_("Scope and limits"), _("Which matters; no holdings and no amounts"), is_long=True)
    issued_by = text_field(_("Issued by"), _("Title of the appointing official"))
    issued_on = PastDayField(label=_("Issued on"))
    expires_on = DayField(label=_("Last day"), required=False)
    oge_consulted_on = PastDayField(
        label=_("OGE consulted on"), required=False, help_text=_("Where practicable (5 CFR 2640.303)")
    )
    document_reference = text_field(_("Document reference"), _("Where the signed text is kept"))

    def prepare(self) -> None:
        offer_companies(self, known_about(self.row.selection).companies())


class RevokeWaiverForm(ActionForm):
    """`row` is the determination; the waivers that stand are offered."""

    waiver = forms.ModelChoiceField(label=_("Waiver"), queryset=EthicsWaiver.objects.none())
    revoked_on = PastDayField(label=_("Ended on"))

    def prepare(self) -> None:
        field: Any = self.fields["waiver"]
        field.queryset = standing_waivers(self.row)


class NewRelationshipForm(ActionForm):
    """`row` is the determination; its person's companies are offered."""

    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none())
    kind = forms.ChoiceField(
        label=_("What the office has to do with the company"),
        choices=[choice for choice in RelationshipKind.choices if choice[0] != RelationshipKind.NONE_KNOWN],
    )
    source = forms.ChoiceField(label=_("Source"), choices=RelationshipSource.choices)
    contract_number = forms.CharField(label=_("Contract number"), max_length=50, required=False)

    def prepare(self) -> None:
        offer_companies(self, known_about(self.row.case).companies())


class RelationshipForm(ActionForm):
    kind = forms.ChoiceField(
        label=_("What the office has to do with the company"), choices=RelationshipKind.choices
    )
    source = forms.ChoiceField(label=_("Source"), choices=RelationshipSource.choices)
    reason_code = choose(_("Why it was wrong"), WHY_WRONG)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def prepare(self) -> None:
        self.initial = {
            "kind": self.row.kind,
            "source": RelationshipSource.AGENCY,
            "version": self.row.version,
            **self.initial,
        }
