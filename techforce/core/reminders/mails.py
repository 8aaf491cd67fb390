"""From reminders that are due to messages: when each leaves, and what is left to say when it does."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from techforce.core.bulk import write_column
from techforce.core.calendar import EASTERN, BusinessCalendar
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import Rung, Threshold, first_rung
from techforce.core.mail import outbox
from techforce.core.mail.notifications import template
from techforce.core.models import Delivery, MailChoice, MessageClass, OutboxMessage, ReminderLedger
from techforce.core.reminders.quiet_hours import (
    WEEK,
    leaves_at,
    next_digest,
    next_working_moment,
    within_caps,
)
from techforce.core.reminders.registry import Manner, ReminderRule, rule_named

DIGEST_KEY = "staff_digest"
SOON_BUSINESS_DAYS = 3
LATE_MAY_WAIT = timedelta(days=WEEK)
"""How long the caps of an applicant may hold back what is late anyway."""


def queue(rule: ReminderRule, due: Sequence[tuple[Any, Rung]], *, now: datetime) -> list[ReminderLedger]:
    """One ledger row a recipient, and the messages for those that are new. The ledger decides: what stands in it
    already is not said again."""
    recipients = rule.recipients(due) if due else {}
    told = [(row, rung, person) for row, rung in due for person in recipients.get(row.pk, ())]
    declining = _without_early_reminders(rule, told)
    wanted = [
        (_ledger_row(rule, row, rung, person), row, rung)
        for row, rung, person in told
        if person.pk not in declining or not _is_early(rule, row, rung)
    ]
    claimed = ReminderLedger.objects.claim([entry for entry, _row, _rung in wanted])
    _supersede(claimed)
    fresh = {id(entry) for entry in claimed}
    plan = _Plan(rule, [entry.recipient for entry in claimed], now)
    messages = {entry.pk: plan.message(entry, row, rung) for entry, row, rung in wanted if id(entry) in fresh}
    outbox.enqueue_many(messages.values())
    _link(claimed, {pk: message.dedupe_key for pk, message in messages.items()})
    return claimed


def _supersede(entries: Sequence[ReminderLedger]) -> None:
    """What caps hold back of an earlier rung is not said any more once the next one is: it would say the same."""
    new = {entry.pk for entry in entries}
    now_told = {(entry.subject_id, entry.recipient_id) for entry in entries}
    waiting = ReminderLedger.objects.filter(
        subject_type__in={entry.subject_type for entry in entries},
        subject_id__in={entry.subject_id for entry in entries},
        message__delivery=Delivery.PENDING,
    ).exclude(message__message_class=MessageClass.DIGEST)
    stale = [
        message
        for pk, subject, person, message in waiting.values_list("pk", "subject_id", "recipient", "message")
        if pk not in new and (subject, person) in now_told
    ]
    if stale:
        outbox.cancel(OutboxMessage.objects.filter(pk__in=stale))


def is_legal_notice(rule: ReminderRule, row: Any, threshold: Threshold) -> bool:
    """From the day of the law on: no cap holds it back, and what is practice gives way to it (trust.md §2)."""
    return rule.is_legal(row) and threshold.days >= 0


def _is_early(rule: ReminderRule, row: Any, rung: Rung) -> bool:
    """What a person may do without: more than a week ahead, and not of a date that the law sets."""
    return row.due_on - rung.on > timedelta(days=WEEK) and not rule.is_legal(row)


def _without_early_reminders(rule: ReminderRule, told: Sequence[tuple[Any, Rung, Any]]) -> set[int]:
    """Keys of those who chose so, among the people for whom it matters."""
    people = {person.pk for row, rung, person in told if _is_early(rule, row, rung)}
    if not people:
        return set()
    choices = MailChoice.objects.filter(user__in=people, has_early_reminders=False)
    return set(choices.values_list("user", flat=True))


def _ledger_row(rule: ReminderRule, row: Any, rung: Rung, person: Any) -> ReminderLedger:
    return ReminderLedger(
        rule=rule.key,
        subject_type=row._meta.label_lower,
        subject_id=row.pk,
        cycle=row.reminder_cycle,
        threshold=rung.threshold.code,
        occurrence=rung.occurrence,
        recipient=person,
    )


def _link(entries: Sequence[ReminderLedger], keys: Mapping[int, str]) -> None:
    """Note on each row the message that carries it; those of a digest share one."""
    stored = OutboxMessage.objects.in_bulk(set(keys.values()), field_name="dedupe_key") if keys else {}
    for entry in entries:
        entry.message = stored[keys[entry.pk]]
    write_column(ReminderLedger, "message", [(entry.pk, entry.message_id) for entry in entries])


class _Plan:
    """The messages of one batch, with the days that applicants already hear from us."""

    def __init__(self, rule: ReminderRule, people: Collection[Any], now: datetime) -> None:
        self.rule, self.people, self.now, self.closures = rule, people, now, closures()

    @cached_property
    def taken(self) -> dict[int, list[date]]:
        """For each person, in their own zone, the days of their reminders of the last week and of those to come."""
        zones = {person.pk: ZoneInfo(person.time_zone) for person in self.people}
        known = OutboxMessage.objects.filter(
            recipient__in=zones,
            message_class__in=(MessageClass.REMINDER, MessageClass.LEGAL),
            not_before__gt=self.now - timedelta(days=WEEK),
        ).exclude(delivery=Delivery.CANCELLED)
        days = defaultdict(list)
        for person, moment in known.order_by("pk").values_list("recipient", "not_before"):
            days[person].append(moment.astimezone(zones[person]).date())
        return days

    def message(self, entry: ReminderLedger, row: Any, rung: Rung) -> OutboxMessage:
        manner = self.rule.manner(row, rung, entry.recipient)
        if manner is Manner.DIGEST:
            return self._digest(row, entry.recipient)
        is_notice = is_legal_notice(self.rule, row, rung.threshold)
        return outbox.draft(
            self.rule.template_key,
            subject=row,
            message_class=MessageClass.LEGAL if is_notice else self.rule.message_class,
            dedupe_key=entry.dedupe_key,
            recipient=entry.recipient,
            not_before=self._moment(row, rung, entry.recipient, manner, is_notice=is_notice),
            now=self.now,
            context={
                "due_on": (row.nudge_on or row.due_on).isoformat(),
                "rule": entry.rule,
                "threshold": entry.threshold,
                "cycle": entry.cycle,
            },
        )

    def _moment(self, row: Any, rung: Rung, person: Any, manner: Manner, *, is_notice: bool) -> datetime:
        zone = ZoneInfo(person.time_zone)
        moment = leaves_at(rung, zone=zone, now=self.now, closures=self.closures, spread=person.pk)
        if manner is Manner.CAPPED:
            taken = self.taken[person.pk]
            if not is_notice:
                is_past = moment.astimezone(zone).date() > row.due_on
                last_on = (moment + LATE_MAY_WAIT).date() if is_past else row.due_on
                moment = within_caps(moment, taken=taken, last_on=last_on, zone=zone, closures=self.closures)
            taken.append(moment.astimezone(zone).date())
        return moment

    def _digest(self, row: Any, person: Any) -> OutboxMessage:
        moment = self._digest_moment(row, person)
        day = moment.astimezone(EASTERN).date()
        return outbox.draft(
            DIGEST_KEY,
            subject=person,
            message_class=MessageClass.DIGEST,
            dedupe_key=_digest_key(person.pk, day),
            recipient=person,
            not_before=moment,
            now=self.now,
            context={"day": day.isoformat()},
        )

    def _digest_moment(self, row: Any, person: Any) -> datetime:
        """Of today, if tomorrow's would come after the due date and today's has not left: after an outage, or when a
        date was set in the course of its day."""
        usual, today = self._next_digest(person), self.now.astimezone(EASTERN).date()
        is_too_late = usual.astimezone(EASTERN).date() > row.due_on >= today
        if not is_too_late or self._has_left(person, today):
            return usual
        return min(usual, next_working_moment(self.now, zone=EASTERN, closures=self.closures))

    def _next_digest(self, person: Any) -> datetime:
        """The next one that can still say more: a sweep may last until after today's has left."""
        usual = next_digest(self.now, self.closures)
        if self._has_left(person, usual.astimezone(EASTERN).date()):
            return next_digest(usual + timedelta(minutes=1), self.closures)
        return usual

    def _has_left(self, person: Any, day: date) -> bool:
        return _digest_key(person.pk, day) in self.digests_that_left

    @cached_property
    def digests_that_left(self) -> set[str]:
        """Their keys. Those that wait are held until this is committed, so that none leaves before all is in it."""
        digests = OutboxMessage.objects.filter(
            message_class=MessageClass.DIGEST,
            recipient__in=[person.pk for person in self.people],
            not_before__gt=self.now - timedelta(days=1),
        )
        waiting = digests.filter(delivery=Delivery.PENDING).order_by("pk").select_for_update()
        held = set(waiting.values_list("dedupe_key", flat=True))
        return set(digests.values_list("dedupe_key", flat=True)) - held


