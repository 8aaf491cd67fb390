"""Forms of the staff pages: our fields in the admin's skin, and one way to answer when a service says no."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import IntegrityError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from techforce.core.admin.wording import reasons_in_words
from techforce.core.errors import Conflict, Refused
from techforce.core.forms import Form, Renderer
from techforce.core.workflow import workflow_of

OK, CONFLICT, UNPROCESSABLE = 200, 409, 422


class StaffRenderer(Renderer):
    form_template_name = "admin/forms/form.html"
    field_template_name = "admin/forms/field.html"


class StaffForm(Form):
    """Base of the forms of staff pages. `row` is the record that the form is about, for choices that depend on it."""

    default_renderer = StaffRenderer
    conditional: frozenset[str] = frozenset()
    """Fields that another answer makes necessary; they are not called optional."""

    def __init__(self, data: QueryDict | None = None, *, row: Any = None, **options: Any) -> None:
        self.row = row
        super().__init__(data, **options)
        self.prepare()

    def prepare(self) -> None:
        """Set what depends on the record."""


class ReasonForm(StaffForm):
    """Asks for one of the reasons that the arrow has."""

    arrow: str
    reason_code = forms.ChoiceField(label=gettext_lazy("Reason"))

    def prepare(self) -> None:
        field: Any = self.fields["reason_code"]
        words = reasons_in_words(self.row, workflow_of(self.row).named(self.arrow))
        field.choices = [("", _("Choose a reason")), *words]


class DayInput(forms.DateInput):
    """A date as the browser's own control, which needs no script."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def attempt(form: forms.BaseForm, work: Callable[[], Any]) -> int:
    """Do `work` if the answers are valid; returns the status of the page. A refusal becomes an error of the form, which
    keeps its answers."""
    if not form.is_valid():
        return UNPROCESSABLE
    try:
        work()
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return CONFLICT
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except IntegrityError:
        form.add_error(None, _("This contradicts a rule of the program. Check the values."))
    return UNPROCESSABLE if form.errors else OK
