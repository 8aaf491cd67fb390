"""What a person sent after their session had ended is not lost: it waits, sealed, in the session of the sign-in that
follows, and the page shows it again to the same person and to nobody else."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

View = TypeVar("View", bound=Callable[..., Any])

KEY = "unsaved"
LARGEST = 200_000
"""Characters as they were typed; longer than any of our forms can be."""


def keeps_unsaved(view: View) -> View:
    """Mark a view whose form is worth keeping. It asks `restore` or `take` when it is opened."""
    view.keeps_unsaved = True  # type: ignore[attr-defined]
    return view


def note_of(request: HttpRequest) -> dict[str, Any] | None:
    """The form that this request brings, if its page wants it back; to be called before the session ends."""
    if request.method != "POST" or not _is_kept(request.path_info):
        return None
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    if sum(len(value) for values in fields.lists() for value in values[1]) > LARGEST:
        return None
    return {"user": request.user.pk, "path": request.path, "fields": fields.urlencode()}


def take(request: HttpRequest) -> QueryDict | None:
    """What this person sent to this page and nobody saved; handed out once."""
    note = request.session.get(KEY)
    if not note or note["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(note["fields"]) if note["user"] == request.user.pk else None


def restore(request: HttpRequest) -> QueryDict | None:
    """The same, with a word to the person that it still has to be sent."""
    typed = take(request)
    if typed is not None:
        messages.warning(
            request,
            _(
                "You were signed out before this was saved. Here is what you typed: check it, then press the button."
            ),
        )
    return typed


def _is_kept(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "keeps_unsaved", False))
    except Resolver404:
        return False
