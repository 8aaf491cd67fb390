"""Ladders of reminders: looked at by everybody in the office, changed by administrators after a look at what the change
would send."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from techforce.core.admin.acts import Act
from techforce.core.admin.base import ReadOnlyAdmin
from techforce.core.admin.forms import OK, StaffForm, attempt
from techforce.core.errors import Refused
from techforce.core.ladders import declared, spelled
from techforce.core.models import Ladder
from techforce.core.reminders.ladder_changes import change_ladder, read_rungs
from techforce.core.reminders.preview import effects_of

LONGEST = 2000


class RungsForm(StaffForm):
    """`shown` are the rungs whose effect was on the page when they were sent."""

    rungs = forms.CharField(
        label=_("Rungs"),
        help_text=_("One a line, first to last: -7d, -2bd, 0d, +1d/7d; after > who hears of it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)

    def prepare(self) -> None:
        self.fields["version"].initial = self.row.version
        self.fields["rungs"].initial = "\n".join(self.row.rungs)


def _change(*, row: Ladder, by: Any, rungs: str, version: int, **_answers: Any) -> None:
    change_ladder(ladder=row, texts=_lines(rungs), version=version, by=by)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _in_a_line(text: str) -> str:
    return "; ".join(_lines(text))


LOOK = Act(
    name="rungs",
    label=_("Show what this would send"),
    text=_("Nothing is saved yet. What was sent already is not sent again."),
    permission="core.change_ladder",
    form=RungsForm,
    run=_change,
    done=_("The ladder is changed. What is under way follows it from the next minute on."),
)
SAVE = replace(LOOK, label=_("Save these rungs"))


class LadderAdmin(ReadOnlyAdmin):
    list_display = ("key", "__str__", "rungs", "is_own")
    list_filter = ("is_own",)
    panel_template = "admin/panels/ladder.html"
    acts = (replace(LOOK, label=_("Change the rungs")),)

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        known = declared().get(row.key)
        wanted = _lines(request.POST.get("rungs", "")[:LONGEST]) or row.rungs
        try:
            effects = effects_of(row.key, read_rungs(row, wanted)) if known else []
        except Refused:
            effects = []
        return {
            "ladder": known,
            "words": sorted(known.words) if known else [],
            "starting": spelled(known.start(), like=known) if known else [],
            "effects": effects,
            "may_change": request.user.has_perm("core.change_ladder", row),
        }

    def take_act(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """First a look, then the same rungs again to save them."""
        row = self.get_object(request, object_id)
        if row is None or name != LOOK.name or not LOOK.is_offered(row, request.user):
            return super().take_act(request, object_id, name)
        if request.method != "POST":
            return self._act_page(request, row, LOOK, RungsForm(row=row, initial=self._initial(request, row)))
        form = RungsForm(request.POST, row=row)
        if form.is_valid() and form.cleaned_data["shown"] == _in_a_line(form.cleaned_data["rungs"]):
            return super().take_act(request, object_id, name)
        status = attempt(form, lambda: read_rungs(row, _lines(form.cleaned_data["rungs"])))
        if status != OK:
            return self._act_page(request, row, LOOK, form, status)
        again = request.POST.copy()
        again["shown"] = _in_a_line(request.POST.get("rungs", ""))
        return self._act_page(request, row, SAVE, RungsForm(again, row=row))

    def _initial(self, request: HttpRequest, row: Ladder) -> dict[str, Any]:
        known = declared().get(row.key)
        if known is None or "start" not in request.GET:
            return {}
        return {"rungs": "\n".join(spelled(known.start(), like=known))}
