"""Who is told that something is late may say “I am working on it”: the ladder then rests for three work days, twice at
most, and never past a day that the law sets (domain.md §6.3 rule 1)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.calendar import add_business_days, today
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.ladders.thresholds import Rung, midnight
from techforce.core.models import ReminderLedger
from techforce.core.reminders.registry import Manner, ReminderRule, rule_named, rules
from techforce.core.services import service

REST_BUSINESS_DAYS, MOST_RESTS = 3, 2
SHOWN_FOR = timedelta(days=60)
SHOWN_AT_MOST, LOOKED_AT_AT_MOST = 50, 500


@dataclass(frozen=True, slots=True)
class Standing:
    """A reminder as its recipient sees it now."""

    entry: ReminderLedger
    due_on: date
    words: str
    path: str
    may_acknowledge: bool


def standing_reminders(person: Any) -> list[Standing]:
    """What `person` was reminded of lately and is still open, the newest so many, the earliest date first; the latest
    reminder of each."""
    latest = _latest_of(person)
    asking = [rule for rule in rules() if not rule.is_note]
    found = [each for rule in asking for each in _open_ones(rule, [e for e in latest if e.rule == rule.key])]
    newest = sorted(found, key=lambda each: -each[1].pk)[:SHOWN_AT_MOST]
    rests = _rests([entry for _rule, entry, _row in newest])
    shown = [
        Standing(
            entry,
            row.due_on,
            rule.said_of(row),
            rule.path(row, person),
            _may_rest(rule, row, entry, rests=rests[_ladder_run(entry)]),
        )
        for rule, entry, row in newest
    ]
    return sorted(shown, key=lambda each: (each.due_on, each.entry.pk))


def offers_for(person: Any, rule: ReminderRule, keys: Collection[int]) -> dict[int, ReminderLedger]:
    """By row, the reminder that `person` may answer, among these rows of one rule. For pages that show the rows."""
    latest = (
        [entry for entry in _latest_of(person, rule, keys) if entry.acknowledged_at is None] if keys else []
    )
    found = _open_ones(rule, latest)
    rests = _rests([entry for _rule, entry, _row in found]) if found else Counter()
    return {
        row.pk: entry
        for _rule, entry, row in found
        if _may_rest(rule, row, entry, rests=rests[_ladder_run(entry)])
    }


def _latest_of(
    person: Any, rule: ReminderRule | None = None, keys: Collection[int] = ()
) -> list[ReminderLedger]:
    recent = ReminderLedger.objects.filter(recipient=person, at__gt=timezone.now() - SHOWN_FOR)
    if rule is not None:
        recent = recent.filter(rule=rule.key, subject_id__in=keys)
    latest = recent.values("rule", "subject_id").annotate(newest=Max("pk")).order_by("-newest")
    newest = latest.values("newest")[:LOOKED_AT_AT_MOST]
    return list(ReminderLedger.objects.filter(pk__in=newest).select_related("recipient").order_by("pk"))


def _open_ones(
    rule: ReminderRule, entries: Sequence[ReminderLedger]
) -> list[tuple[ReminderRule, ReminderLedger, Any]]:
    if not entries:
        return []
    rows = {row.pk: row for row in rule.loaded(rule.rows().filter(pk__in=[e.subject_id for e in entries]))}
    current = [
        (entry, rows[entry.subject_id])
        for entry in entries
        if entry.subject_id in rows and _is_current(entry, rows[entry.subject_id])
    ]
    open_keys = rule.open_rows([row for _entry, row in current])
    return [(rule, entry, row) for entry, row in current if row.pk in open_keys]


@service
def acknowledge(*, entry: ReminderLedger, by: Any) -> ReminderLedger:
    """Rest the ladder of what `entry` is about. Who said so, when, and until when stays on the reminder itself. A
    second press finds the first."""
    rule = rule_named(entry.rule)
    rows = rule.rows().filter(pk=entry.subject_id).select_for_update(of=("self",))
    row = next(iter(rule.loaded(rows)), None)
    locked: ReminderLedger = ReminderLedger.objects.select_for_update().get(pk=entry.pk)
    if locked.recipient_id != by.pk:
        raise NotPermitted(_("Only the person who was reminded can say this."))
    if locked.acknowledged_at is not None:
        return locked
    if (
        row is None
        or not _is_open(rule, row, locked)
        or not _may_rest(rule, row, locked, rests=_rests([locked])[_ladder_run(locked)])
    ):
        raise Refused(
            _("There is nothing to answer here: it is settled, not late yet, or rested twice already.")
        )
    locked.acknowledged_at, locked.paused_until = timezone.now(), _rests_until(rule, row)
    locked.save(update_fields=["acknowledged_at", "paused_until"])
    if locked.paused_until and row.next_reminder_at:
        row.next_reminder_at = max(row.next_reminder_at, midnight(locked.paused_until))
        row.save(update_fields=["next_reminder_at"])
    record_event("core.reminder:acknowledge", subject=row, by=by, detail={"reminder": locked.pk})
    return locked


def _is_open(rule: ReminderRule, row: Any, entry: ReminderLedger) -> bool:
    return _is_current(entry, row) and row.pk in rule.open_rows([row])


def _is_current(entry: ReminderLedger, row: Any) -> bool:
    return row.due_on is not None and row.reminder_cycle == entry.cycle


def _may_rest(rule: ReminderRule, row: Any, entry: ReminderLedger, *, rests: int) -> bool:
    """Overdue notices to those who work here; the person concerned answers by doing the step."""
    threshold = rule.threshold(row, entry.threshold)
    if entry.acknowledged_at is not None or threshold is None or not threshold.is_late:
        return False
    rung = Rung(threshold, entry.occurrence, row.due_on, midnight(row.due_on))
    return rule.manner(row, rung, entry.recipient) is not Manner.CAPPED and rests < MOST_RESTS


def _ladder_run(entry: ReminderLedger) -> tuple[str, int, int]:
    return entry.subject_type, entry.subject_id, entry.cycle


def _rests(entries: Sequence[ReminderLedger]) -> Counter[tuple[str, int, int]]:
    """How often anybody rested these ladders, each in its cycle."""
    answered = ReminderLedger.objects.filter(
        subject_type__in={entry.subject_type for entry in entries},
        subject_id__in={entry.subject_id for entry in entries},
        acknowledged_at__isnull=False,
    )
    return Counter(answered.order_by().values_list("subject_type", "subject_id", "cycle"))


def _rests_until(rule: ReminderRule, row: Any) -> date | None:
    """None when the law's day has passed: the answer is noted, the reminders go on."""
    if rule.is_legal(row):
        return None
    return add_business_days(today(), REST_BUSINESS_DAYS, closures())
