"""Who stands on a certificate of a discipline now, and who does not although qualified once, with the reason."""

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, ApplicationStatus, DisciplineOutcome, OutcomeResult
from placements.models import Certificate, CertificateEntry, CertificateMethod
from placements.services.certificate import issue_certificate
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service
from techforce.program.models import Cohort, Discipline


@dataclass(frozen=True)
class LeftOut:
    application: Application
    reason: str


@dataclass(frozen=True)
class Eligibles:
    """Qualified in the discipline and still to be had, in the order of their reference numbers; and the others."""

    listed: list[Application]
    left_out: list[LeftOut]

    @property
    def digest(self) -> str:
        """A short name of the list: whoever issues it issues the list that they saw."""
        keys = ",".join(str(application.pk) for application in self.listed)
        return hashlib.sha256(keys.encode()).hexdigest()[:16]


def eligibles_of(cohort: Cohort, discipline: Discipline) -> Eligibles:
    """Everybody: a list of all who are qualified leaves out nobody for whom the reader stands aside."""
    outcomes = (
        DisciplineOutcome.objects.filter(
            application__cohort=cohort, discipline=discipline, result=OutcomeResult.QUALIFIED
        )
        .select_related("application__applicant")
        .order_by("application_id")
    )
    listed, left_out = [], []
    for outcome in outcomes:
        if reason := _why_not(outcome):
            left_out.append(LeftOut(outcome.application, reason))
        else:
            listed.append(outcome.application)
    return Eligibles(listed, left_out)


def _why_not(outcome: DisciplineOutcome) -> str:
    application = outcome.application
    if application.status != ApplicationStatus.QUALIFIED:
        return str(application.get_status_display())
    if application.is_withdrawing:
        return _("Asked to withdraw")
    if not application.is_shareable:
        return _("Does not agree that agencies see the application")
    return "" if outcome.is_good else _("The result has expired")


@service
def issue_list(
    *,
    cohort: Cohort,
    discipline: Discipline,
    authority: str,
    expires_on: datetime.date,
    digest: str = "",
    by: Any,
) -> Certificate:
    """Make a numbered certificate of all who are qualified, and issue it. Raises Conflict when the list is no longer
    the one with this `digest`."""
    if not by.has_perm("placements.add_certificate"):
        raise NotPermitted(_("Only a program manager issues certificates."))
    locked = Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
    eligibles = eligibles_of(locked, discipline)
    if digest and digest != eligibles.digest:
        raise Conflict(
            _("The list has changed since you looked at it. Look at it again below, then issue it.")
        )
    if not eligibles.listed:
        raise Refused(_("Nobody is qualified in this discipline now."))
    certificate = Certificate.objects.create(
        number=_next_number(locked, discipline),
        cohort=locked,
        discipline=discipline,
        method=CertificateMethod.QUALIFIED,
        authority=authority,
        expires_on=expires_on,
    )
    CertificateEntry.objects.bulk_create(
        CertificateEntry(certificate=certificate, application=application) for application in eligibles.listed
    )
    return issue_certificate(certificate=certificate, by=by)


def _next_number(cohort: Cohort, discipline: Discipline) -> str:
    """Counted within cohort and discipline, under the lock of the cohort."""
    head = f"TFC-{cohort.pk}-{discipline.code[:20].upper()}-"
    taken = set(Certificate.objects.filter(number__startswith=head).values_list("number", flat=True))
    number = len(taken) + 1
    while f"{head}{number:03}" in taken:
        number += 1
    return f"{head}{number:03}"


def due_day() -> datetime.date:
    """A manager returns a certificate within 15 days (domain.md §2.2, row 9)."""
    return today() + datetime.timedelta(days=15)
