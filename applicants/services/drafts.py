"""Filling the form in: begin, save a step, look again at what is missing."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, ApplicationStatus
from applicants.models.answers import UNANSWERED
from applicants.services.answers import CONTACT_FIELDS, STEP_OF, State, digest, state_of
from applicants.services.applications import (
    freeze_again,
    lock_application,
    refuse_after_the_window,
    set_disciplines,
    start_application,
)
from applicants.services.cases.accommodation import follow_accommodation
from applicants.services.gaps import gaps_of
from applicants.services.registering import register_applicant
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.program.models import Cohort, Discipline


@service
def begin_application(*, cohort: Cohort, legal_name: str, by: Any) -> Application:
    """The person's draft for a cohort; on a first visit they become an applicant. What is there already stays."""
    applicant = register_applicant(legal_name=legal_name, by=by)
    return start_application(applicant=applicant, cohort=cohort, by=by)


@service
def save_step(
    *, application: Application, step: str, state: State, seen: str, by: Any, is_certified: bool = False
) -> Application:
    """Save one step. Raises Conflict when the step is no longer what the form showed (`seen`, its digest): another step
    saved in another tab does not matter.

    An application that was submitted is submitted again in the same moment, which needs the certification (18 U.S.C.
    1001) anew and every required answer.
    """
    locked = lock_application(application, by)
    saved = state_of(locked, step)
    if state == saved:
        return locked  # the same form sent twice is no other window
    if digest(saved) != seen:
        raise Conflict(_("This page was saved in another window. Compare both and choose."))
    is_submitted = locked.status == ApplicationStatus.SUBMITTED
    if is_submitted:
        certify_again(locked, is_certified=is_certified)
    _store(locked, step, state)
    if state.get("has_accommodation_request") != saved.get("has_accommodation_request"):
        follow_accommodation(locked, by)
    if is_submitted:
        freeze_again(locked, by, changed=step)
    return locked


def certify_again(locked: Application, *, is_certified: bool, is_late_allowed: bool = False) -> None:
    """What is changed after submission is certified anew, in time. The caller saves the row."""
    if not is_late_allowed:
        refuse_after_the_window(locked)
    if not is_certified:
        raise Refused(_("Certify that your answers are true before you submit them again."))
    locked.certified_at = timezone.now()
    save_version(locked, expected=locked.version, fields=["certified_at"])


def refuse_if_incomplete(locked: Application) -> None:
    """A submitted application stays complete."""
    if locked.status == ApplicationStatus.DRAFT:
        return
    if missing := gaps_of(locked):
        parts = ", ".join(str(gap.label) for gap in missing)
        raise Refused(
            _("A submitted application needs %(parts)s. To take it back, withdraw it.") % {"parts": parts}
        )


def _store(locked: Application, step: str, state: State) -> None:
    columns = ["answers"] if step in UNANSWERED else list(STEP_OF[step].columns)
    if step in UNANSWERED:
        locked.answers = locked.answers | {step: state}
    else:
        for name in columns:
            setattr(locked, name, state[name])
    # Asked before the database refuses, so that a consent taken back gets a sentence.
    refuse_if_incomplete(locked)
    save_version(locked, expected=locked.version, fields=columns)
    if step == "disciplines":
        _choose(locked, state["disciplines"])


def _choose(locked: Application, codes: Sequence[str]) -> None:
    found = {row.code: row for row in Discipline.objects.filter(code__in=codes).order_by("pk")}
    wanted = [found[code] for code in codes if code in found]
    if wanted or locked.status != ApplicationStatus.DRAFT:
        set_disciplines(locked, wanted)
    else:
        locked.choices.all().delete()


@service
def update_contact(*, applicant: Applicant, state: State, seen: str, by: Any) -> None:
    """Contact details stay editable whatever becomes of the applications."""
    locked = Applicant.objects.select_for_update(of=("self",)).get(pk=applicant.pk)
    if locked.user_id != by.pk:
        raise NotPermitted(_("Only you may change how we reach you."))
    saved = {name: getattr(locked, name) for name in CONTACT_FIELDS}
    if state == saved:
        return
    if digest(saved) != seen:
        raise Conflict(_("This page was saved in another window. Compare both and choose."))
    for name in CONTACT_FIELDS:
        setattr(locked, name, state[name])
    save_version(locked, expected=locked.version, fields=list(CONTACT_FIELDS))
    record_event("applicants.applicant:update-contact", subject=locked, by=by)
