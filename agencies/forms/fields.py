"""Controls for money, days and places, as people write them."""

import datetime
import re
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from agencies.models import OpeningPlace
from techforce.core.moments import announced

MOST_PLACES = 50
LONGEST_TEXT = 20_000  # characters
LONGEST_CITY = OpeningPlace._meta.get_field("city").max_length or 0
ONE_DAY = datetime.timedelta(days=1)


class Whole(forms.IntegerField):
    """A number in an ordinary text box: no arrows, no scrolling by accident."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "numeric"}


class Dollars(Whole):
    """Whole dollars, with or without the sign and the commas."""

    def to_python(self, value: Any) -> int | None:
        return super().to_python(re.sub(r"[$,\s]", "", value) if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else f"{value:,}"


class Text(forms.CharField):
    """Several lines. A browser sends its own kind of line ends, which are no change."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, **options)

    def to_python(self, value: Any) -> str:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(initial) != self.to_python(data)


class Day(forms.DateField):
    """A day, with the browser's own calendar where it has one."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class Places(Text):
    """Places of work, one a line: "Austin, TX"."""

    def clean(self, value: Any) -> list[tuple[str, str]]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        places = dict.fromkeys(_place(line) for line in lines if line)
        if len(places) > MOST_PLACES:
            raise ValidationError(_("Name at most %(most)s places.") % {"most": MOST_PLACES})
        return list(places)


def _place(line: str) -> tuple[str, str]:
    city, _comma, state = (part.strip() for part in line.rpartition(","))
    if not city or len(city) > LONGEST_CITY or not re.fullmatch(r"[A-Za-z]{2}", state):
        raise ValidationError(
            _("“%(line)s” is not a city and the two letters of its state, such as “Austin, TX”.")
            % {"line": line[:100]}
        )
    return city, state.upper()


def first_moment(day: datetime.date, zone: str, saved: datetime.datetime | None) -> datetime.datetime:
    """When `day` begins; the moment saved before, if it lies on that day."""
    if saved and saved.astimezone(ZoneInfo(zone)).date() == day:
        return saved
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=ZoneInfo(zone))


def moment_after(day: datetime.date, zone: str, saved: datetime.datetime | None) -> datetime.datetime:
    """The first moment that is too late when `day` is the last one; the moment saved before, if it means that."""
    if saved and announced(saved, zone).date() == day:
        return saved
    return datetime.datetime.combine(day + ONE_DAY, datetime.time.min, tzinfo=ZoneInfo(zone))
