"""Questions to the program office and its answers."""

from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, CaseMessage, CaseThread, CaseTopic
from applicants.services.review import receive_information
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service


@service
def open_case(*, application: Application, body: str, by: Any, topic: str = CaseTopic.QUESTION) -> CaseThread:
    if not by.has_perm("applicants.add_casethread", application):
        raise NotPermitted(_("Your role does not allow this."))
    thread = CaseThread.objects.create(application=application, topic=topic, opened_by=by)
    record_event("applicants.casethread:open", subject=thread, by=by, detail={"topic": topic})
    add_case_message(thread=thread, body=body, by=by)
    return thread


@service
def add_case_message(*, thread: CaseThread, body: str, by: Any) -> CaseMessage:
    """Add to the conversation; what was written stays."""
    if not by.has_perm("applicants.answer_case", thread):
        raise NotPermitted(_("Your role does not allow this."))
    if not body.strip():
        raise Refused(_("Write a message first."))
    if thread.closed_at is not None:
        raise Refused(_("This conversation is closed. Start a new one."))
    return CaseMessage.objects.create(thread=thread, author=by, body=body.strip())


@service
def answer_information_request(*, application: Application, body: str, by: Any) -> Application:
    """The person sends what was asked for: it joins the conversation, and the review goes on."""
    answered = receive_information(application=application, by=by)
    open_threads = CaseThread.objects.filter(application=application, closed_at__isnull=True)
    thread = open_threads.filter(topic=CaseTopic.QUESTION).order_by("-pk").first()
    if thread is None:
        open_case(application=application, body=body, by=by)
    else:
        add_case_message(thread=thread, body=body, by=by)
    return answered


@service
def close_case(*, thread: CaseThread, by: Any) -> None:
    if not by.has_perm("applicants.answer_case", thread):
        raise NotPermitted(_("Your role does not allow this."))
    open_ones = CaseThread.objects.filter(pk=thread.pk, closed_at__isnull=True)
    if open_ones.update(closed_at=timezone.now(), version=F("version") + 1):
        record_event("applicants.casethread:close", subject=thread, by=by)
    thread.refresh_from_db()
