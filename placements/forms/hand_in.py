"""What a person is asked when they hand in several steps at once."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from placements.models import ChecklistItem
from techforce.core.forms import Form


class HandInForm(Form):
    item = forms.ModelMultipleChoiceField(
        queryset=ChecklistItem.objects.none(),
        to_field_name="public_id",
        error_messages={"required": _("Mark at least one step that you have done.")},
    )
    reference = forms.CharField(
        label=_("Number or place of the proof"),
        help_text=_("Such as a confirmation number. Nothing of its content."),
        max_length=120,
        required=False,
    )

    def __init__(self, *arguments: Any, items: QuerySet[ChecklistItem], **options: Any) -> None:
        super().__init__(*arguments, **options)
        cast("forms.ModelMultipleChoiceField[ChecklistItem]", self.fields["item"]).queryset = items