def _digest_key(person: int, day: date) -> str:
    return f"digest:{person}:{day.isoformat()}"


def load_deadline_reminders(messages: Sequence[OutboxMessage]) -> dict[int, dict[str, Any] | None]:
    """What each says; None where its row was settled or its date moved in the meantime."""
    by_rule = defaultdict(list)
    for message in messages:
        by_rule[message.context["rule"]].append(message)
    found: dict[int, dict[str, Any] | None] = {}
    for key, about in by_rule.items():
        found |= _reminders_of(rule_named(key), about)
    return found


@template("deadline_reminder", many=load_deadline_reminders)
def load_deadline_reminder(message: OutboxMessage) -> dict[str, Any] | None:
    """A date and a link, nothing else; nothing at all when there is no reason left."""
    return load_deadline_reminders([message])[message.pk]


def _reminders_of(rule: ReminderRule, messages: Sequence[OutboxMessage]) -> dict[int, dict[str, Any] | None]:
    subjects = {message.subject_id for message in messages}
    rows = {row.pk: row for row in rule.loaded(rule.rows().filter(pk__in=subjects).order_by("pk"))}
    open_keys = rule.open_rows(list(rows.values()))
    found: dict[int, dict[str, Any] | None] = {}
    for message in messages:
        row = rows.get(message.subject_id)
        is_current = row and row.pk in open_keys and row.reminder_cycle == message.context["cycle"]
        found[message.pk] = _reminder(rule, row, message) if is_current else None
    return found


