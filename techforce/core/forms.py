"""Forms in the U.S. Web Design System's markup.

The renderer belongs to our two base classes, not to the project: a global one would restyle the admin too.
Each field is a group of label, hint, error and control, joined by `aria-describedby`; a failed form begins
with a summary of its errors that links to the fields.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from techforce.core.calendar import days_near_today

LINE_BREAKERS = frozenset({"Cc", "Zl", "Zp"})
"""Unicode's categories of controls, line separators and paragraph separators."""

TURNERS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Characters that turn the direction of what follows, so that a text reads as another."""

# First match wins: a Textarea is no Input, but a file input is.
CONTROL_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "usa-checkbox__input"),
    (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
    (forms.RadioSelect, "usa-radio__input"),
    (forms.FileInput, "tf-file"),
    (forms.Textarea, "usa-textarea"),
    (forms.Select, "usa-select"),
    (Input, "usa-input"),
)


def control_class(widget: forms.Widget) -> str:
    """The class that the design system gives to this kind of control; none for a composed one."""
    return next((name for kind, name in CONTROL_CLASSES if isinstance(widget, kind)), "")


# First match wins: a file field is no choice, and what is typed comes last. Each says what to do.
MISSING: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.FileField, _("Choose a file.")),
    (forms.BooleanField, _("Tick this box to go on.")),
    (forms.ChoiceField, _("Choose an answer.")),
    (forms.ModelChoiceField, _("Choose an answer.")),
    (forms.DateField, _("Enter a day.")),
    (forms.Field, _("Fill this in.")),
)


class BoundField(forms.BoundField):
    """Knows its control's classes, what describes it, and where the error summary must lead."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        classes = [self.field.widget.attrs.get("class", ""), control_class(widget)]
        if self.errors and not self.is_choice_group:
            classes.append("usa-input--error")
        if joined := " ".join(filter(None, classes)):
            attrs["class"] = joined
        if self.is_choice_group:
            attrs.pop("aria-invalid", None)  # the group carries the error, not each option
        return attrs

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if isinstance(self.field.widget, CountedTextarea) and self.auto_id:
            return " ".join(filter(None, [described, f"{self.auto_id}_count"]))
        return described

    @property
    def is_choice_group(self) -> bool:
        return isinstance(self.field.widget, forms.RadioSelect)  # also the base of its checkboxes

    @property
    def is_single_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def option_kind(self) -> str:
        # Django derives the checkboxes from the radio buttons, so the order of the question matters.
        return "checkbox" if isinstance(self.field.widget, forms.CheckboxSelectMultiple) else "radio"

    @property
    def is_optional(self) -> bool:
        """Not needed now, nor later: a field may say with `is_needed_later` that a draft does without it."""
        return not (self.field.required or getattr(self.field, "is_needed_later", False))

    @property
    def anchor(self) -> str:
        """The id of the control that takes the focus when a person follows the error summary."""
        return str(self.id_for_label or f"{self.auto_id}_0")


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = BoundField


def near_today(day: datetime.date) -> None:
    earliest, latest = days_near_today()
    if not earliest <= day <= latest:
        raise ValidationError(
            _("Enter a day between %(earliest)s and %(latest)s."),
            code="far_day",
            params={"earliest": date_format(earliest, "F j, Y"), "latest": date_format(latest, "F j, Y")},
        )


def one_line(text: str) -> None:
    """A name with a line break could begin another header, and one with a turned direction reads as another name."""
    if any(unicodedata.category(sign) in LINE_BREAKERS or sign in TURNERS for sign in text):
        raise ValidationError(
            _("Write this on one line, without control characters. If you pasted it, type it instead."),
            code="not_one_line",
        )


class Careful(forms.BaseForm):
    """Holds every day near today and every one-line text to one line, also in fields that a form adds by itself."""

    def full_clean(self) -> None:
        for field in self.fields.values():
            check = _check_of(field)
            if check and check not in field.validators:
                field.validators.append(check)
            if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _missing(field)
        super().full_clean()


def _missing(field: forms.Field) -> Any:
    return next(words for kind, words in MISSING if isinstance(field, kind))


def _check_of(field: forms.Field) -> Any:
    if isinstance(field, forms.DateField):
        return near_today
    is_text = isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField)
    if is_text and not isinstance(field.widget, forms.Textarea):
        return one_line
    return None


class Form(Careful, forms.Form):
    """Base of every form that is not tied to a row."""

    default_renderer = Renderer


class ModelForm(Careful, forms.ModelForm):  # type: ignore[type-arg]
    """Base of every form that edits a row."""

    default_renderer = Renderer


def yes_or_no(label: Any, help_text: Any = "", *, is_required: bool = True) -> forms.TypedChoiceField:
    """A question with two answers, or none yet."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=is_required,
    )


def yes_or_no_word(answer: bool) -> str:
    return str(_("Yes") if answer else _("No"))


class MemorableDate(forms.Widget):
    """Month, day and year as three controls, for a date that a person knows by heart.

    Works with a plain DateField: an incomplete or impossible date reaches the field as text, so that the
    field refuses it with its own message and the answers are kept.
    """

    template_name = "forms/widgets/memorable_date.html"
    use_fieldset = True
    months = (
        ("1", _("January")),
        ("2", _("February")),
        ("3", _("March")),
        ("4", _("April")),
        ("5", _("May")),
        ("6", _("June")),
        ("7", _("July")),
        ("8", _("August")),
        ("9", _("September")),
        ("10", _("October")),
        ("11", _("November")),
        ("12", _("December")),
    )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        year, month, day = self._parts(value)
        context["widget"] |= {"year": year, "month": month, "day": day, "months": self.months}
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        year, month, day = (
            str(data.get(f"{name}_{part}") or "").strip() for part in ("year", "month", "day")
        )
        if not (year or month or day):
            return None
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return not any(f"{name}_{part}" in data for part in ("year", "month", "day"))

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_month" if id_ else id_

    def _parts(self, value: Any) -> tuple[str, str, str]:
        if isinstance(value, datetime.date):
            return str(value.year), str(value.month), str(value.day)
        if not isinstance(value, str):
            return "", "", ""
        year, month, day = [*value.split("-", 2), "", ""][:3]
        return year, month.lstrip("0"), day.lstrip("0")


class CountedTextarea(forms.Textarea):
    """Says how many characters are left. A longer text is kept and refused by the field, never cut."""

    template_name = "forms/widgets/counted_textarea.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        limit = context["widget"]["attrs"].pop("maxlength", None)
        identifier = context["widget"]["attrs"].get("id")
        if limit and identifier:
            context["widget"] |= {"limit": int(limit), "count_id": f"{identifier}_count"}
        return context


def in_our_style(form: forms.BaseForm) -> forms.BaseForm:
    """Lends our renderer to a form of another package, and drops placeholders that repeat the label."""
    form.renderer = Renderer()
    form.bound_field_class = BoundField
    # Fields that its own __init__ has already asked for must come back in our style too.
    form._bound_fields_cache.clear()  # type: ignore[attr-defined]
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    return form
