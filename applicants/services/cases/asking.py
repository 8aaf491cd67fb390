"""A person begins a conversation: about an application, or before there is one."""

import uuid
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, CaseThread, CaseTopic
from applicants.models.case import LONGEST_SUBJECT
from applicants.reminders import case_staff
from applicants.services.cases.threads import (
    add_message,
    begin_thread,
    do_once,
    first_words,
    open_accommodation,
    refuse_flood,
    write,
)
from applicants.services.registering import register_applicant
from applicants.workflow import PLAIN_TOPICS
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service

ASKABLE = (*PLAIN_TOPICS, CaseTopic.ACCOMMODATION)


def open_case(
    *,
    application: Application | None,
    body: str,
    by: Any,
    topic: str = CaseTopic.QUESTION,
    subject: str = "",
    legal_name: str = "",
    key: uuid.UUID | None = None,
) -> CaseThread:
    """Ask the program office; who has not applied gives a name with the first question. The same form sent twice,
    with the same `key`, asks once."""

    def work() -> CaseThread:
        return _open(
            application=application, legal_name=legal_name, subject=subject, body=body, topic=topic, by=by
        )

    return do_once(CaseThread, work, key=key, purpose="open-case", by=by)


@service
def _open(
    *, application: Application | None, legal_name: str, subject: str, body: str, topic: str, by: Any
) -> CaseThread:
    applicant = application.applicant if application else register_applicant(legal_name=legal_name, by=by)
    if not by.has_perm("applicants.write_case", applicant):
        raise NotPermitted(_("Only the person who applies may ask here."))
    if topic not in ASKABLE:
        raise Refused(_("Choose what it is about."))
    refuse_flood(applicant.pk, by)
    if topic == CaseTopic.ACCOMMODATION and (thread := open_accommodation(applicant.pk, application)):
        write(thread=thread, body=body, by=by)
        return thread
    columns = {"owner": least_busy(applicant)} if topic == CaseTopic.ACCOMMODATION else {}
    named = subject_of(subject, body, topic)
    thread = begin_thread(
        application=application, applicant=applicant, topic=topic, subject=named, by=by, **columns
    )
    add_message(thread, body, by)
    return thread


def subject_of(subject: str, body: str, topic: str) -> str:
    """What the person called it, else the first words of a plain question. Of a request for an accommodation no word
    stands in a list unless the person put it there."""
    if subject.strip() or topic not in PLAIN_TOPICS:
        return subject.strip()[:LONGEST_SUBJECT]
    return first_words(body)


def least_busy(applicant: Applicant) -> Any:
    """Who of those who may work a request for an accommodation has the fewest open cases; None when nobody may."""
    case = CaseThread(applicant=applicant, topic=CaseTopic.ACCOMMODATION)
    able = [person for person in case_staff() if person.has_perm("applicants.work_case", case)]
    counted = CaseThread.objects.not_closed().filter(owner__in=able).order_by().values("owner")
    load = {row["owner"]: row["number"] for row in counted.annotate(number=Count("pk"))}
    return min(able, key=lambda person: (load.get(person.pk, 0), person.pk), default=None)
