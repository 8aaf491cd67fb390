"""Checklists by the thousand: a few placements made in full, and copies of them made by the database.

Each of the patterns starts on another Monday, so that the dates of the steps spread over half a year. Nobody holds a
role in the agency of scale, and nobody can sign in as its people.
"""

import datetime
import math
import uuid
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import Agency, AgencyLevel, Office, Opening
from applicants.models import Applicant, Application, ApplicationDiscipline, DisciplineOutcome
from placements.models import Checklist, ChecklistItem, Offer, Placement, Selection
from placements.reminders import CHECKLIST_ITEM
from placements.services.checklist import open_checklists
from placements.services.dates import redate
from placements.services.placement import end_of_term
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.closures import closures
from techforce.core.ladders.thresholds import largest_due
from techforce.core.services import set_actor
from techforce.demo.copying import copy_rows
from techforce.program.models import Cohort, Discipline, OccupationalSeries, Sensitivity, VettingTier

ONE_DAY, ONE_WEEK = datetime.timedelta(days=1), datetime.timedelta(weeks=1)
PATTERNS = 26
ACCEPTED_DAYS_AGO = 20
"""By then the first steps of the person are due or late."""
OF_USER: dict[Any, str] = {
    User: "pk",
    Applicant: "user",
    Application: "applicant__user",
    ApplicationDiscipline: "application__applicant__user",
    DisciplineOutcome: "application__applicant__user",
    Selection: "applicant__user",
    Offer: "applicant__user",
    Placement: "applicant__user",
    Checklist: "placement__applicant__user",
    ChecklistItem: "checklist__placement__applicant__user",
}
"""What belongs to a person and is copied, parents first, with the way back to the account."""
OWN_ADDRESS = {User._meta.get_field("email"): "'person-' || {key} || '@scale.example'"}


@transaction.atomic
def load_scale(items: int, *, due: int = 0) -> int:
    """Add at least so many checklist items; `due` of them remind at once. Returns how many were added."""
    cohort = _cohort()
    people = _patterns(cohort)
    pattern = {
        model: list(model._base_manager.filter(**{f"{path}__in": people}).values_list("pk", flat=True))
        for model, path in OF_USER.items()
    }
    size = len(pattern[ChecklistItem])
    copies = max(0, math.ceil(items / size) - 1)
    copy_rows(pattern, copies, OWN_ADDRESS)
    Opening.objects.filter(cohort=cohort).update(seats=copies + 1, seats_filled=copies + 1)
    if due:
        _let_remind(pattern[ChecklistItem], due)
    return size * (copies + 1)


def _patterns(cohort: Cohort) -> list[int]:
    """Keys of the people whose cases are copied."""
    set_actor(User.objects.system())
    office = _office()
    monday = today() + (7 - today().weekday()) * ONE_DAY
    starts = [monday + (number + 3) * ONE_WEEK for number in range(PATTERNS)]
    placements = [_placement(_opening(cohort, office, starts_on), starts_on) for starts_on in starts]
    redate(placements, by=User.objects.system())
    people = [placement.applicant.user_id for placement in placements]
    # A database that was just filled is quiet until somebody asks for more.
    ChecklistItem.objects.filter(
        checklist__placement__applicant__user__in=people, next_reminder_at__lte=timezone.now()
    ).update(next_reminder_at=timezone.now() + ONE_DAY)
    return people


def _placement(opening: Opening, starts_on: datetime.date) -> Placement:
    """Of somebody who accepted an offer and whose checks run."""
    selection = _selection(opening)
    _accepted_offer(selection, starts_on)
    ends_on = end_of_term(starts_on, opening.term_months)
    placement = Placement.objects.create(
        selection=selection,
        applicant=selection.applicant,
        opening=opening,
        cohort=opening.cohort,
        starts_on=starts_on,
        initial_ends_on=ends_on,
        ends_on=ends_on,
        term_months=opening.cohort.term_months,
        mechanism_limit_months=opening.cohort.mechanism_limit_months,
    )
    open_checklists(placement)
    return placement


def _selection(opening: Opening) -> Selection:
    application = _application(opening)
    return Selection.objects.create(
        application=application,
        applicant=application.applicant,
        cohort=opening.cohort,
        opening=opening,
        status="accepted",
        selected_at=_days_ago(ACCEPTED_DAYS_AGO + 2),
    )


