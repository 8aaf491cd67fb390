"""The draft of an opening, on one page in seven parts."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.forms.beginning import writable_offices
from agencies.forms.fields import Day, Dollars, Places, Text, Whole, first_moment, moment_after
from agencies.models import AgencyMembership, AgencyRole, Office, Opening
from agencies.models.opening import HIGHEST_GRADE, HIGHEST_PAY
from agencies.services import draft_problems
from agencies.services.guards import REQUIRED, is_paid, label_of, pay_problem
from techforce.accounts.forms import TIME_ZONES
from techforce.accounts.models import User
from techforce.core.forms import ModelForm
from techforce.core.moments import announced
from techforce.program.models import Discipline, OccupationalSeries

NO_DUTIES = "has_no_vendor_duties"
PAGE_NAMES = {"opens_at": "opens_on", "closes_at": "closes_on", NO_DUTIES: "duty_flags"}
"""What the page calls columns that it asks for in other words."""

NEEDED = [PAGE_NAMES.get(name, name) for name in (*REQUIRED, NO_DUTIES)]
MOST_SEATS = 1000


class Part(NamedTuple):
    """Fields that stand together on the page."""

    title: Any
    names: tuple[str, ...]
    hint: Any = ""


class DraftForm(ModelForm):
    """All that the agency writes. What contradicts itself is refused; what is missing is named when it submits."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    pay_plan = forms.CharField(
        label=gettext_lazy("Pay plan"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("Two letters, such as GS."),
        validators=[RegexValidator(r"^[A-Z]{2}$", gettext_lazy("A pay plan has two letters, such as GS."))],
    )
    grade_low = Whole(
        label=gettext_lazy("Lowest grade"), required=False, min_value=1, max_value=HIGHEST_GRADE
    )
    grade_high = Whole(
        label=gettext_lazy("Highest grade"), required=False, min_value=1, max_value=HIGHEST_GRADE
    )
    pay_low = Dollars(
        label=gettext_lazy("Lowest pay, dollars a year"), required=False, min_value=1, max_value=HIGHEST_PAY
    )
    pay_high = Dollars(
        label=gettext_lazy("Highest pay, dollars a year"), required=False, min_value=1, max_value=HIGHEST_PAY
    )
    asks_exception = forms.BooleanField(
        label=gettext_lazy("We ask OPM for an exception from the pay band"),
        required=False,
        help_text=gettext_lazy(
            "Only for pay outside the band. OPM approves it for exactly this range, or does not."
        ),
    )
    seats = Whole(label=gettext_lazy("Seats"), min_value=1, max_value=MOST_SEATS)
    term_months = Whole(label=gettext_lazy("Term in months"), min_value=1)
    opens_on = Day(label=gettext_lazy("Opens on"), required=False)
    closes_on = Day(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("People can mark the opening until 11:59 p.m. of this day."),
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of the deadline"), choices=TIME_ZONES, initial=TIME_ZONES[0][0]
    )
    places = Places(
        label=gettext_lazy("Places of work"),
        required=False,
        help_text=gettext_lazy("One a line: city, comma, two letters of the state, such as “Austin, TX”."),
    )
    travel_percent = Whole(
        label=gettext_lazy("Travel, percent of the time"), min_value=0, max_value=100, initial=0
    )
    summary = Text(label=gettext_lazy("Summary"), required=False)
    duties = Text(label=gettext_lazy("Duties"), required=False, help_text=gettext_lazy("One a line."))
    requirements = Text(
        label=gettext_lazy("Requirements"), required=False, help_text=gettext_lazy("One a line.")
    )
    evaluation = Text(label=gettext_lazy("How we evaluate you"), required=False)
    duty_flags = forms.MultipleChoiceField(
        label=gettext_lazy("The person in this position"),
        required=False,
        choices=[(name, capfirst(label_of(name))) for name in (*Opening.DUTY_FLAGS, NO_DUTIES)],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Compared with each candidate’s ties to companies (18 U.S.C. 208)."),
    )
    designated_on = Day(label=gettext_lazy("Designated on"), required=False)

    class Meta:
        model = Opening
        fields = (
            "title",
            "office",
            "discipline",
            "track",
            "series",
            "fill_method",
            "hiring_manager",
            "pay_plan",
            "grade_low",
            "grade_high",
            "pay_low",
            "pay_high",
            "seats",
            "term_months",
            "time_zone",
            "is_remote",
            "is_telework_eligible",
            "travel_percent",
            "summary",
            "duties",
            "requirements",
            "evaluation",
            "vetting_tier",
            "sensitivity",
            "designated_on",
            "designation_record",
            "disclosure_filer",
            "is_citizenship_required",
        )

    parts = (
        Part(
            gettext_lazy("The work"),
            ("title", "office", "discipline", "track", "series", "fill_method", "hiring_manager"),
        ),
        Part(
            gettext_lazy("Grade and pay"),
            ("pay_plan", "grade_low", "grade_high", "pay_low", "pay_high", "asks_exception"),
        ),
        Part(gettext_lazy("Seats and dates"), ("seats", "term_months", "opens_on", "closes_on", "time_zone")),
        Part(gettext_lazy("Place"), ("places", "is_remote", "is_telework_eligible", "travel_percent")),
        Part(gettext_lazy("What applicants read"), ("summary", "duties", "requirements", "evaluation")),
        Part(gettext_lazy("What the work touches"), ("duty_flags",)),
        Part(
            gettext_lazy("Position designation"),
            (
                "vetting_tier",
                "sensitivity",
                "designated_on",
                "designation_record",
                "disclosure_filer",
                "is_citizenship_required",
            ),
            gettext_lazy("You can submit before the position is designated. OPM publishes only afterwards."),
        ),
    )

    def __init__(self, data: Any = None, *, opening: Opening, by: Any) -> None:
        super().__init__(data, instance=opening, initial=_beside_the_columns(opening))
        self.saved_pay = (opening.pay_low, opening.pay_high)
        self.saved_moments = (opening.opens_at, opening.closes_at)
        self._offer_choices(opening, by)
        cohort = opening.cohort
        self.fields["pay_low"].help_text = _("The cohort’s band goes from $%(low)s to $%(high)s a year.") % {
            "low": f"{cohort.pay_min:,}",
            "high": f"{cohort.pay_max:,}",
        }
        self.fields["term_months"].help_text = _("At most %(months)s.") % {"months": cohort.term_months}
        for name in NEEDED:
            self.fields[name].is_needed_later = True  # type: ignore[attr-defined]

    def _offer_choices(self, opening: Opening, by: Any) -> None:
        """What may be chosen for something new, and what the draft already says."""
        offices = [row.pk for row in writable_offices(by, "agencies.change_opening")]
        in_cohort = Q(cohort_disciplines__cohort=opening.cohort_id) | Q(pk=opening.discipline_id)
        managers = AgencyMembership.objects.live().filter(
            agency=opening.agency_id, role=AgencyRole.HIRING_MANAGER
        )
        offered = {
            "office": Office.objects.filter(
                Q(pk__in=offices) | Q(pk=opening.office_id), agency=opening.agency_id
            ),
            "discipline": Discipline.objects.filter(in_cohort).distinct(),
            "series": OccupationalSeries.objects.filter(Q(is_active=True) | Q(pk=opening.series_id)),
            "hiring_manager": User.objects.filter(
                Q(pk__in=managers.values("user")) | Q(pk=opening.hiring_manager_id)
            ).order_by("full_name", "pk"),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def sections(self) -> Iterator[tuple[Part, list[forms.BoundField]]]:
        for part in self.parts:
            yield part, [self[name] for name in part.names]

    def clean(self) -> dict[str, Any]:
        """The columns that the page asks for in other words. Constraints of the table are the service's matter."""
        cleaned = self.cleaned_data
        zone = cleaned.get("time_zone") or self.instance.time_zone
        opened, closed = self.saved_moments
        if "opens_on" in cleaned:
            day = cleaned["opens_on"]
            self.instance.opens_at = first_moment(day, zone, opened) if day else None
        if "closes_on" in cleaned:
            day = cleaned["closes_on"]
            self.instance.closes_at = moment_after(day, zone, closed) if day else None
        chosen = cleaned.get("duty_flags", ())
        for name in (*Opening.DUTY_FLAGS, NO_DUTIES):
            setattr(self.instance, name, name in chosen)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, sentence in draft_problems(self.instance).items():
            self._refuse(PAGE_NAMES.get(name, name), sentence)
        if self._is_outside_band() and not self.cleaned_data.get("asks_exception"):
            self._refuse("pay_high", pay_problem(self.instance))

    def _is_outside_band(self) -> bool:
        opening = self.instance
        if not is_paid(opening) or opening.pay_low > opening.pay_high:
            return False
        if (opening.pay_low, opening.pay_high) != self.saved_pay:
            opening.band_exception = None  # it was for another range
        return bool(pay_problem(opening))

    def _refuse(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def values(self) -> dict[str, Any]:
        """New values by column, for the service."""
        asked = (*self.Meta.fields, "opens_at", "closes_at", *Opening.DUTY_FLAGS, NO_DUTIES)
        return {name: getattr(self.instance, name) for name in asked}


def _beside_the_columns(opening: Opening) -> dict[str, Any]:
    """What the page asks for in other words than the table keeps it."""
    zone = ZoneInfo(opening.time_zone)
    return {
        "version": opening.version,
        "opens_on": opening.opens_at.astimezone(zone).date() if opening.opens_at else None,
        "closes_on": announced(opening.closes_at, opening.time_zone).date() if opening.closes_at else None,
        "places": "\n".join(str(place) for place in opening.places.all()) if opening.pk else "",
        "duty_flags": [name for name in (*Opening.DUTY_FLAGS, NO_DUTIES) if getattr(opening, name)],
        "asks_exception": bool(is_paid(opening) and pay_problem(opening)),
    }
