"""A person throws their own draft away."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, ApplicationStatus
from applicants.privacy import destroy_drafts
from applicants.services.applications import lock_application
from techforce.core import privacy
from techforce.core.audit import record_event
from techforce.core.errors import Refused
from techforce.core.reminders import cancel_queued
from techforce.core.services import service


@service
def discard_draft(*, application: Application, by: Any) -> None:
    """Destroy a draft that was never submitted, its answers and its files; also after the deadline. What was submitted
    is a federal record. The audit row says that it was, and nothing of what it held (I15)."""
    locked = lock_application(application, by)
    if locked.status != ApplicationStatus.DRAFT:
        raise Refused(_("A submitted application cannot be deleted. You can withdraw it."))
    cancel_queued(locked)
    record_event("applicants.application:discard", subject=locked, by=by)
    with privacy.records_mark("redact"):
        destroy_drafts(Application.objects.filter(pk=locked.pk))
