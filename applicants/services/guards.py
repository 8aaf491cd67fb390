"""What must be true before an application, a step or an interview moves."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import (
    Application,
    AssessmentInvitation,
    AssessmentStep,
    CaseOutcome,
    CaseThread,
    CaseTopic,
    DisciplineOutcome,
    DocumentKind,
    DocumentStatus,
    Interview,
    Rating,
)
from applicants.models.outcome import OutcomeResult
from applicants.services.gaps import gaps
from techforce.core.calendar import today
from techforce.core.models import AuditEvent
from techforce.core.workflow import Change, guard

Refusals = dict[int, str]


@guard("applicants.window_is_open")
def window_is_open(rows: Sequence[Application], change: Change) -> Refusals:
    """In time: the cohort takes applications now, or the person has more time after an outage."""
    in_time = _rows_with(Application.objects.in_time(change.at), rows)
    return {row.pk: _("The window to apply is closed.") for row in rows if row.pk not in in_time}


@guard("applicants.application_is_complete")
def application_is_complete(rows: Sequence[Application], change: Change) -> Refusals:
    """One to three disciplines, the two questions of law answered, experience or a résumé, consent given, truth
    certified."""
    chosen = _rows_with(Application.objects.filter(choices__isnull=False), rows)
    with_resume = _rows_with(
        Application.objects.filter(
            documents__kind=DocumentKind.RESUME,
            documents__status__in=[DocumentStatus.QUARANTINED, DocumentStatus.CLEAN],
        ),
        rows,
    )
    refused = {}
    for row in rows:
        missing = [
            str(gap.label) for gap in gaps(row, has_choice=row.pk in chosen, has_resume=row.pk in with_resume)
        ]
        if row.certified_at is None:
            missing.append(_("your certification"))
        if missing:
            refused[row.pk] = _("Still missing: %(parts)s.") % {"parts": ", ".join(missing)}
    return refused


@guard("applicants.ratings_are_in")
def ratings_are_in(rows: Sequence[Application], change: Change) -> Refusals:
    """Two people rated it on their own, and a third where the two lie far apart."""
    keys = [row.pk for row in rows]
    enough = set(Application.objects.filter(pk__in=keys).fully_rated().values_list("pk", flat=True))
    sentence = _("Two ratings come first, and a third where they lie two or more levels apart.")
    return {key: sentence for key in keys if key not in enough}


@guard("applicants.decider_did_not_rate")
def decider_did_not_rate(rows: Sequence[Application], change: Change) -> Refusals:
    """Whoever assessed a person does not also set their result (separation of duties), nor through a colleague."""
    rated = Rating.objects.filter(application__in=[row.pk for row in rows], rater__in=change.by.stands_for)
    sentence = _("You rated this person, so somebody else decides.")
    return dict.fromkeys(rated.values_list("application", flat=True), sentence)


@guard("applicants.decides_afresh")
def decides_afresh(rows: Sequence[Application], change: Change) -> Refusals:
    """What a review set aside is decided by somebody else, nor through a colleague."""
    return dict.fromkeys(set_aside_for([row.pk for row in rows], change.by), not_again())


def set_aside_for(applications: Collection[int], user: Any) -> set[int]:
    """Those of these applications about which a review set a decision of `user` aside: the decision as a whole, or a
    result in it, also one that somebody else has recorded anew meanwhile."""
    changed = CaseThread.objects.filter(application__in=applications, outcome=CaseOutcome.CHANGED)
    own = changed.filter(decided_by__in=user.stands_for)
    last = dict(changed.order_by("decided_at").values_list("application", "decided_at"))
    recorded = {key for key, at in _recorded_results(last, user) if at <= last[key]}
    return set(own.values_list("application", flat=True)) | recorded


def _recorded_results(applications: Collection[int], user: Any) -> list[tuple[int, datetime.datetime]]:
    """When `user` recorded a result in one of these applications, from the audit, which keeps every one."""
    results = DisciplineOutcome.objects.filter(application__in=applications)
    application_of = dict(results.values_list("pk", "application"))
    events = AuditEvent.objects.filter(
        subject_type=DisciplineOutcome._meta.label_lower,
        subject_id__in=application_of,
        actor__in=user.stands_for,
    )
    return [(application_of[key], at) for key, at in events.values_list("subject_id", "at")]


def not_again() -> str:
    return _("A review set your decision about this person aside, so somebody else decides.")


@guard("applicants.no_review_is_asked_for")
def no_review_is_asked_for(rows: Sequence[Application], change: Change) -> Refusals:
    """Whoever decided does not answer the request for its review by another way."""
    asked = CaseThread.objects.not_closed().filter(
        application__in=[row.pk for row in rows], topic=CaseTopic.REVIEW_REQUEST
    )
    sentence = _("The person asked for a review of this decision. Record its result there.")
    return dict.fromkeys(asked.values_list("application", flat=True), sentence)


@guard("applicants.has_a_qualified_discipline")
def has_a_qualified_discipline(rows: Sequence[Application], change: Change) -> Refusals:
    """ "Qualified" means at least one discipline, and every chosen one has its result."""
    waiting, qualified = undecided(rows), _qualified(rows)
    refused = {row.pk: _("No discipline is qualified.") for row in rows if row.pk not in qualified}
    return refused | dict.fromkeys(waiting, _("A chosen discipline has no result yet."))


@guard("applicants.has_no_qualified_discipline")
def has_no_qualified_discipline(rows: Sequence[Application], change: Change) -> Refusals:
    refused = dict.fromkeys(_qualified(rows), _("A discipline is qualified."))
    return refused | dict.fromkeys(undecided(rows), _("A chosen discipline has no result yet."))


def _qualified(rows: Sequence[Application]) -> set[int]:
    return _rows_with(Application.objects.filter(outcomes__result=OutcomeResult.QUALIFIED), rows)


def undecided(rows: Sequence[Application]) -> set[int]:
    """With a chosen discipline that has no result, or only a negative one that a review set aside."""
    set_aside = CaseThread.objects.filter(
        application=OuterRef("application"), decided_by=OuterRef("decided_by"), outcome=CaseOutcome.CHANGED
    )
    result = DisciplineOutcome.objects.filter(
        application=OuterRef("pk"), discipline=OuterRef("choices__discipline")
    ).exclude(Q(result=OutcomeResult.NOT_QUALIFIED) & Exists(set_aside))
    return _rows_with(Application.objects.filter(~Exists(result), choices__isnull=False), rows)


@guard("applicants.results_have_expired")
def results_have_expired(rows: Sequence[Application], change: Change) -> Refusals:
    good = Q(outcomes__result=OutcomeResult.QUALIFIED, outcomes__expires_on__gte=today())
    return dict.fromkeys(_rows_with(Application.objects.filter(good), rows), _("A result still counts."))


@guard("applicants.person_stays")
def person_stays(rows: Sequence[Application], change: Change) -> Refusals:
    """Nothing is decided about somebody who is leaving: only from these states a withdrawal takes effect."""
    sentence = _("The person has asked to withdraw. Wait until that takes effect, or is undone.")
    return {row.pk: sentence for row in rows if row.is_withdrawing}


@guard("applicants.withdrawal_is_due")
def withdrawal_is_due(rows: Sequence[Application], change: Change) -> Refusals:
    """Asked for, and the day in which it can be undone is over."""
    sentence = _("This withdrawal can still be undone.")
    return {row.pk: sentence for row in rows if row.withdraws_at is None or row.withdraws_at > change.at}


@guard("applicants.did_not_decide_before")
def did_not_decide_before(rows: Sequence[CaseThread], change: Change) -> Refusals:
    """A decision is reviewed by somebody who neither made it nor rated the person, nor through a colleague. Other
    cases have no such decision."""
    sentence = _("You took part in this decision, so somebody else reviews it.")
    return dict.fromkeys(reviews_of_their_own(rows, change.by), sentence)


def reviews_of_their_own(rows: Sequence[CaseThread], user: Any) -> set[int]:
    """Keys of the requests for review of decisions in which `user` took part."""
    reviews = {row.pk: row for row in rows if row.decided_by_id is not None}
    took_part: dict[str, Any] = {"application__in": [row.application_id for row in reviews.values()]}
    rated = Rating.objects.filter(rater__in=user.stands_for, **took_part)
    decided = DisciplineOutcome.objects.filter(decided_by__in=user.stands_for, **took_part)
    theirs = set(rated.values_list("application", flat=True)) | set(
        decided.values_list("application", flat=True)
    )
    theirs |= {key for key, _at in _recorded_results(took_part["application__in"], user)}
    return {
        key
        for key, row in reviews.items()
        if row.decided_by_id in user.stands_for or row.application_id in theirs
    }


@guard("applicants.invitation_has_expired")
def invitation_has_expired(rows: Sequence[AssessmentStep], change: Change) -> Refusals:
    running = set(
        AssessmentInvitation.objects.filter(
            step__in=[row.pk for row in rows], closed_at__isnull=True, expires_at__gt=change.at
        ).values_list("step_id", flat=True)
    )
    return dict.fromkeys(running, _("The invitation still runs."))


@guard("applicants.interview_has_begun")
def interview_has_begun(rows: Sequence[Interview], change: Change) -> Refusals:
    now = timezone.now()
    return {
        row.pk: _("The interview has not begun yet.")
        for row in rows
        if not row.starts_at or row.starts_at > now
    }


def _rows_with(matching: Any, rows: Sequence[Any]) -> set[int]:
    return set(matching.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
