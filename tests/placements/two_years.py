"""Two years of one person's service with a fake clock, and every mail that leaves.

The clock goes from one moment at which anything can happen to the next: a rung, a message that may leave, a day on
which somebody does their part. `test_two_years` shows that nothing would happen in between.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.utils import timezone

from partners.models import PartnerRole
from placements import services
from placements.models import ChecklistItem, Determination, Placement
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.calendar import EASTERN
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.mail import mailer
from techforce.core.models import Delivery, OutboxMessage, Watch
from techforce.core.reminders.registry import rule_named, rules
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import AgencyParticipationFactory, PublishedOpeningFactory, agency_member
from tests.factories.partners import (
    ConfirmedNominationFactory,
    LeaveFactory,
    PartnerMembershipFactory,
    SeparationFactory,
)
from tests.factories.program import SensitivityFactory, VettingTierFactory

ONE_DAY = datetime.timedelta(days=1)
OFFERED, ACCEPTED, SCREENED = (
    datetime.date(2026, 10, 1),
    datetime.date(2026, 10, 5),
    datetime.date(2026, 10, 14),
)
FIRM, ANSWERED, START = datetime.date(2026, 11, 17), datetime.date(2026, 11, 20), datetime.date(2026, 11, 30)
UNTIL = datetime.date(2029, 2, 28)
FIXED = frozenset({OFFERED, ACCEPTED, SCREENED, FIRM, ANSWERED, START})

LATE = {"V09": 5, "A19": 16, "C07": 16, "V21": 8, "A21": 3, "C09": 3, "A25": 9}
"""Steps that are done so many days after their date; the others two days before it."""

EARLY = -2
OUTCOMES = {"V03": "new"}
"""There is no earlier investigation to build on."""

AGENCY_ROLES = (
    "hr_specialist", "security_officer", "ethics_official", "supervisor", "hiring_manager", "approving_official",
)  # fmt: skip
RECORDERS = {"appointing_official": "approving_official", "agency_head": "approving_official"}


class Service:
    """One person's way from the offer to the last step."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.placement: Placement | None = None
        self.names: dict[int, str] = {}
        self.lines: list[str] = []
        self.refused: dict[str, str] = {}
        self.seen = 0
        with at(OFFERED, 7):
            self._people()

    # ── Who takes part ──────────────────────────────────────────────────────────────────────────────────────────
    def _people(self) -> None:
        tiers = {code: VettingTierFactory(code=code) for code in ("L", "M", "NS-S", "H", "NS-TS")}
        services.seed_placements()
        special = SensitivityFactory(code="special", is_waiver_possible=False)
        opening = PublishedOpeningFactory(
            vetting_tier=tiers["NS-S"],
            sensitivity=special,
            seats=1,
            closes_at=instant(UNTIL, 0) + 60 * ONE_DAY,
        )
        AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort, vetting_detail="full")
        self.staff = {role: agency_member(role, agency=opening.agency) for role in AGENCY_ROLES}
        self.staff["opm"] = opm_staff(OpmRole.CASE_MANAGER)
        self.selection: Any = made.SelectionFactory(opening=opening, status="selected")
        self.person: Any = self.selection.applicant.user
        User.objects.filter(pk=self.person.pk).update(time_zone="America/Denver")
        self.names = {user.pk: role for role, user in self.staff.items()}
        self.names[self.person.pk] = "person"
        if self.kind != "outside":
            self._company()

    def _company(self) -> None:
        nomination = ConfirmedNominationFactory(cohort=self.selection.cohort, nominee=self.person)
        coordinator: Any = PartnerMembershipFactory(
            partner=nomination.partner, role=PartnerRole.COORDINATOR
        ).user
        self.names[coordinator.pk] = "company"
        if self.kind == "separation":
            SeparationFactory(nomination=nomination, last_day_on=START - 3 * ONE_DAY)
        else:
            LeaveFactory(nomination=nomination, leave_starts_on=START - 3 * ONE_DAY)

    # ── The clock ───────────────────────────────────────────────────────────────────────────────────────────────
    def run(self) -> list[str]:
        """Every mail of two years, one line each."""
        for _moment in self.moments(UNTIL):
            pass
        return self.lines

    def moments(self, until: datetime.date) -> Iterator[datetime.datetime]:
        """Goes on to each next moment at which something can happen."""
        moment = instant(OFFERED, 8)
        while moment < instant(until, 0):
            with time_machine.travel(moment, tick=False):
                if self._act() or self._is_rung_due(moment):
                    reminders.sweep()
                while mailer.send_due():
                    pass
            self._write_down()
            moment = self._next_moment(moment)
            yield moment

    def _is_rung_due(self, now: datetime.datetime) -> bool:
        """Otherwise a sweep looks and does nothing."""
        return any(model.objects.filter(next_reminder_at__lte=now).exists() for model in watched_models())

    def _next_moment(self, now: datetime.datetime) -> datetime.datetime:
        return min((found for found in self._moments() if found > now), default=instant(UNTIL, 0))

    def _moments(self) -> Iterator[datetime.datetime]:
        for model in watched_models():
            yield from model.objects.exclude(next_reminder_at=None).values_list("next_reminder_at", flat=True)
        waiting = OutboxMessage.objects.filter(delivery=Delivery.PENDING)
        yield from waiting.values_list("not_before", flat=True)
        yield from (instant(day, 10) for day in self._days())

    # ── What people do ──────────────────────────────────────────────────────────────────────────────────────────
    def _days(self) -> set[datetime.date]:
        if self.placement is None:
            return set(FIXED)
        done_on = {self._done_on(item) for item in self._open_steps()}
        return FIXED | {day for day in done_on if day} | {self.placement.ends_on + ONE_DAY}

    def _act(self) -> bool:
        """Once a day, at ten. True when rows of other tables than the checklist may have changed."""
        now = timezone.now().astimezone(EASTERN)
        if now.time() != datetime.time(10):
            return False
        today = now.date()
        acts = {
            OFFERED: self._offer,
            ACCEPTED: self._accept,
            SCREENED: self._screen,
            FIRM: self._firm,
            ANSWERED: self._answer,
        }
        if act := acts.get(today):
            try:
                act()
            except (Refused, TransitionRefused, NotPermitted) as refusal:
                self.refused[act.__name__] = f"{today} {refusal}"
        if self.placement:
            self._do_steps(today)
            try:
                self.placement = self._moved_on(today, Placement.objects.get(pk=self.placement.pk))
            except (Refused, TransitionRefused, NotPermitted) as refusal:
                self.refused["move on"] = f"{today} {refusal}"
        return today in FIXED

    def _offer(self) -> None:
        self._send("tentative", datetime.timedelta(days=5, hours=13))

    def _accept(self) -> None:
        self.placement = services.accept_offer(offer=self.offer, by=self._person())

    def _screen(self) -> None:
        """The ethics official signs what the screen for conflicts found."""
        found = Determination.objects.filter(selection=self.selection).order_by("-pk").first()
        determination = found or made.DeterminationFactory(selection=self.selection)
        official = fresh(self.staff["ethics_official"])
        services.sign_determination(determination=determination, result="clear", by=official)

    def _firm(self) -> None:
        self._send("firm", datetime.timedelta(days=5, hours=13))

    def _answer(self) -> None:
        services.accept_offer(offer=self.offer, by=self._person())

    def _send(self, kind: str, time_to_answer: datetime.timedelta) -> None:
        hr = self.staff["hr_specialist"]
        terms: dict[str, Any] = {"pay_rate": Decimal(150_000), "starts_on": START, "kind": kind}
        offer = services.draft_offer(selection=self.selection, by=hr, **terms)
        due_at = timezone.now() + time_to_answer
        self.offer = services.send_offer(offer=offer, response_due_at=due_at, by=hr)

    def _moved_on(self, today: datetime.date, placement: Placement) -> Placement:
        hr = self.staff["hr_specialist"]
        if today == START and placement.status == "pending_checks":
            services.confirm_ready(placement=placement, by=hr)
            services.enter_on_duty(placement=placement, effective_on=START, by=hr)
        elif today > placement.ends_on and placement.status == "active":
            services.complete_placement(placement=placement, by=hr)
        return Placement.objects.get(pk=placement.pk)

    # ── Steps ───────────────────────────────────────────────────────────────────────────────────────────────────
    def _open_steps(self) -> list[ChecklistItem]:
        mine = ChecklistItem.objects.filter(checklist__placement=self.placement, status__in=OPEN_ITEM_STATES)
        return list(mine.select_related("step").order_by("code", "pk"))

    def _done_on(self, item: ChecklistItem) -> datetime.date | None:
        """Two days before its date, some steps late; what stops something in time for it."""
        latest = {"firm_offer": FIRM - ONE_DAY, "entry_on_duty": START - ONE_DAY}.get(item.gate)
        if item.due_on is None:
            return latest
        days = LATE.get(item.code, EARLY)
        return min(item.due_on + days * ONE_DAY, latest or datetime.date.max)

    def _do_steps(self, today: datetime.date) -> None:
        for item in self._open_steps():
            done_on = self._done_on(item)
            if done_on and done_on <= today:
                try:
                    self._do(item, today)
                except (Refused, TransitionRefused, NotPermitted) as refusal:
                    self.refused[item.code] = f"{today} {item.gate} {item.due_on} {refusal}"

    def _do(self, item: ChecklistItem, today: datetime.date) -> None:
        """What does not apply to this person is set aside."""
        by = fresh(self.staff[RECORDERS.get(item.recorder_role, item.recorder_role)])
        if not (item.step.condition and self._is_set_aside(item, by)):
            outcome = OUTCOMES.get(item.code) or (item.accepted_outcomes or item.step.outcomes)[0]
            services.complete_item(item=item, outcome=outcome, effective_on=today, by=by)

    def _is_set_aside(self, item: ChecklistItem, by: User) -> bool:
        """False where the condition holds, or nobody knows."""
        try:
            services.set_item_aside(item=item, by=by)
        except TransitionRefused:
            return False
        return True

    def _person(self) -> User:
        return fresh(self.person)

    # ── What left ───────────────────────────────────────────────────────────────────────────────────────────────
    def _write_down(self) -> None:
        """What left just now, in an order that does not depend on keys."""
        sent = OutboxMessage.objects.filter(delivery=Delivery.SENT).order_by("sent_at", "pk")
        new = list(sent.select_related("recipient")[self.seen :])
        self.seen += len(new)
        self.lines += sorted(self._line(message) for message in new)

    def _line(self, message: OutboxMessage) -> str:
        person = message.recipient
        zone = ZoneInfo(person.time_zone) if person else EASTERN
        when = (message.sent_at or message.created_at).astimezone(zone)
        about = sorted({self._about(entry) for entry in message.reminders.all()})
        name = self.names.get(person.pk if person else 0, "?")
        # Early reminders are spread over the last two work hours, each person's at another minute.
        time = "16-18" if when.hour in (16, 17) else f"{when:%H:%M}"
        return f"{when:%Y-%m-%d %a} {time}  {name:18} {message.template_key:22} {', '.join(about)}".rstrip()

    def _about(self, entry: Any) -> str:
        rule = rule_named(entry.rule)
        row = rule.rows().get(pk=entry.subject_id)
        name = row.rule if isinstance(row, Watch) else rule.describe(row)
        again = f" #{entry.occurrence}" if entry.occurrence > 1 else ""
        return f"{name} {entry.threshold}{again}"


def watched_models() -> set[Any]:
    return {rule.model for rule in rules()}


def fresh(user: User) -> User:
    """As a new request sees them: nothing remembered."""
    return User.objects.get(pk=user.pk)


def instant(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=EASTERN)


def at(day: datetime.date, hour: int) -> Any:
    return time_machine.travel(instant(day, hour), tick=False)
