"""What HR is asked when an offer is made."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.forms.acting import ActionForm, DayField
from placements.models import Offer, PayException, Selection
from techforce.core.calendar import EASTERN, today
from techforce.core.forms import Form

ANSWER_DAYS = 5
ONE_DAY = datetime.timedelta(days=1)


def dollars(amount: Any) -> str:
    return f"${intcomma(int(amount))}"


class OfferForm(Form):
    """Pay is checked against the opening's range and the cohort's band; an exception on file for exactly this rate
    passes both."""

    pay_rate = forms.DecimalField(
        label=gettext_lazy("Rate of pay, dollars a year"), max_digits=6, decimal_places=0, min_value=1
    )
    starts_on = DayField(
        label=gettext_lazy("First day"),
        help_text=gettext_lazy("Usually the first day of a pay period, a Monday."),
    )

    def __init__(
        self, *arguments: Any, selection: Selection, earlier: Offer | None = None, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.selection, self.exception = selection, None
        low, high = selection.opening.pay_low, selection.opening.pay_high
        if low is not None and high is not None:
            range_text = _("The opening says %(low)s to %(high)s.")
            self.fields["pay_rate"].help_text = range_text % {"low": dollars(low), "high": dollars(high)}
        if earlier is not None:
            self.initial = {"pay_rate": earlier.pay_rate, "starts_on": earlier.starts_on, **self.initial}

    def clean_starts_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["starts_on"]
        if day <= today():
            raise forms.ValidationError(_("The first day is still to come."))
        return day

    def clean_pay_rate(self) -> Decimal:
        rate: Decimal = self.cleaned_data["pay_rate"]
        exceptions = PayException.objects.filter(selection=self.selection, pay_rate=rate)
        self.exception = exceptions.order_by("-pk").first()
        if self.exception is None and (sentence := self._problem(rate)):
            raise forms.ValidationError(sentence)
        return rate

    def _problem(self, rate: Decimal) -> str:
        opening, cohort = self.selection.opening, self.selection.cohort
        if not cohort.pay_min <= rate <= cohort.pay_max:
            sentence = _(
                "The cohort pays %(low)s to %(high)s. Another rate needs an exception that your approving official "
                "records on the candidate’s page first."
            )
            return sentence % {"low": dollars(cohort.pay_min), "high": dollars(cohort.pay_max)}
        low, high = opening.pay_low, opening.pay_high
        if low is not None and high is not None and not low <= rate <= high:
            sentence = _(
                "The opening was published with %(low)s to %(high)s. Another rate needs an exception that your "
                "approving official records on the candidate’s page first."
            )
            return sentence % {"low": dollars(low), "high": dollars(high)}
        return ""


class SendForm(ActionForm):
    answer_by = DayField(
        label=gettext_lazy("Answer by"),
        help_text=gettext_lazy("The offer expires at the end of this day, Eastern Time."),
    )

    def prepare(self) -> None:
        self.fields["answer_by"].initial = today() + ANSWER_DAYS * ONE_DAY

    def clean_answer_by(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["answer_by"]
        if day <= today():
            raise forms.ValidationError(_("Leave the person at least until tomorrow."))
        return day


def end_of_day(day: datetime.date) -> datetime.datetime:
    """The first moment that is too late for an answer on `day`."""
    return datetime.datetime.combine(day + ONE_DAY, datetime.time(), tzinfo=EASTERN)
