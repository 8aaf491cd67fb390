"""Administrators change how often people are reminded. What is under way follows from the next sweep on: nothing that
was said is said again, and what has gone by is not said late."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from techforce.core.audit import record_event
from techforce.core.closures import closures
from techforce.core.errors import NotPermitted, Refused
from techforce.core.ladders import BadLadder, Declared, declared, spelled
from techforce.core.ladders.thresholds import Threshold, largest_due, midnight, next_after
from techforce.core.models import Ladder, ReminderLedger
from techforce.core.reminders import current_ladders
from techforce.core.reminders.registry import ReminderRule, rules
from techforce.core.seeding import Seeded, put
from techforce.core.services import service
from techforce.core.versions import save_version

log = structlog.get_logger(__name__)

BATCH = 500
A_MOMENT = timedelta(microseconds=1)
FOLLOWED_FOR = timedelta(seconds=current_ladders.KEPT_SECONDS) + timedelta(minutes=1)
"""As long as another process may keep the former rungs, and the longest transaction that was dated by them."""


# ── Changing ──────────────────────────────────────────────────────────────────────────────────────
def declared_for(ladder: Ladder) -> Declared:
    known = declared().get(ladder.key)
    if known is None:
        raise Refused(_("Nobody is reminded by this ladder any more."))
    return known


def read_rungs(ladder: Ladder, texts: Sequence[str]) -> Sequence[Threshold]:
    """What staff typed. Refused in a sentence where it contradicts itself or the law."""
    try:
        return declared_for(ladder).checked(texts)
    except BadLadder as problem:
        raise Refused(str(problem)) from problem


@service
def change_ladder(*, ladder: Ladder, texts: Sequence[str], version: int, by: Any) -> Ladder:
    """Give a ladder other rungs; its starting value again makes it follow later releases. `version` is the one that
    whoever changes it has seen."""
    if not by.has_perm("core.change_ladder", ladder):
        raise NotPermitted(_("Only administrators change when people are reminded."))
    known = declared_for(ladder)
    before, after = list(ladder.rungs), spelled(read_rungs(ladder, texts), like=known)
    if before == after:
        return ladder
    ladder.rungs, ladder.is_own = after, after != spelled(known.start(), like=known)
    ladder.following_since = None
    save_version(ladder, expected=version, fields=["rungs", "is_own", "following_since"])
    record_event("core.ladder:change", subject=ladder, by=by, detail={"before": before, "after": after})
    transaction.on_commit(current_ladders.read_anew)
    return ladder


def seed_ladders() -> Seeded:
    """A row for each declared ladder. What staff changed stays."""
    seeded = Seeded()
    changed = set(Ladder.objects.filter(is_own=True).values_list("key", flat=True))
    for known in declared().values():
        if known.key not in changed:
            put(seeded, Ladder, {"key": known.key}, {"rungs": spelled(known.start(), like=known)})
    return seeded


# ── Following ─────────────────────────────────────────────────────────────────────────────────────
def follow_changes(*, now: datetime) -> None:
    """Date anew what climbs a ladder that was changed. Done twice, it changes nothing: where it was cut off or failed,
    the next tick begins again, and the sweep goes on."""
    for ladder in Ladder.objects.to_follow().order_by("pk"):
        try:
            _follow_ladder(ladder, now)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # one broken rule must not silence the others
            log.exception("ladder_not_followed", key=ladder.key)


def _follow_ladder(ladder: Ladder, now: datetime) -> None:
    """Again and again for a while, for other processes go on dating rows by the former rungs. A worker of another
    release, whose files say something else, leaves it alone."""
    known = declared().get(ladder.key)
    if known and spelled(current_ladders.thresholds_of(ladder.key), like=known) != ladder.rungs:
        return
    for rule in rules():
        if ladder.key in rule.ladders:
            _follow(rule, ladder.key, now)
    since = ladder.following_since or now
    is_over = now - since >= FOLLOWED_FOR
    same = Ladder.objects.filter(pk=ladder.pk, version=ladder.version)
    if is_over:
        same.update(followed_version=ladder.version, following_since=None)
    else:
        same.update(following_since=since)


def _follow(rule: ReminderRule, key: str, now: datetime) -> None:
    last: int | None = 0
    while last is not None:
        last = _follow_batch(rule, key, last, now)


@transaction.atomic
def _follow_batch(rule: ReminderRule, key: str, after: int, now: datetime) -> int | None:
    """The next rows of a rule, locked in the order of their keys; returns the last key, None when there is no more."""
    running = rule.rows().filter(rule.running(key), due_on__isnull=False, pk__gt=after)
    locked = running.only("pk").order_by("pk").select_for_update(of=("self",))
    keys: list[int] = [row.pk for row in locked[:BATCH]]
    if not keys:
        return None
    rows = rule.loaded(rule.rows().filter(pk__in=keys).order_by("pk"))
    open_keys = rule.open_rows(rows)
    climbing = [row for row in rows if row.pk in open_keys]
    rests = _rests(rule, climbing)
    moved = [row for row in climbing if _moves(row, _next_rung(rule, row, now, rests))]
    rule.model._base_manager.bulk_update(moved, ["next_reminder_at"], batch_size=BATCH)
    return max(keys)


def _moves(row: Any, moment: datetime | None) -> bool:
    before: datetime | None = row.next_reminder_at
    row.next_reminder_at = moment
    return before != moment


def _next_rung(rule: ReminderRule, row: Any, now: datetime, rests: Mapping[int, date]) -> datetime | None:
    """What is due and not yet swept stays due, what has gone by is not caught up. A rest goes on, and at its end the
    sweep asks what came meanwhile."""
    waits_for: datetime | None = row.next_reminder_at
    rungs = rule.thresholds(row)
    if waits_for and waits_for <= now and largest_due(rungs, row.due_on, now, closures()):
        return waits_for
    if row.pk in rests and waits_for == midnight(rests[row.pk]):
        return waits_for
    since = now if waits_for is None else min(now, waits_for - A_MOMENT)
    moment = next_after(rungs, row.due_on, since, closures())
    return max(moment, midnight(rests[row.pk])) if moment and row.pk in rests else moment


def _rests(rule: ReminderRule, rows: Sequence[Any]) -> Mapping[int, date]:
    """Until when the ladders of these rows rest, in their present cycle (`core.reminders.acknowledging`)."""
    cycles = {row.pk: row.reminder_cycle for row in rows}
    resting = ReminderLedger.objects.filter(
        subject_type=rule.model._meta.label_lower, subject_id__in=cycles, paused_until__isnull=False
    )
    found = resting.order_by().values("subject_id", "cycle").annotate(until=Max("paused_until"))
    return {
        entry["subject_id"]: entry["until"]
        for entry in found
        if cycles[entry["subject_id"]] == entry["cycle"]
    }
