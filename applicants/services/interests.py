"""Openings are not applied to but marked, from the draft on, and ranked in a match round."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Opening
from applicants.models import Application, ApplicationStatus, OpeningInterest
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service

MARKING_STATES = ("draft", "submitted", "in_review", "needs_information", "qualified")


@service
def mark_interest(*, application: Application, opening: Opening, by: Any) -> OpeningInterest:
    """Mark a published opening of the application's cohort; a second time changes nothing."""
    locked = _lock_own(application, by)
    if opening.cohort_id != locked.cohort_id:
        raise Refused(_("This opening belongs to another cohort."))
    if not Opening.objects.published().filter(pk=opening.pk).exists():
        raise Refused(_("This opening is not published."))
    interest, _is_new = OpeningInterest.objects.get_or_create(
        application=locked, opening=opening, defaults={"cohort_id": locked.cohort_id}
    )
    return interest


@service
def unmark_interest(*, application: Application, opening: Opening, by: Any) -> None:
    locked = _lock_own(application, by)
    OpeningInterest.objects.filter(application=locked, opening=opening).delete()


@service
def rank_interests(*, application: Application, openings: Sequence[Opening], by: Any) -> None:
    """Rank the marked openings in this order; those left out have no rank."""
    locked = _lock_own(application, by)
    marked = {interest.opening_id: interest for interest in locked.interests.order_by("pk")}
    if len(set(openings)) != len(openings) or any(opening.pk not in marked for opening in openings):
        raise Refused(_("Rank only openings that you marked, each once."))
    rank_of = {opening.pk: rank for rank, opening in enumerate(openings, start=1)}
    with transaction.atomic():
        for interest in marked.values():
            interest.rank = rank_of.get(interest.opening_id)
        OpeningInterest.objects.bulk_update(marked.values(), ["rank"])


def _lock_own(application: Application, by: Any) -> Application:
    locked: Application = (
        Application.objects.select_for_update(of=("self",)).select_related("applicant").get(pk=application.pk)
    )
    if locked.applicant.user_id != by.pk:
        raise NotPermitted(_("Only the person who applies may mark openings."))
    if locked.status not in MARKING_STATES:
        raise Refused(_("This application is %(state)s.") % {"state": ApplicationStatus(locked.status).label})
    return locked
