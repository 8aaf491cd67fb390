"""A withdrawal takes effect after a day. Until then one click undoes it."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.services.cases.information import conclude_requests
from applicants.workflow import WITHDRAWABLE_STATES
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.mail.outbox import draft, enqueue_many
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.workflow import transition_many

REFLECTION = datetime.timedelta(days=1)


@service
def request_withdrawal(*, application: Application, by: Any) -> datetime.datetime:
    """Ask to withdraw; returns the instant at which it takes effect."""
    locked = _lock(application, by)
    if locked.status not in WITHDRAWABLE_STATES:
        raise Refused(
            _("This application is %(state)s and cannot be withdrawn here.")
            % {"state": locked.get_status_display()}
        )
    if locked.withdraws_at is None:
        _set_withdraws_at(application, timezone.now() + REFLECTION, "request_withdrawal", by)
        application.refresh_from_db()
        _queue_confirmations([application], stage="asked")
    return application.withdraws_at  # type: ignore[return-value]


@service
def undo_withdrawal(*, application: Application, by: Any) -> None:
    """Stay in, if the day is not over."""
    locked = _lock(application, by)
    if locked.withdrawn_at is not None or (locked.withdraws_at and locked.withdraws_at <= timezone.now()):
        raise Refused(_("The withdrawal has taken effect."))
    if locked.withdraws_at is not None:
        _set_withdraws_at(application, None, "undo_withdrawal", by)
    application.refresh_from_db()


@service
def withdraw_due(*, by: Any) -> int:
    """Let every withdrawal whose day is over take effect and say how many; beat calls it."""
    moved = transition_many(
        Application.objects.withdrawing_by(), "withdraw", by=by, is_partial_allowed=True
    ).rows
    conclude_requests(moved, by)
    rows = Application.objects.filter(pk__in=[row.pk for row in moved]).select_related("applicant__user")
    _queue_confirmations(rows.order_by("pk"), stage="withdrawn")
    return len(moved)


def _queue_confirmations(applications: Iterable[Application], *, stage: str) -> None:
    """One mail when somebody asks to withdraw, and one when it has taken effect."""
    enqueue_many(
        draft(
            "application_withdrawal",
            message_class=MessageClass.TRANSACTIONAL,
            subject=application,
            recipient=application.applicant.user,
            dedupe_key=f"withdrawal-{stage}:{application.public_id}:{application.withdraws_at.isoformat()}",  # type: ignore[union-attr]
            context={"stage": stage},
        )
        for application in applications
    )


def _lock(application: Application, by: Any) -> Application:
    if not by.has_perm("applicants.ask_withdrawal", application):
        raise NotPermitted(_("Only the person who applies may withdraw."))
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)  # type: ignore[no-any-return]


def _set_withdraws_at(application: Application, at: datetime.datetime | None, verb: str, by: Any) -> None:
    Application.objects.filter(pk=application.pk).update(withdraws_at=at, version=F("version") + 1)
    record_event(f"applicants.application:{verb}", subject=application, by=by)
