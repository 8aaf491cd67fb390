"""What this app holds of a person: given out (`shares`), destroyed where it may be, moved between accounts."""

import datetime
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applicants.models import (
    Applicant,
    Application,
    ApplicationStatus,
    CaseMessage,
    CaseThread,
    Document,
    Interview,
    OpeningInterest,
    Rating,
    Recusal,
    Snapshot,
)
from applicants.privacy import shares  # noqa: F401  (registers what goes into the download)
from techforce.core import privacy
from techforce.core.disposition import Schedule, register_schedule, years_before
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent

NO_NAME = "—"
"""Stands where the name of a person was."""

FINAL_STATES = (ApplicationStatus.NOT_QUALIFIED, ApplicationStatus.LAPSED, ApplicationStatus.WITHDRAWN)
"""Who was placed goes to the personnel folder with their application (domain.md §5.3)."""

FINAL_ACTION = "serving"
"""The state of a cohort in which nobody is chosen any more."""


def erase(user: Any) -> None:
    """Drafts that were never submitted go at once; a submitted application is a federal record and stays
    until its disposition date. The profile stays as long as an application needs it."""
    own = Application.objects.filter(applicant__user=user)
    for key in own.order_by("pk").values_list("pk", flat=True):
        with privacy.part_of_erasure():
            destroy_drafts(own.filter(pk=key))
    if not Application.objects.filter(applicant__user=user).exists():
        _destroy(Recusal.objects.filter(applicant__user=user))
        _destroy(Applicant.objects.filter(user=user))


def destroy_drafts(applications: QuerySet[Any]) -> None:
    """Those of the applications that were never submitted, with all that hangs on them; files go after the commit."""
    drafts = applications.filter(status=ApplicationStatus.DRAFT)
    _destroy_contents(drafts)
    _destroy(drafts)


def _destroy_contents(applications: QuerySet[Any]) -> None:
    documents = Document.objects.filter(application__in=applications)
    for name in [name for document in documents.order_by("pk") for name in document.stored_names]:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
    _destroy(CaseMessage.objects.filter(thread__application__in=applications))
    _destroy(CaseThread.objects.filter(application__in=applications))
    _destroy(OpeningInterest.objects.filter(application__in=applications))
    _destroy(documents)
    _destroy(Snapshot.objects.filter(application__in=applications))


def _destroy(rows: QuerySet[Any]) -> None:
    """Refused for all of them when a hold covers one."""
    for row in rows.order_by("pk"):
        privacy.refuse_if_held(row)
    rows.delete()


def repoint(old: Any, new: Any) -> None:
    """Move the person to another of their accounts. Two people are never merged silently."""
    if Applicant.objects.filter(user=new).exists():
        raise Refused(_("That account already applies for itself."))
    Applicant.objects.filter(user=old).update(user=new)


# ── Records at their disposition date ─────────────────────────────────────────────────────────────
def over_since(day: datetime.date, years: int) -> QuerySet[Any]:
    """Applications of which the last word was spoken so many years before `day`: their own, and their cohort's."""
    limit = years_before(day, years)
    final_action = AuditEvent.objects.filter(
        subject_type="program.cohort",
        subject_id=OuterRef("cohort"),
        to_state=FINAL_ACTION,
        at__date__lte=limit,
    )
    is_over = Q(decided_at__isnull=True) | Q(decided_at__date__lte=limit)
    is_left = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__date__lte=limit)
    return Application.objects.filter(Exists(final_action), is_over, is_left, status__in=FINAL_STATES)


def _destroy_application(application: Application) -> None:
    """Content, files and messages go; a row without content stays for the certificates that name it."""
    applicant = application.applicant
    for record in (applicant, applicant.user):
        privacy.refuse_if_held(record)
    own = Application.objects.filter(pk=application.pk)
    _destroy_contents(own)
    personal = {"is_us_citizen": None, "is_adult": None, "veterans_preference": ""}
    own.update(
        answers={},
        has_accommodation_request=False,
        destroyed_at=timezone.now(),
        version=F("version") + 1,
        **personal,
    )
    application.history.update(**personal)  # type: ignore[attr-defined]
    _empty_profile(applicant)


def _empty_profile(applicant: Applicant) -> None:
    """Nothing is left that needs to know how to reach the person; who still has an account keeps the name in it."""
    if Application.objects.filter(applicant=applicant, destroyed_at__isnull=True).exists():
        return
    name = applicant.user.full_name if applicant.user.is_active else ""
    Applicant.objects.filter(pk=applicant.pk).update(
        legal_name=name or NO_NAME, preferred_name="", phone="", city="", state="", version=F("version") + 1
    )


def _forget_the_place(interview: Interview) -> None:
    Interview.objects.filter(pk=interview.pk).update(place="")


register_schedule(
    Schedule(
        label="applications",
        title=gettext_lazy("Applications"),
        authority="GRS 2.1/060",
        due=lambda day: over_since(day, 1).filter(destroyed_at__isnull=True),
        destroy=_destroy_application,
    )
)
register_schedule(
    Schedule(
        label="ratings",
        title=gettext_lazy("Ratings"),
        authority="GRS 2.1/090",
        due=lambda day: Rating.objects.filter(application__in=over_since(day, 2)),
        destroy=lambda rating: _destroy(Rating.objects.filter(pk=rating.pk)),
    )
)
register_schedule(
    Schedule(
        label="interviews",
        title=gettext_lazy("Places of interviews"),
        authority="GRS 2.1/090",
        due=lambda day: Interview.objects.filter(application__in=over_since(day, 2)).exclude(place=""),
        destroy=_forget_the_place,
    )
)

privacy.register("applicants", erase=erase, repoint=repoint)
privacy.register_tombstones(
    Applicant,
    lambda: ~Q(Exists(Application.objects.filter(applicant=OuterRef("pk"), destroyed_at__isnull=True))),
)
