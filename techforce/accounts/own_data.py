"""Pages on which a person takes a copy of their data, and closes their account. Both ask for the password again."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from techforce.accounts.forms import CloseAccountForm
from techforce.accounts.models import User
from techforce.accounts.services import close_account, consequences_of, note_download, obstacles_of
from techforce.core import downloads, pdf
from techforce.core.errors import Refused
from techforce.core.privacy.readable import as_topics
from techforce.core.privacy.shares import shares

REFUSED, TOO_MANY = 422, 429
NAME = "tech-force-my-data"


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What a download holds, and the ways to take it."""
    return _my_data_page(request)


def _my_data_page(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    told = {share.name: share.holds_anything(request.user) for share in shares()}
    context = {
        "titles": [share.title for share in shares() if told[share.name]],
        "others": [share.title for share in shares() if not told[share.name]],
        "has_pdf": pdf.is_available(),
        "refusal": refusal,
    }
    return render(request, "accounts/my_data.html", context, status=status)


@require_POST
def download(request: HttpRequest) -> HttpResponseBase:
    """A copy of everything that is held of whoever asks; of nobody else. After the password it is asked for once
    more: a file sent in its place would leave the person on the page of the password."""
    try:
        return _download(request)
    except ReauthenticationRequired:
        return redirect("accounts_unlock_data")


@require_safe
@reauthentication_required
def unlock(request: HttpRequest) -> HttpResponse:
    """Where the password leads."""
    messages.success(request, _("Confirmed. Choose your download now."))
    return redirect("accounts_my_data")


@reauthentication_required
def _download(request: HttpRequest) -> HttpResponseBase:
    kind = request.POST.get("format", "")
    if kind not in FORMATS:
        raise BadRequest("unknown format")
    if kind == "pdf" and not pdf.is_available():
        kind = "page"
    person = User.objects.get(pk=request.user.pk)
    try:
        note_download(user=person, format=kind, by=request.user)
    except Refused as refusal:
        return _my_data_page(request, str(refusal), TOO_MANY)
    return FORMATS[kind](request, person)


def _json(request: HttpRequest, person: User) -> HttpResponseBase:
    response = StreamingHttpResponse(downloads.as_json(person), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{NAME}.json"'
    return response


def _zip(request: HttpRequest, person: User) -> HttpResponseBase:
    return FileResponse(downloads.as_zip(person), as_attachment=True, filename=f"{NAME}.zip")


def _pdf(request: HttpRequest, person: User) -> HttpResponseBase:
    return pdf.attachment(pdf.render("accounts/my_data_pdf.html", _content(person)), f"{NAME}.pdf")


def _page(request: HttpRequest, person: User) -> HttpResponseBase:
    return render(request, "accounts/my_data_page.html", _content(person))


def _content(person: User) -> dict[str, Any]:
    return {"topics": as_topics(person), "person": person, "made_at": timezone.now()}


FORMATS: dict[str, Callable[[HttpRequest, User], HttpResponseBase]] = {
    "json": _json,
    "zip": _zip,
    "pdf": _pdf,
    "page": _page,
}


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def close(request: HttpRequest) -> HttpResponse:
    """What closing means for this person, and the button."""
    person = User.objects.get(pk=request.user.pk)
    form = CloseAccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            close_account(user=person, by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for your interest in Tech Force."))
            return redirect("home")
    context = {"form": form, "obstacles": obstacles_of(person), "consequences": consequences_of(person)}
    return render(request, "accounts/close.html", context, status=REFUSED if form.errors else 200)
