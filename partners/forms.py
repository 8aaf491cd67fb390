"""Forms of the company's pages, and of the person's own page."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Nomination, Partner
from partners.models.terms import LeaveType
from partners.workflow import NOMINATION, DeclineReason, LoanKind
from techforce.core.forms import Form, MemorableDate, yes_or_no
from techforce.program.models import Cohort

LONGEST_LIST = 1000
UNDECIDED = ("", gettext_lazy("Not decided yet"))
REVOKE_REASONS = {
    "left_company": gettext_lazy("The person has left, or is leaving, the company"),
    "company_decision": gettext_lazy("The company decided otherwise"),
    "sent_in_error": gettext_lazy("It was sent in error"),
}


def names_of_agencies(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=gettext_lazy("Names only: no contract numbers, prices or plans."),
        max_length=LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class CompanyForm(Form):
    """For whoever acts for the companies `partners`: nobody is asked to choose from one."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Company"), queryset=Partner.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, partners: Iterable[Partner], **options: Any) -> None:
        super().__init__(*args, **options)
        self.partners = list(partners)
        if len(self.partners) == 1:
            del self.fields["partner"]
            return
        mine = Partner.objects.filter(pk__in=[row.pk for row in self.partners])
        rows = mine.select_related("company").order_by("company__name")
        self.fields["partner"].queryset = rows  # type: ignore[attr-defined]

    def company(self) -> Partner:
        chosen: Partner = self.cleaned_data.get("partner") or self.partners[0]
        return chosen


