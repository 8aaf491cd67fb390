"""What happens to cohorts: opening, closing, and moving the deadline later."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.moments import deadline_text
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many
from techforce.program.models import Cohort, CohortDiscipline, ExtensionKind, WindowExtension
from techforce.program.workflow import OUTAGE_REASONS, CohortStatus, ExtensionReason


@service
def open_cohort(*, cohort: Cohort, by: Any) -> Cohort:
    """Open the application window; the cohort must offer a discipline and its window must have begun."""
    opened: Cohort = transition(cohort, "open", by=by)
    return opened


@service
def close_cohort(*, cohort: Cohort, by: Any) -> Cohort:
    """Close the window once its deadline has passed."""
    closed: Cohort = transition(cohort, "close", by=by)
    return closed


@service
def close_past_cohorts(*, by: Any) -> int:
    """Close every cohort whose deadline has passed and say how many; beat calls it. Submissions stop
    at the deadline whether or not this has run, see `CohortQuerySet.accepting`."""
    return len(transition_many(Cohort.objects.past_closing(), "close", by=by, is_partial_allowed=True).rows)


@service
def extend_window(*, cohort: Cohort, until: datetime.datetime, reason_code: str, by: Any) -> WindowExtension:
    """Move the deadline of an open cohort to the later instant `until`, and log it.

    After the deadline only an outage is a reason; it opens a closed cohort again. Nothing here tells anybody:
    the service of `applicants` that calls this one previews and sends what the extension means for drafts and
    feeds.
    Raises `Refused` with a sentence, `NotPermitted`.
    """
    locked = Cohort.objects.select_for_update(of=("self",)).get(pk=cohort.pk)
    kind = ExtensionKind.OUTAGE if reason_code in OUTAGE_REASONS else ExtensionKind.PLANNED
    _check_extension(locked, until, reason_code, kind, by)
    extension = WindowExtension.objects.create(
        cohort=locked,
        kind=kind,
        reason_code=reason_code,
        old_closes_at=locked.closes_at,
        new_closes_at=until,
        by=by,
    )
    Cohort.objects.filter(pk=locked.pk).update(closes_at=until, version=F("version") + 1)
    detail = {"kind": kind.value, "from": locked.closes_at.isoformat(), "to": until.isoformat()}
    record_event("program.cohort:extend", subject=locked, by=by, reason_code=reason_code, detail=detail)
    if locked.status == CohortStatus.CLOSED:
        transition(locked, "reopen", by=by, reason_code=reason_code)
    cohort.refresh_from_db()
    return extension


def _check_extension(
    cohort: Cohort, until: datetime.datetime, reason_code: str, kind: ExtensionKind, by: Any
) -> None:
    if not by.has_perm("program.extend_cohort", cohort):
        raise NotPermitted(_("Your role does not allow moving a deadline."))
    if reason_code not in ExtensionReason.values:
        raise Refused(_("Choose a reason for the extension from the list."))
    if cohort.status not in (CohortStatus.OPEN, CohortStatus.CLOSED):
        raise Refused(_("Only a cohort that is open or just closed can be extended."))
    if until <= cohort.closes_at:
        raise Refused(_("A deadline can only move later than %(now)s.") % {"now": _deadline(cohort)})
    is_over = cohort.status == CohortStatus.CLOSED or cohort.closes_at <= timezone.now()
    if is_over and kind is not ExtensionKind.OUTAGE:
        raise Refused(_("The deadline has passed. Only an outage is a reason to open the window again."))
    if until <= timezone.now():
        raise Refused(_("Choose a deadline that is still to come."))


def _deadline(cohort: Cohort) -> str:
    return deadline_text(cohort.closes_at, cohort.time_zone)


@guard("program.cohort_offers_disciplines")
def cohort_offers_disciplines(rows: Sequence[Cohort], change: Change) -> Mapping[int, str]:
    """Nobody can apply to a cohort without disciplines."""
    offering = set(CohortDiscipline.objects.filter(cohort__in=rows).values_list("cohort_id", flat=True))
    sentence = _("Add at least one discipline before you open this cohort.")
    return {row.pk: sentence for row in rows if row.pk not in offering}


@guard("program.window_is_now")
def window_is_now(rows: Sequence[Cohort], change: Change) -> Mapping[int, str]:
    """A cohort is open only inside its announced window."""
    early = {
        row.pk: _("The window opens on %(when)s.") % {"when": deadline_text(row.opens_at, row.time_zone)}
        for row in rows
        if change.at < row.opens_at
    }
    late = {
        row.pk: _("The window closed on %(when)s.") % {"when": _deadline(row)}
        for row in rows
        if change.at >= row.closes_at
    }
    return early | late


@guard("program.window_is_over")
def window_is_over(rows: Sequence[Cohort], change: Change) -> Mapping[int, str]:
    """An announced deadline is kept: nobody closes early."""
    return {
        row.pk: _("The window stays open until %(when)s, as announced.") % {"when": _deadline(row)}
        for row in rows
        if change.at < row.closes_at
    }
