"""OPM moves a deadline later: for a whole cohort, or after an outage for one person. Drafts, their reminders, calendars
and a mail to everybody with a draft follow."""

import datetime
from collections.abc import Collection, Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, ApplicationStatus, DeadlineExtension
from applicants.services.draft_dates import CHUNK, redate_draft
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.outbox import draft, enqueue_many
from techforce.core.models import MessageClass, OutboxMessage
from techforce.core.moments import deadline_text
from techforce.core.services import service
from techforce.core.wake import wake
from techforce.program.models import Cohort, WindowExtension
from techforce.program.services import extend_window
from techforce.program.workflow import OUTAGE_REASONS

LONGEST = datetime.timedelta(days=60)
"""A slipped year in the form must not leave a window open for good: a deadline never moves back."""


def drafts_of(cohort: Cohort) -> QuerySet[Application]:
    """Whom an extension concerns."""
    return Application.objects.filter(cohort=cohort, status=ApplicationStatus.DRAFT)


@service
def extend_deadline(
    *, cohort: Cohort, until: datetime.datetime, reason_code: str, by: Any
) -> WindowExtension:
    """Move the cohort's deadline and log it. A worker, woken after the commit, or else beat, tells everybody with a
    draft (`tell_new_deadlines`) and dates their reminders anew, a chunk at a time; until then none of the old ones
    leaves (see `keep_draft_dates`)."""
    _check_far(until, cohort.closes_at)
    extension = extend_window(cohort=cohort, until=until, reason_code=reason_code, by=by)
    transaction.on_commit(partial(wake, "applicants.tasks.keep_draft_dates"), robust=True)
    return extension


def tell_new_deadlines(*, by: Any) -> int:
    """Queue a mail for everybody who had a draft when its cohort was extended and has not got one; returns how many.
    A worker or beat calls it: there may be too many drafts for the request that moved the deadline."""
    standing = WindowExtension.objects.filter(
        new_closes_at=F("cohort__closes_at"), new_closes_at__gt=timezone.now()
    )
    return sum(_tell_of(extension, by) for extension in standing.select_related("cohort").order_by("pk"))


def _tell_of(extension: WindowExtension, by: Any) -> int:
    keys = list(_not_told(extension).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        _tell_chunk(keys=keys[start : start + CHUNK], by=by)
    return len(keys)


def _not_told(extension: WindowExtension) -> QuerySet[Application]:
    """Who begins later knows the new deadline, and who has more time of their own keeps it."""
    told = OutboxMessage.objects.filter(
        template_key="deadline_moved",
        subject_type=Application._meta.label_lower,
        subject_id=OuterRef("pk"),
        context__closes_at=extension.new_closes_at.isoformat(),
    )
    is_moved = Q(extended_until__isnull=True) | Q(extended_until__lte=extension.new_closes_at)
    begun = drafts_of(extension.cohort).filter(is_moved, created_at__lte=extension.created_at)
    return begun.filter(~Exists(told))


@service
def _tell_chunk(*, keys: Collection[int], by: Any) -> None:
    _tell(Application.objects.filter(pk__in=keys).select_related("cohort", "applicant__user").order_by("pk"))


@service
def extend_for_one(
    *, cohort: Cohort, reference_number: str, until: datetime.datetime, reason_code: str, by: Any
) -> DeadlineExtension:
    """More time for one person whom an outage kept from submitting; everybody else's deadline stays."""
    if not by.has_perm("applicants.extend_deadline", cohort):
        raise NotPermitted(_("Your role does not allow moving a deadline."))
    found = Application.objects.filter(cohort=cohort, reference_number=reference_number.strip().upper())
    locked = found.select_for_update(of=("self",)).select_related("cohort", "applicant__user")
    application: Any = locked.first()
    old = _check_one(application, until, reason_code, by)
    Application.objects.filter(pk=application.pk).update(extended_until=until, version=F("version") + 1)
    extension = DeadlineExtension.objects.create(
        application=application, reason_code=reason_code, old_closes_at=old, new_closes_at=until, by=by
    )
    detail = {"from": old.isoformat(), "to": until.isoformat()}
    record_event(
        "applicants.application:extend", subject=application, by=by, reason_code=reason_code, detail=detail
    )
    application.refresh_from_db()
    redate_draft(application, by=by)
    _tell([application])
    return extension


def _check_one(application: Any, until: datetime.datetime, reason_code: str, by: Any) -> datetime.datetime:
    """Returns the deadline that the person has now."""
    if application is None or application.status != ApplicationStatus.DRAFT:
        raise Refused(_("There is no draft with this number in this cohort."))
    if application.applicant.user_id in by.stands_for:
        raise Refused(_("Somebody else decides about your own application."))
    if reason_code not in OUTAGE_REASONS:
        raise Refused(_("Only an outage is a reason to give one person more time."))
    if application.cohort.status not in ("open", "closed"):
        raise Refused(_("Only a cohort that is open or just closed can be extended."))
    closes_at: datetime.datetime = application.closes_at
    if until <= max(closes_at, timezone.now()):
        now = deadline_text(closes_at, application.cohort.time_zone)
        raise Refused(_("Choose a deadline that is still to come and later than %(now)s.") % {"now": now})
    _check_far(until, closes_at)
    return closes_at


def _check_far(until: datetime.datetime, closes_at: datetime.datetime) -> None:
    if until > max(closes_at, timezone.now()) + LONGEST:
        raise Refused(_("A deadline moves by 60 days at most. It can never be moved back."))


def _tell(drafts: Iterable[Application]) -> None:
    """The new deadline, once; nothing to whoever submits before the mail leaves."""
    enqueue_many(
        draft(
            "deadline_moved",
            message_class=MessageClass.TRANSACTIONAL,
            subject=row,
            recipient=row.applicant.user,
            dedupe_key=f"deadline-moved:{row.public_id}:{row.closes_at.isoformat()}",
            context={"closes_at": row.closes_at.isoformat()},
        )
        for row in drafts
        if row.closes_at > timezone.now()
    )
