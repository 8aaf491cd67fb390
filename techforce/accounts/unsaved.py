"""What a person sent after their session had ended is not lost: it waits, sealed, in the session of the sign-in that
follows, and the page shows it again to the same person and to nobody else."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

View = TypeVar("View", bound=Callable[..., Any])

KEY = "unsaved"
LARGEST = 200_000
"""Characters; longer than any of our forms can be."""


def keeps_unsaved(view: View) -> View:
    """Mark a view whose form is worth keeping. It asks `take` when it is opened."""
    view.keeps_unsaved = True  # type: ignore[attr-defined]
    return view


def note_of(request: HttpRequest) -> dict[str, Any] | None:
    """The form that this request brings, if its page wants it back; to be called before the session ends."""
    if request.method != "POST" or not _is_kept(request.path_info):
        return None
    fields = request.POST.copy()
    fields.pop("csrfmiddlewaretoken", None)
    text = fields.urlencode()
    return None if len(text) > LARGEST else {"user": request.user.pk, "path": request.path, "fields": text}


def take(request: HttpRequest) -> QueryDict | None:
    """What this person sent to this page and nobody saved; handed out once."""
    note = request.session.get(KEY)
    if not note or note["path"] != request.path:
        return None
    del request.session[KEY]
    return QueryDict(note["fields"]) if note["user"] == request.user.pk else None


def _is_kept(path: str) -> bool:
    try:
        return bool(getattr(resolve(path).func, "keeps_unsaved", False))
    except Resolver404:
        return False
