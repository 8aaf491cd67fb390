"""Dates that stand in other tables than the checklist: which rows are open, and the date of each (domain.md §6.2)."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from placements.checklists import WAIVER_POSSIBLE
from placements.models import (
    ChecklistItem,
    DisclosureExtension,
    DivestitureCertificate,
    EthicsWaiver,
    Offer,
    Placement,
    RecusalStatement,
    Referral,
    StartException,
    TrainingEnrollment,
    VettingWaiver,
)
from placements.querysets import LAST_VALID_DAY, WAITING_EXTENSION
from placements.workflow import LIVE_STATES
from techforce.core.calendar import add_months

RETURN_AFTER = timedelta(days=16)
"""When a certificate that nobody returned is overdue (domain.md §6.2)."""

REINVEST_AFTER = timedelta(days=60)
"""26 U.S.C. 1043(a): what is bought within sixty days of the sale."""

GOING = tuple(status for status in LIVE_STATES if status != "suspended")
"""While a placement is suspended nobody is reminded of it, but of a date that the law runs on."""

OF_GOING = Q(placement__status__in=GOING)
OF_LIVE = Q(placement__status__in=LIVE_STATES)

Found = Iterable[tuple[int, date | datetime | None]]


def unanswered(kind: str) -> Callable[[QuerySet[Offer]], Found]:
    """Sent offers whose time runs."""
    return lambda offers: offers.filter(kind=kind, status="sent", clock_paused_at__isnull=True).values_list(
        "pk", "response_due_at"
    )


def unreturned(referrals: QuerySet[Referral]) -> Found:
    waiting = referrals.filter(status="open", certificate__status="issued")
    for key, due_on, issued_at in waiting.values_list("pk", "due_on", "certificate__issued_at"):
        yield key, due_on or (issued_at and issued_at + RETURN_AFTER)


def expiring_lists(referrals: QuerySet[Referral]) -> Found:
    return referrals.filter(status="open", certificate__status="issued").values_list(
        "pk", "certificate__expires_on"
    )


def vetting_waivers(waivers: QuerySet[VettingWaiver]) -> Found:
    """Until the adjudication: after it the end of a waiver means nothing."""
    needless = ChecklistItem.objects.filter(
        checklist__placement=OuterRef("placement"),
        checklist__superseded_at__isnull=True,
        corrects__isnull=True,
        step__condition=WAIVER_POSSIBLE,
    ).exclude(pk__in=ChecklistItem.objects.resting_on_waiver().values("pk"))
    current = waivers.filter(OF_GOING, ~Exists(needless), revoked_on__isnull=True)
    return current.values_list("pk", "expires_on")


def ethics_waivers(waivers: QuerySet[EthicsWaiver]) -> Found:
    """Of people who serve or are about to, unless a newer one has taken its place."""
    serving = Placement.objects.filter(selection=OuterRef("selection"), status__in=GOING)
    newer = EthicsWaiver.objects.filter(
        selection=OuterRef("selection"),
        company=OuterRef("company"),
        authority=OuterRef("authority"),
        revoked_on__isnull=True,
        pk__gt=OuterRef("pk"),
    )
    current = waivers.filter(
        Exists(serving), ~Exists(newer), revoked_on__isnull=True, expires_on__isnull=False
    )
    return current.values_list("pk", "expires_on")


def uninvested(certificates: QuerySet[DivestitureCertificate]) -> Found:
    sold = certificates.filter(OF_LIVE, sold_on__isnull=False, reinvested_on__isnull=True)
    for key, sold_on in sold.values_list("pk", "sold_on"):
        yield key, sold_on and sold_on + REINVEST_AFTER


def ending_recusals(statements: QuerySet[RecusalStatement]) -> Found:
    current = statements.filter(OF_GOING, superseded_at__isnull=True, ends_on__isnull=False)
    return current.values_list("pk", "ends_on")


def open_exceptions(exceptions: QuerySet[StartException]) -> Found:
    return exceptions.filter(OF_GOING, followed_up_on__isnull=True).values_list("pk", "due_on")


def open_courses(enrollments: QuerySet[TrainingEnrollment]) -> Found:
    return enrollments.filter(OF_GOING, status="assigned", due_on__isnull=False).values_list("pk", "due_on")


def ageing_results(items: QuerySet[ChecklistItem]) -> Found:
    """Results that are good for a number of days, before entry on duty: afterwards they have done their work."""
    results = items.filter(
        status="done",
        step__valid_days__isnull=False,
        effective_on__isnull=False,
        corrections__isnull=True,
        checklist__superseded_at__isnull=True,
        checklist__placement__status__in=("pending_checks", "ready"),
    )
    return results.annotate(last_day=LAST_VALID_DAY).values_list("pk", "last_day")


def unanswered_extensions(extensions: QuerySet[DisclosureExtension]) -> Found:
    """The answer is worth most before the report is due."""
    return extensions.filter(WAITING_EXTENSION).values_list("pk", "item__due_on")


def former_employers(placements: QuerySet[Placement]) -> Found:
    """The year of 5 CFR 2635.502 after somebody left the company, where no recusal names its own last day."""
    says_itself = RecusalStatement.objects.filter(
        placement=OuterRef("pk"), superseded_at__isnull=True, ends_on__isnull=False
    )
    left = placements.filter(
        ~Exists(says_itself),
        status__in=LIVE_STATES,
        nomination__loan_terms__superseded_at__isnull=True,
        nomination__loan_terms__last_day_on__isnull=False,
    )
    for key, last_day in left.values_list("pk", "nomination__loan_terms__last_day_on"):
        yield key, last_day and add_months(last_day, 12)
