"""One action on one row: a button where the row is shown, and a page of its own that asks for what comes with it."""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from placements.forms.acting import ActionForm
from techforce.core.errors import Conflict, Refused
from techforce.core.workflow import Workflow

REFUSED, OVERTAKEN = 422, 409

Lines = Sequence[Mapping[str, Any]]
"""`label` and `value` of a summary list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`work` is called with the row, `by` and the form's answers. The transition table says who may take it and from
    where; an action that is no transition says so itself."""

    name: str
    label: Any
    done: Any
    work: Callable[..., Any]
    permission: str
    states: tuple[str, ...]
    form: type[ActionForm] = ActionForm
    text: Any = ""
    is_grave: bool = False
    is_fitting: Callable[[Any], bool] = lambda row: True

    @property
    def is_plain(self) -> bool:
        """Nothing is asked and nothing is lost, so the button alone is enough."""
        return self.form is ActionForm and not self.is_grave and not self.text

    def is_possible(self, row: Any) -> bool:
        return row.status in self.states and self.is_fitting(row)


def take(flow: Workflow, name: str, **fields: Any) -> Action:
    """The action that takes transition `name`."""
    arrow = flow.named(name)
    return Action(
        **{
            "name": name.replace("_", "-"),
            "label": arrow.label,
            "permission": arrow.permission,
            "states": arrow.sources,
            **fields,
        }
    )


def offered(actions: Iterable[Action], row: Any, user: Any) -> list[Action]:
    """What `user` may do to `row` now. Guards still speak when it is pressed."""
    return [action for action in actions if action.is_possible(row) and user.has_perm(action.permission, row)]


def carry_out(
    request: HttpRequest,
    actions: Iterable[Action],
    name: str,
    row: Any,
    *,
    title: str,
    back: str,
    stands: Callable[[Any], Lines] | None = None,
) -> HttpResponse:
    """Answer the page of one action: ask on GET, act on POST, and show a refusal beside the answers. With `stands`,
    which says how a row stands now, whoever looked at an older version is shown both."""
    action = next((one for one in actions if one.name == name), None)
    if action is None or not request.user.has_perm(action.permission, row):
        raise Http404
    page = {"action": action, "row_title": title, "back": back, "stands": [], "can_repeat": True}
    if request.method != "POST":
        return _ask(request, action, row, {**page, "version": row.version if stands else None})
    form = action.form(request.POST, row=row)
    seen = request.POST.get("version") if stands else None
    status = attempt(form, lambda: _work(request, action, form, row, seen))
    if not status:
        messages.success(request, action.done)
        return redirect(back)
    page |= {"form": form, "version": seen}
    if stands and status == OVERTAKEN:
        page |= _both(action, form, row, stands)
    return render(request, "agency/act.html", page, status=status)


def _ask(request: HttpRequest, action: Action, row: Any, context: Mapping[str, Any]) -> HttpResponse:
    if not action.is_possible(row):
        messages.info(request, _("This has moved on in the meantime. Here is where it stands now."))
        return redirect(context["back"])
    return render(request, "agency/act.html", {**context, "form": action.form(row=row)})


def _work(request: HttpRequest, action: Action, form: ActionForm, row: Any, seen: str | None) -> None:
    """What was `seen` is the version that the page showed; the press counts for that one alone."""
    if seen is not None and seen != str(row.version):
        raise Conflict(
            _("Somebody else changed this while you had it open. Nothing of yours is recorded yet.")
        )
    action.work(row, by=request.user, **form.cleaned_data)


def _both(action: Action, form: ActionForm, row: Any, stands: Callable[[Any], Lines]) -> dict[str, Any]:
    """What is on file now beside what was typed. To send it again, where that can be done, is a choice made with both
    in view."""
    try:
        row.refresh_from_db()
    except row.DoesNotExist as error:
        raise Http404 from error
    return {
        "stands": stands(row),
        "typed": [{"label": field.label, "value": _typed(form, field)} for field in form.visible_fields()],
        "version": row.version,
        "can_repeat": action.is_possible(row),
    }


def _typed(form: ActionForm, field: Any) -> Any:
    value = form.cleaned_data.get(field.name, "")
    if isinstance(value, datetime.date):
        return f"{value:%B} {value.day}, {value.year}"
    return dict(getattr(field.field, "choices", ())).get(value, value)


def attempt(form: Any, work: Callable[[], Any]) -> int:
    """Do the work of a valid form; 0 when it is done, else the status of a page that shows why not."""
    if not form.is_valid():
        return REFUSED
    try:
        work()
    except Conflict as refusal:
        form.add_error(None, str(refusal))
        return OVERTAKEN
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return REFUSED
    return 0