class NominateForm(CompanyForm):
    """What a company says about a person whom it proposes (step A02)."""

    cohort = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"), queryset=Cohort.objects.none(), to_field_name="slug"
    )
    full_name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    email = forms.EmailField(
        label=gettext_lazy("E-mail address for the invitation"),
        max_length=254,
        help_text=gettext_lazy(
            "Personal or work address. The invitation goes there. The person answers from an account of their own."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    present_role = forms.CharField(label=gettext_lazy("Role in your company now"), max_length=120)
    division = forms.CharField(label=gettext_lazy("Division"), max_length=120, required=False)
    has_federal_accounts = yes_or_no(
        gettext_lazy("Did they serve federal customers in the last 24 months?"),
        gettext_lazy("An agency’s ethics office needs to know which offices they cannot join."),
    )
    federal_accounts = names_of_agencies(gettext_lazy("If yes: which agencies"))
    has_federal_bids = yes_or_no(gettext_lazy("Did they work on federal bids in the last 24 months?"))
    federal_bids = names_of_agencies(gettext_lazy("If yes: bids to which agencies"))
    planned_kind = forms.ChoiceField(
        label=gettext_lazy("How would they leave your company for the two years?"),
        help_text=gettext_lazy("Your plan today. You record the terms later, before the start."),
        choices=(*LoanKind.choices, UNDECIDED),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cohorts = Cohort.objects.filter(status__in=("planned", "open")).order_by("closes_at", "pk")
        self.fields["cohort"].queryset = cohorts  # type: ignore[attr-defined]
        self.fields["cohort"].initial = cohorts.first()

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        for name in ("federal_accounts", "federal_bids"):
            is_yes = answers.get(f"has_{name}")
            if is_yes and not answers.get(name):
                self.add_error(name, _("Name the agencies, or answer No above."))
            if is_yes is False:
                answers[name] = ""
        return answers

    def facts(self) -> dict[str, Any]:
        """What the service is told."""
        answers = dict(self.cleaned_data)
        for name in ("has_federal_accounts", "has_federal_bids"):
            del answers[name]
        return {**answers, "partner": self.company()}


class ColleagueForm(CompanyForm):
    email = forms.EmailField(
        label=gettext_lazy("E-mail address of your colleague"),
        max_length=254,
        help_text=gettext_lazy("They get a link that works once and for 30 days."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class TermsForm(Form):
    """Leave of absence or separation: exactly one of them is on file before the start (I7)."""

    kind = forms.ChoiceField(
        label=gettext_lazy("How does the person leave your company?"),
        choices=LoanKind.choices,
        widget=forms.RadioSelect,
    )
    begins_on = forms.DateField(
        label=gettext_lazy("First day of the leave, or last day at the company"), widget=MemorableDate
    )
    leave_type = forms.ChoiceField(
        label=gettext_lazy("For a leave: which kind"),
        choices=(("", gettext_lazy("Choose")), *LeaveType.choices),
        required=False,
    )
    has_return_right = yes_or_no(
        gettext_lazy("For a leave: may the person come back?"),
        gettext_lazy("A right to return counts as an arrangement for future employment (18 U.S.C. 208)."),
        is_required=False,
    )
    expected_return_on = forms.DateField(
        label=gettext_lazy("For a leave with a right to return: expected day of return"),
        widget=MemorableDate,
        required=False,
    )
    is_unpaid = forms.BooleanField(
        label=gettext_lazy(
            "The company pays no salary, bonus or allowance for the time of government service (18 U.S.C. 209)."
        ),
        error_messages={"required": gettext_lazy("Terms with pay from the company are not possible.")},
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if answers.get("kind") == LoanKind.LEAVE:
            self._check_leave(answers)
        elif answers.get("kind") == LoanKind.SEPARATION:
            self._check_separation(answers)
        return answers

    def _check_leave(self, answers: dict[str, Any]) -> None:
        if not answers.get("leave_type"):
            self.add_error("leave_type", _("Choose the kind of leave."))
        if answers.get("has_return_right") is None:
            self.add_error("has_return_right", _("Say whether the person may come back."))
        begins_on, returns_on = answers.get("begins_on"), answers.get("expected_return_on")
        if returns_on and not answers.get("has_return_right"):
            self.add_error("expected_return_on", _("A day of return goes with a right to return."))
        if begins_on and returns_on and returns_on <= begins_on:
            self.add_error("expected_return_on", _("The return comes after the first day of the leave."))

    def _check_separation(self, answers: dict[str, Any]) -> None:
        """What a separation cannot have is not dropped in silence."""
        for name in ("leave_type", "has_return_right", "expected_return_on"):
            if answers.get(name):
                self.add_error(name, _("This goes with a leave of absence, not with a separation."))

    @classmethod
    def about(cls, nomination: Nomination, terms: Any) -> "TermsForm":
        """With the terms on file, or with what the company had planned."""
        if terms is None:
            return cls(initial={"kind": nomination.planned_kind})
        return cls(
            initial={
                "kind": terms.kind,
                "begins_on": terms.leave_starts_on or terms.last_day_on,
                "leave_type": terms.leave_type,
                "has_return_right": "yes" if terms.has_return_right else "no" if terms.leave_type else "",
                "expected_return_on": terms.expected_return_on,
            }
        )


class RevokeForm(Form):
    reason_code = forms.ChoiceField(
        label=gettext_lazy("Why do you take it back?"),
        choices=[(code, REVOKE_REASONS[code]) for code in NOMINATION.named("revoke").reasons],
        widget=forms.RadioSelect,
    )


# ── The person ────────────────────────────────────────────────────────────────────────────────────
class ConfirmForm(Form):
    """Yes or no about ties to the company, never amounts (domain.md §4.4). `company` is its name."""

    HOLDINGS = (
        ("holds_vested_stock", gettext_lazy("Vested stock")),
        ("holds_unvested_units", gettext_lazy("Stock units that have not vested")),
        ("holds_options", gettext_lazy("Options")),
        ("holds_private_equity", gettext_lazy("Equity that is not publicly traded")),
    )
    NONE = "none"

    is_private_company = yes_or_no(
        gettext_lazy("Is the company privately held?"),
        gettext_lazy("Answer No if its stock is traded on an exchange."),
    )
    holdings = forms.MultipleChoiceField(
        label=gettext_lazy("What do you keep in the company?"),
        help_text=gettext_lazy("Choose all that apply. Do not write amounts anywhere."),
        choices=(*HOLDINGS, (NONE, gettext_lazy("None of these"))),
        widget=forms.CheckboxSelectMultiple,
    )
    expects_return = yes_or_no(
        gettext_lazy("Is there a right, or an understanding, that you come back to the company?")
    )
    has_family_tie = yes_or_no(
        gettext_lazy("Does your spouse or minor child work for the company, or hold equity in it?")
    )
    agrees = forms.BooleanField(
        label=gettext_lazy("I am the person named above, and I agree to be nominated."),
        error_messages={"required": gettext_lazy("Check this box to confirm, or decline below.")},
    )

    def clean_holdings(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["holdings"]
        if self.NONE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose what you keep, or “None of these”, not both."))
        return chosen

    def ties(self) -> dict[str, bool]:
        """The answers as fields of EquityDeclaration."""
        answers = self.cleaned_data
        kinds = {name: name in answers["holdings"] for name, _label in self.HOLDINGS}
        return kinds | {
            name: answers[name] for name in ("is_private_company", "expects_return", "has_family_tie")
        }


class DeclineForm(Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"),
        help_text=gettext_lazy("The company never reads your answer."),
        choices=(("", gettext_lazy("I would rather not say")), *DeclineReason.choices),
        required=False,
    )
