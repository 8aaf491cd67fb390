"""Who took a copy of their data, when, and not too often."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.accounts.models import User
from techforce.accounts.services.rights import require
from techforce.core.audit import record_access, record_event
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent
from techforce.core.services import service

ACTION = "accounts.user:data-downloaded"
MOST_AN_HOUR = 10


@service
def note_download(*, user: User, format: str, by: Any) -> None:
    """Write down that a copy leaves. Raises Refused after the tenth within an hour."""
    require("accounts.download_data", user, by=by)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    lately = AuditEvent.objects.filter(actor=by, action=ACTION, at__gt=timezone.now() - timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise Refused(_("You downloaded your data many times within an hour. Please try again later."))
    record_event(ACTION, subject=user, by=by, detail={"format": format})
    record_access(user, purpose="own_data", by=by)
