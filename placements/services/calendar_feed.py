"""A person's dates for their own calendar program, at a secret address.

The address is shown once, and the database keeps its hash. Nothing in the feed says what a step is about, because
calendars stand on lock screens and in other companies' servers.
"""

import datetime
import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any, cast

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import CaseStatus, Interview
from placements.models import CalendarFeed, ChecklistItem
from placements.querysets import STEP_OF_ROLE, in_office, waits_for
from placements.services.interviews import interviews_of
from placements.services.standing import Case, case_of
from placements.services.standing.situation import of_offer
from placements.workflow import LIVE_STATES
from techforce.accounts.models import OpmRole, User
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.calendar_files import Entry
from techforce.core.services import service

TOKEN_BYTES = 32
BACK, AHEAD = datetime.timedelta(days=30), datetime.timedelta(days=366)
SETTLED = ("done", "excused", "not_applicable", "not_met")


@service
def renew_calendar_feed(*, by: Any) -> str:
    """A new address for the person's own calendar; returns its secret, which cannot be shown again. The old address
    stops working at once."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    _stop(by)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = CalendarFeed.objects.create(user=by, token_hash=hash_of(token))
    record_event("placements.calendarfeed:create", subject=feed, by=by)
    return token


@service
def revoke_calendar_feed(*, by: Any) -> None:
    """The address stops working at once."""
    _stop(by)


def _stop(user: Any) -> None:
    for feed in CalendarFeed.objects.filter(user=user, revoked_at__isnull=True):
        CalendarFeed.objects.filter(pk=feed.pk).update(revoked_at=timezone.now())
        record_event("placements.calendarfeed:revoke", subject=feed, by=user)


def hash_of(token: str) -> str:
    """A token has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_at(token: str) -> CalendarFeed | None:
    """The feed in use at this address."""
    live = CalendarFeed.objects.live().select_related("user")
    feed: CalendarFeed | None = live.filter(token_hash=hash_of(token)).first()
    return feed


# ── What it shows ─────────────────────────────────────────────────────────────────────────────────
def entries_for(user: Any) -> list[Entry]:
    """The person's own dates, and on which days steps that they own for an office are due."""
    return [*_own(case_of(user)), *_of_offices(user)]


def interview_entry(interview: Interview, *, place: str = "") -> Entry:
    """The same entry in the feed and in the file of the single interview; only the file says where."""
    return Entry(
        key=f"interview-{interview.public_id}",
        title=_("Tech Force: interview"),
        starts=cast("datetime.datetime", interview.starts_at),
        ends=interview.ends_at,
        zone=interview.time_zone,
        sequence=interview.version,
        place=place,
        is_busy=True,
        is_cancelled=interview.status == "cancelled",
    )


def _own(case: Case) -> Iterator[Entry]:
    application = case.application
    if application is None:
        return
    page = settings.BASE_URL + reverse("my_application")
    for interview in interviews_of(application):
        yield interview_entry(interview)
    if application.status == "draft" and not application.is_too_late:
        cohort = application.cohort
        yield _due(
            f"deadline-{application.public_id}",
            application.closes_at,
            page,
            zone=cohort.time_zone,
            sequence=application.version + cohort.version,
        )
    for thread in application.case_threads.filter(status=CaseStatus.ASKED).order_by("pk"):
        yield _due(f"question-{thread.public_id}", thread.due_on, page, sequence=thread.version)
    for offer in case.offers:
        if offer.response_due_at and of_offer(offer, case.now).is_your_move:
            yield _due(f"offer-{offer.public_id}", offer.response_due_at, page, sequence=offer.version)
    for step in case.steps_for_you:
        if step.due_on:
            yield _due(f"step-{step.public_id}", step.due_on, page, sequence=step.reminder_cycle)


def _of_offices(user: Any) -> Iterator[Entry]:
    """One entry a day, however many steps are due on it."""
    page = settings.BASE_URL + reverse("home")
    rows = _owned_by(user).values_list("due_on", flat=True).order_by("due_on", "pk")
    for day, count in Counter(rows).items():
        yield _due(f"steps-{day:%Y%m%d}-{user.public_id}", day, page, count=count)


def _owned_by(user: Any) -> Any:
    """Open steps whose next move is the user's at an agency or at OPM; never of their own case."""
    path = "checklist__placement"
    owned = Q(pk__in=[])
    for role, step_role in STEP_OF_ROLE.items():
        owned |= waits_for(step_role) & Q(in_office(user, f"{path}__opening", role))
    if OpmRole.CASE_MANAGER in user.opm_roles:
        owned |= waits_for("opm")
    near = Q(due_on__gte=today() - BACK, due_on__lte=today() + AHEAD)
    rows = ChecklistItem.objects.visible_to(user).filter(owned, near)
    live = rows.filter(**{f"{path}__status__in": LIVE_STATES, "checklist__superseded_at__isnull": True})
    return live.exclude(status__in=SETTLED).exclude(**{f"{path}__applicant__user": user})


def _due(
    key: str,
    when: datetime.datetime | datetime.date,
    page: str,
    *,
    zone: str = "America/New_York",
    sequence: int = 0,
    count: int = 1,
) -> Entry:
    is_one = count == 1
    title = (
        _("Tech Force: a step is due")
        if is_one
        else _("Tech Force: %(count)d steps are due") % {"count": count}
    )
    return Entry(key=key, title=title, starts=when, zone=zone, sequence=sequence, url=page)
