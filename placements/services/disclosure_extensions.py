"""More time for a financial disclosure: the filer asks before the day, the ethics official grants or declines. A grant
moves the day of the step, and with it whatever counts from that (5 CFR 2634.903(d), 2634.201(g))."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.models import AgencyRole
from placements.checklists.extensions import (
    CONFIDENTIAL,
    DISCLOSURE_STEPS,
    MOST_AT_ONCE,
    MOST_DAYS,
    is_report,
)
from placements.models import ChecklistItem, DisclosureExtension, Placement
from placements.querysets import NOT_HANDED_IN
from placements.services.agency_notices import members_with, tell
from placements.services.dates import redate
from placements.services.happened import check_words
from placements.services.items import ASKED_OF_ITEMS
from placements.services.locks import lock
from placements.services.template_versions import step_of
from placements.workflow import LIVE_STATES
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition


@service
def ask_for_extension(*, item: ChecklistItem, days: int, reason: str, by: Any) -> DisclosureExtension:
    """Before the day on which the report is due. The ethics office of the agency is told."""
    if not by.has_perm("placements.add_disclosureextension", item):
        raise NotPermitted(_("Only the person who files the report asks for more time."))
    locked = _lock(item)
    form = form_of(locked)
    if not may_ask(locked):
        raise Refused(_("No more time can be asked for here: the day has come, or the report is handed in."))
    if open_request_of(locked):
        raise Refused(_("Your request waits for the ethics office. Withdraw it first to ask anew."))
    if not reason.strip():
        raise Refused(_("Say why you need more time."))
    check_words(reason)
    _check_days(locked, form, days)
    asked = DisclosureExtension.objects.create(
        item=locked,
        form=form,
        days_asked=days,
        reason=reason.strip(),
        asked_by=by,
        old_due_on=due_day(locked),
    )
    record_event(
        "placements.disclosureextension:ask", subject=asked, by=by, detail={"form": form, "days": days}
    )
    officials = members_with(locked.checklist.placement.opening, AgencyRole.ETHICS_OFFICIAL)
    tell("extension_asked", asked, [one for one in officials if one != by])
    return asked


@service
def withdraw_extension(*, extension: DisclosureExtension, by: Any) -> DisclosureExtension:
    """The filer does not need it any more, or asks anew."""
    withdrawn: DisclosureExtension = transition(extension, "withdraw", by=by)
    return withdrawn


@service
def grant_extension(*, extension: DisclosureExtension, days: int, by: Any) -> DisclosureExtension:
    """As many days as were asked for, or fewer. Stale reminders are cancelled, a new cycle begins, and old and new day
    are noted."""
    item = _lock(extension.item)
    _check_grant(extension, item, days)
    new_due_on = _day_after(item, days)
    values = {
        "decided_by": by,
        "days_granted": days,
        "old_due_on": due_day(item),
        "new_due_on": new_due_on,
    }
    detail = {"days": days, "new_due_on": new_due_on.isoformat()}
    granted: DisclosureExtension = transition(extension, "grant", by=by, values=values, detail=detail)
    redate([item.checklist.placement], by=by)
    _tell_filer(granted)
    return granted


@service
def decline_extension(*, extension: DisclosureExtension, answer: str, by: Any) -> DisclosureExtension:
    """With the reason, which the filer reads. The day stays as it is."""
    if not answer.strip():
        raise Refused(_("Say why, for the person to read."))
    check_words(answer)
    values = {"decided_by": by, "answer": answer.strip()}
    declined: DisclosureExtension = transition(extension, "decline", by=by, values=values)
    _tell_filer(declined)
    return declined


# ── What the law allows ───────────────────────────────────────────────────────────────────────────
def form_of(item: ChecklistItem) -> str:
    """Which report the position files; where that is not on file the confidential one, as almost everywhere."""
    filed = item.checklist.placement.opening.disclosure_filer
    return filed if filed in MOST_AT_ONCE else CONFIDENTIAL


def granted_days(item: ChecklistItem) -> int:
    """By how many days the report was put off so far."""
    return DisclosureExtension.objects.filter(item=item).granted_days().get(item.pk, 0)


def days_left(item: ChecklistItem, form: str) -> int:
    """How many days one grant may add now."""
    return min(MOST_AT_ONCE[form], MOST_DAYS - granted_days(item))


def may_ask(item: ChecklistItem) -> bool:
    """A report whose day is set and still to come, of which the law lets some days be added."""
    return _may_ask(item, item.checklist.placement, granted_days(item))


def reports_with_more_time(items: Iterable[ChecklistItem], placement: Placement) -> set[int]:
    """Of the steps of one placement the reports for which more time can be asked for, or was."""
    reports = [item for item in items if item.code in DISCLOSURE_STEPS]
    if not reports:
        return set()
    rows = DisclosureExtension.objects.filter(item__in=reports)
    known, granted = set(rows.order_by().values_list("item", flat=True)), rows.granted_days()
    return known | {item.pk for item in reports if _may_ask(item, placement, granted.get(item.pk, 0))}


def _may_ask(item: ChecklistItem, placement: Placement, granted: int) -> bool:
    if item.corrects_id or item.is_date_planned or item.status not in NOT_HANDED_IN or item.due_on is None:
        return False
    is_going = placement.status in LIVE_STATES and item.checklist.superseded_at is None
    is_in_time = today() < item.due_on and granted < MOST_DAYS
    return is_going and is_in_time and is_report(step_of(item.step), item.due_on, granted)


def open_request_of(item: ChecklistItem) -> DisclosureExtension | None:
    found: DisclosureExtension | None = DisclosureExtension.objects.filter(item=item, status="asked").first()
    return found


@guard("placements.report_is_still_open")
def report_is_still_open(rows: Sequence[DisclosureExtension], change: Change) -> Mapping[int, str]:
    """Nothing is extended that was handed in, or that nobody asks for any more."""
    keys = [row.item_id for row in rows]
    going = set(
        ChecklistItem.objects.filter(
            pk__in=keys,
            status__in=NOT_HANDED_IN,
            checklist__superseded_at__isnull=True,
            checklist__placement__status__in=LIVE_STATES,
        ).values_list("pk", flat=True)
    )
    sentence = _("The report is handed in or not asked for any more, so its day stays.")
    return {row.pk: sentence for row in rows if row.item_id not in going}


def _check_days(item: ChecklistItem, form: str, days: int) -> None:
    most = days_left(item, form)
    if not 1 <= days <= most:
        raise Refused(
            ngettext(
                "The law allows %(most)d more day for this report.",
                "The law allows from 1 to %(most)d more days for this report.",
                most,
            )
            % {"most": most}
        )


def _check_grant(extension: DisclosureExtension, item: ChecklistItem, days: int) -> None:
    _check_days(item, extension.form, days)
    if days > extension.days_asked:
        raise Refused(_("Grant no more days than were asked for."))
    day = _day_after(item, days)
    if day < today():
        raise Refused(_("The report would be late all the same: that day has passed."))
    if day > item.checklist.placement.ends_on:
        raise Refused(_("That day comes after the last day of service. Grant fewer days."))


def due_day(item: ChecklistItem) -> datetime.date:
    if item.due_on is None:
        raise Refused(_("The report has no day that could be moved."))
    return item.due_on


def _day_after(item: ChecklistItem, days: int) -> datetime.date:
    return due_day(item) + datetime.timedelta(days=days)


def _lock(item: ChecklistItem) -> ChecklistItem:
    """Placement before Item, and the step as it stands now."""
    placement: Placement = lock(item.checklist.placement)
    rows = ChecklistItem.objects.select_for_update(of=("self",)).select_related(*ASKED_OF_ITEMS)
    found: ChecklistItem = rows.get(pk=item.pk)
    found.checklist.placement = placement
    return found


def _tell_filer(extension: DisclosureExtension) -> None:
    tell("extension_answered", extension, [extension.asked_by])