def _reminder(rule: ReminderRule, row: Any, message: OutboxMessage) -> dict[str, Any]:
    return {
        "due_on": date.fromisoformat(message.context["due_on"]),
        "path": rule.path(row, message.recipient),
        **_extras(rule, row, message.context["threshold"], message.recipient),
    }


def _extras(rule: ReminderRule, row: Any, code: str, person: Any) -> dict[str, Any]:
    """The rule's own sentence, and whether the recipient may answer that they are working on it."""
    threshold = rule.threshold(row, code)
    if threshold is None:
        return {"note": "", "is_answered_here": False}
    rung = first_rung(threshold, row.due_on, closures())
    is_answered_here = threshold.is_late and rule.manner(row, rung, person) is not Manner.CAPPED
    return {"note": rule.note(row, threshold, person), "is_answered_here": is_answered_here}


@template(DIGEST_KEY)
def load_staff_digest(message: OutboxMessage) -> dict[str, Any] | None:
    """Dates and links, grouped; without the rows that were settled or moved in the meantime."""
    entries = defaultdict(list)
    for entry in message.reminders.order_by("pk"):
        entries[entry.rule].append(entry)
    lines = [line for key, found in entries.items() for line in _lines(rule_named(key), found, message)]
    if not lines:
        return None
    day = date.fromisoformat(message.context["day"])
    soon = BusinessCalendar(closures()).add_business_days(day, SOON_BUSINESS_DAYS)
    dated = [line for line in lines if not line["words"]]
    return {
        "events": _between([line for line in lines if line["words"]], lambda happened: True),
        "overdue": _between(dated, lambda due: due < day),
        "soon": _between(dated, lambda due: day <= due <= soon),
        "later": _between(dated, lambda due: due > soon),
        "count": len(lines),
    }


def _lines(
    rule: ReminderRule, entries: Iterable[ReminderLedger], message: OutboxMessage
) -> list[dict[str, Any]]:
    latest = {entry.subject_id: entry for entry in entries}
    rows = rule.loaded(rule.rows().filter(pk__in=latest).order_by("due_on", "pk"))
    current = [row for row in rows if row.due_on and row.reminder_cycle == latest[row.pk].cycle]
    open_keys = rule.open_rows(current)
    return [
        {
            "due_on": row.nudge_on or row.due_on,
            "words": rule.said_of(row),
            "path": rule.path(row, message.recipient),
            "note": _extras(rule, row, latest[row.pk].threshold, message.recipient)["note"],
        }
        for row in current
        if row.pk in open_keys
    ]


def _between(lines: Sequence[dict[str, Any]], fits: Callable[[date], bool]) -> list[dict[str, Any]]:
    return sorted((line for line in lines if fits(line["due_on"])), key=lambda line: line["due_on"])
