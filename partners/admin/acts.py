"""What OPM's program office does with a partner company and with the terms of a loan."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Nomination, Partner, PartnerAgreement
from partners.models.terms import LeaveType
from partners.services import (
    activate_partner,
    add_agreement,
    begin_agreement,
    close_nomination,
    record_leave_of_absence,
    record_separation,
    revoke_nomination,
)
from partners.workflow import NOMINATION, PARTNER
from techforce.core.admin.acts import Act
from techforce.core.admin.forms import DayInput, ReasonForm, StaffForm

KEPT_PARTNERS = ("prospective", "agreement_pending", "active", "suspended")
LENT = ("confirmed", "active")


class AgreementForm(StaffForm):
    row: Partner
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        help_text=gettext_lazy("Number in the system that holds the signed text"),
        max_length=60,
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput())
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"),
        help_text=gettext_lazy("Empty while it is a draft"),
        required=False,
        widget=DayInput(),
    )

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"]
        if PartnerAgreement.objects.filter(reference=reference).exists():
            raise forms.ValidationError(_("An agreement with this reference is on file."))
        return reference

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("starts_on"), answers.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day comes before the first."))
        elif first and last and answers.get("signed_on") and self._overlaps(first, last):
            self.add_error(None, _("Another signed agreement of this company covers some of these days."))
        return answers

    def _overlaps(self, first: datetime.date, last: datetime.date) -> bool:
        signed = PartnerAgreement.objects.filter(partner=self.row, signed_on__isnull=False)
        return signed.filter(starts_on__lte=last, ends_on__gte=first).exists()


class LeaveForm(StaffForm):
    leave_type = forms.ChoiceField(
        label=gettext_lazy("Kind of leave"),
        help_text=gettext_lazy("Always unpaid: nobody else may pay for government service (18 U.S.C. 209)."),
        choices=LeaveType.choices,
    )
    starts_on = forms.DateField(label=gettext_lazy("Leave begins on"), widget=DayInput())
    has_return_right = forms.BooleanField(
        label=gettext_lazy("The person has a right to return"),
        help_text=gettext_lazy("It is an arrangement for future employment (18 U.S.C. 208(a))."),
        required=False,
    )
    expected_return_on = forms.DateField(
        label=gettext_lazy("Expected return"), required=False, widget=DayInput()
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        begins, returns = answers.get("starts_on"), answers.get("expected_return_on")
        if returns and not answers.get("has_return_right"):
            self.add_error("expected_return_on", _("Only somebody with a right to return has such a day."))
        if begins and returns and returns <= begins:
            self.add_error("expected_return_on", _("The return comes after the leave begins."))
        return answers


class SeparationForm(StaffForm):
    last_day_on = forms.DateField(
        label=gettext_lazy("Last day of work at the company"),
        help_text=gettext_lazy("Starts the ethics clocks"),
        widget=DayInput(),
    )


class RevokeForm(ReasonForm):
    arrow = "revoke"


class CloseForm(ReasonForm):
    arrow = "close"


def _begin_agreement(*, row: Partner, by: Any) -> None:
    begin_agreement(partner=row, by=by)


def _activate(*, row: Partner, by: Any) -> None:
    activate_partner(partner=row, by=by)


def _add_agreement(*, row: Partner, by: Any, **answers: Any) -> None:
    add_agreement(partner=row, by=by, **answers)


def _record_leave(*, row: Nomination, by: Any, **answers: Any) -> None:
    record_leave_of_absence(nomination=row, by=by, **answers)


def _record_separation(*, row: Nomination, last_day_on: datetime.date, by: Any) -> None:
    record_separation(nomination=row, last_day_on=last_day_on, by=by)


def _revoke(*, row: Nomination, reason_code: str, by: Any) -> None:
    revoke_nomination(nomination=row, reason_code=reason_code, by=by)


def _close(*, row: Nomination, reason_code: str, by: Any) -> None:
    close_nomination(nomination=row, reason_code=reason_code, by=by)


PARTNER_ACTS = (
    Act.along(PARTNER, "begin_agreement", run=_begin_agreement),
    Act(
        name="add_agreement",
        label=gettext_lazy("File an agreement"),
        permission="partners.add_partneragreement",
        states=KEPT_PARTNERS,
        form=AgreementForm,
        run=_add_agreement,
        done=gettext_lazy("The agreement is on file."),
    ),
    Act.along(
        PARTNER, "activate", run=_activate, done=gettext_lazy("The company is active and may nominate.")
    ),
    Act.along(PARTNER, "resume", run=_activate, done=gettext_lazy("The company may nominate again.")),
)
NOMINATION_ACTS = (
    Act(
        name="record_leave",
        label=gettext_lazy("Record a leave of absence"),
        permission="partners.add_loanterms",
        states=LENT,
        form=LeaveForm,
        text=gettext_lazy("It takes the place of the terms on file, which stay on record."),
        run=_record_leave,
        done=gettext_lazy("The leave of absence is on file."),
    ),
    Act(
        name="record_separation",
        label=gettext_lazy("Record a separation"),
        permission="partners.add_loanterms",
        states=LENT,
        form=SeparationForm,
        text=gettext_lazy("It takes the place of the terms on file, which stay on record."),
        run=_record_separation,
        done=gettext_lazy("The separation is on file."),
    ),
    Act.along(
        NOMINATION,
        "revoke",
        form=RevokeForm,
        text=gettext_lazy("Whoever had confirmed gets a mail that does not say why."),
        run=_revoke,
        done=gettext_lazy("The nomination is revoked."),
    ),
    Act.along(
        NOMINATION,
        "close",
        form=CloseForm,
        text=gettext_lazy("The company reads that it is closed, and no reason."),
        run=_close,
        done=gettext_lazy("The nomination is closed."),
    ),
)
