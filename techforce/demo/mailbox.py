"""`/demo/mail/`: everything that the demonstration has sent, as its recipients would see it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from techforce.demo import sink
from techforce.demo.access import demo_page

SHOWN = 200
# The body of a mail is foreign text: no script, no form, no frame, nothing loaded, an origin of its own.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'"


@demo_page
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest messages, of one recipient if `to` names one."""
    everything = sink.messages()
    recipient = request.GET.get("to", "")
    chosen = [message for message in everything if recipient in ("", message.to)]
    context = {
        "columns": [_("Subject"), _("To"), _("Sent")],
        "letters": chosen[:SHOWN],
        "count": len(chosen),
        "shown": SHOWN,
        "recipient": recipient,
        "recipients": sorted({message.to for message in everything}),
    }
    return render(request, "demo/mail_list.html", context)


@demo_page
@require_safe
def mail(request: HttpRequest, id: str) -> HttpResponse:
    """One message as text; links in it work."""
    letter = find(id)
    return render(
        request, "demo/mail.html", {"letter": letter, "text": at_this_address(letter.text, request)}
    )


@demo_page
@require_safe
def mail_html(request: HttpRequest, id: str) -> HttpResponse:
    """The same message as HTML, shut off from everything else: the one page with a policy of its own."""
    message = find(id)
    if not message.html:
        raise Http404
    return HttpResponse(message.html, headers={"Content-Security-Policy": SANDBOX})


def at_this_address(text: str, request: HttpRequest) -> str:
    """Links lead to the name by which the reader opened the mailbox: under the other name of this machine (localhost,
    127.0.0.1) nobody is signed in."""
    return text.replace(settings.BASE_URL, request.build_absolute_uri("/").rstrip("/"))


def find(id: str) -> sink.StoredMessage:
    message = sink.default_mailbox().message(id)
    if message is None:
        raise Http404
    return message
