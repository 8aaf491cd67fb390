"""What somebody was reminded of: say that one sees to it, and choose about mails that are not required."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from techforce.core.errors import Refused
from techforce.core.mail.bounces import refused_addresses
from techforce.core.mail.choices import choose, has_early_reminders
from techforce.core.models import ReminderLedger
from techforce.core.reminders.acknowledging import acknowledge, standing_reminders

BIGGEST_KEY = 2**63 - 1


@require_safe
def my_reminders(request: HttpRequest) -> HttpResponse:
    context = {
        "columns": [_("Date"), _("Reminded on"), _("Your answer")],
        "reminders": standing_reminders(request.user),
        "has_early_reminders": has_early_reminders(request.user),
        "refused_addresses": refused_addresses(request.user),
    }
    return render(request, "reminders/mine.html", context)


@require_POST
def acknowledge_reminder(request: HttpRequest, pk: int) -> HttpResponse:
    own = ReminderLedger.objects.filter(recipient=request.user.pk)
    entry = get_object_or_404(own, pk=min(pk, BIGGEST_KEY))
    try:
        answered = acknowledge(entry=entry, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(_back(request))
    if answered.paused_until:
        until = date_format(answered.paused_until, "l, F j")
        messages.success(
            request, _("Noted. Nobody is reminded of this again before %(day)s.") % {"day": until}
        )
    else:
        messages.success(request, _("Noted. The law sets this date, so the reminders go on."))
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page on which the button stood, if it is one of ours."""
    page = request.POST.get("from", "")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None) and page.startswith("/")
    return page if is_ours else reverse("my_reminders")


@require_POST
def choose_mails(request: HttpRequest) -> HttpResponse:
    answer = request.POST.get("early", "")
    if answer not in ("yes", "no"):
        raise BadRequest("neither yes nor no")
    choose(user=request.user, has_early_reminders=answer == "yes", by=request.user)
    messages.success(request, _("Your choice was saved."))
    return redirect("my_reminders")