def _application(opening: Opening) -> Application:
    person = Applicant.objects.create(user=_user(), legal_name="Robin Scale", city="Denver", state="CO")
    application = Application.objects.create(
        applicant=person,
        cohort=opening.cohort,
        status="qualified",
        is_us_citizen=True,
        is_adult=True,
        veterans_preference="none",
        is_shareable=True,
        certified_at=_days_ago(90),
        submitted_at=_days_ago(90),
        decided_at=_days_ago(60),
    )
    discipline = Discipline.objects.earliest("rank")
    application.choices.create(discipline=discipline, rank=1)
    DisciplineOutcome.objects.create(
        application=application,
        discipline=discipline,
        result="qualified",
        decided_by=User.objects.system(),
        decided_on=today() - 60 * ONE_DAY,
        expires_on=today() + 300 * ONE_DAY,
    )
    return application


def _user() -> User:
    """Nobody signs in to it."""
    return User.objects.create_user(f"pattern-{uuid.uuid4().hex}@scale.example", full_name="Robin Scale")


def _accepted_offer(selection: Selection, starts_on: datetime.date) -> None:
    Offer.objects.create(
        selection=selection,
        applicant=selection.applicant,
        opening=selection.opening,
        cohort=selection.cohort,
        status="accepted",
        pay_rate=selection.cohort.pay_min,
        pay_min=selection.cohort.pay_min,
        pay_max=selection.cohort.pay_max,
        starts_on=starts_on,
        prepared_by=User.objects.system(),
        sent_at=_days_ago(ACCEPTED_DAYS_AGO + 1),
        response_due_at=_days_ago(ACCEPTED_DAYS_AGO - 4),
        answered_at=_days_ago(ACCEPTED_DAYS_AGO),
    )


def _opening(cohort: Cohort, office: Office, starts_on: datetime.date) -> Opening:
    """Closed, so that nobody finds it; its seats are filled by the people who are copied."""
    return Opening.objects.create(
        cohort=cohort,
        agency=office.agency,
        office=office,
        title=f"Engineer from {starts_on:%B %-d, %Y}",
        discipline=Discipline.objects.earliest("rank"),
        series=OccupationalSeries.objects.get(code="2210"),
        grade_low=13,
        grade_high=14,
        pay_low=cohort.pay_min,
        pay_high=cohort.pay_max,
        cohort_pay_min=cohort.pay_min,
        cohort_pay_max=cohort.pay_max,
        cohort_term_months=cohort.term_months,
        cohort_limit_months=cohort.mechanism_limit_months,
        has_no_vendor_duties=True,
        **dict.fromkeys(("summary", "duties", "requirements", "evaluation"), "One of many, for measuring."),
        vetting_tier=VettingTier.objects.get(code="M"),
        sensitivity=Sensitivity.objects.get(code="nonsensitive"),
        designated_on=today() - 120 * ONE_DAY,
        designation_record="SCALE",
        disclosure_filer="oge_450",
        status="closed",
        opens_at=_days_ago(90),
        closes_at=_days_ago(60),
        submitted_at=_days_ago(100),
        published_at=_days_ago(90),
        closed_at=_days_ago(60),
    )


def _cohort() -> Cohort:
    """One of its own for every load, closed long ago."""
    mark = uuid.uuid4().hex[:8]
    return Cohort.objects.create(
        slug=f"scale-{mark}",
        name=f"Scale {mark}",
        status="placing",
        opens_at=_days_ago(120),
        closes_at=_days_ago(90),
        seats=1_000,
        pay_min=130_000,
        pay_max=195_000,
    )


def _office() -> Office:
    agency, _is_new = Agency.objects.get_or_create(
        code="ZSCA", defaults={"name": "Agency of Scale", "level": AgencyLevel.DEPARTMENT}
    )
    office, _is_new = Office.objects.get_or_create(
        agency=agency, name="Office of Scale", defaults={"city": "Washington", "state": "DC"}
    )
    return office


def _days_ago(days: int) -> datetime.datetime:
    return timezone.now() - days * ONE_DAY


def _let_remind(pattern: Sequence[int], count: int) -> None:
    """Let the next sweep find so many steps, of those about which the person would be reminded now."""
    now, days_closed = timezone.now(), closures()
    dated = ChecklistItem.objects.filter(pk__in=pattern, due_on__isnull=False)
    due = [
        (item, rung)
        for item in dated.order_by("pk").select_related(*CHECKLIST_ITEM.related)
        if (rung := largest_due(CHECKLIST_ITEM.thresholds(item), item.due_on, now, days_closed))
    ]
    people = CHECKLIST_ITEM.recipients(due)
    mine = [item for item, _rung in due if item.checklist.placement.applicant.user in people[item.pk]]
    steps = {(item.step_id, item.due_on) for item in mine}
    copies = ChecklistItem.objects.filter(
        reduce(or_, (Q(step=step, due_on=due_on) for step, due_on in steps)), pk__gte=min(pattern)
    )
    keys = copies.order_by("pk").values("pk")[:count]
    ChecklistItem.objects.filter(pk__in=keys).update(next_reminder_at=now)
