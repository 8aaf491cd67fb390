"""From the first click to the receipt: start, choose, submit, submit again."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, ApplicationDiscipline, DocumentStatus, Snapshot, Track
from applicants.models.application import MOST_DISCIPLINES
from applicants.models.choice import choices_mark
from applicants.services.draft_dates import date_draft
from applicants.workflow import REPLACEABLE_STATES, ApplicationStatus
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.idempotency import once
from techforce.core.mail.outbox import enqueue
from techforce.core.models import MessageClass
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.core.workflow import transition
from techforce.program.models import Cohort, Discipline, TrackDefinition

A_DAY = timedelta(days=1)
MOST_SNAPSHOTS_A_DAY = 50
"""Of one application: each is kept, and answered by a mail."""

# A file that is still being scanned was submitted too. Whoever opens the snapshot is served only the clean ones.
FROZEN_DOCUMENTS = (DocumentStatus.QUARANTINED, DocumentStatus.CLEAN)


@service
def start_application(
    *, applicant: Applicant, cohort: Cohort, by: Any, track: str = Track.EARLY_CAREER
) -> Application:
    """A draft for one cohort; the draft or application that is there already, when there is one (I2)."""
    if applicant.user_id != by.pk:
        raise NotPermitted(_("You can only apply for yourself."))
    if existing := Application.objects.live().filter(applicant=applicant, cohort=cohort).first():
        return existing  # type: ignore[no-any-return]
    if not cohort.is_accepting:
        raise Refused(_("The window to apply is closed."))
    try:
        with transaction.atomic():
            draft = Application(applicant=applicant, cohort=cohort, track=track)
            date_draft(draft, timezone.now())
            draft.save()
    except IntegrityError:  # someone, probably oneself in another tab, was faster
        return Application.objects.live().get(applicant=applicant, cohort=cohort)  # type: ignore[no-any-return]
    record_event("applicants.application:start", subject=draft, by=by)
    return draft


def set_disciplines(locked: Application, disciplines: Sequence[Discipline]) -> None:
    """Replace the choice of a locked application. Past draft the caller takes a new snapshot."""
    wanted = list(dict.fromkeys(disciplines))
    if not 1 <= len(wanted) <= MOST_DISCIPLINES:
        raise Refused(_("Choose one, two or three disciplines."))
    offered = set(locked.cohort.cohort_disciplines.values_list("discipline", flat=True))
    if any(discipline.pk not in offered for discipline in wanted):
        raise Refused(_("This cohort does not take applications in one of these disciplines."))
    with choices_mark(locked):
        locked.choices.all().delete()
        ApplicationDiscipline.objects.bulk_create(
            ApplicationDiscipline(application=locked, discipline=discipline, rank=rank)
            for rank, discipline in enumerate(wanted, start=1)
        )


def submit_application(
    *, application: Application, by: Any, key: uuid.UUID | None = None, is_certified: bool = False
) -> Application:
    """Submit once: status, snapshot, audit and receipt in one transaction (I1). The same form sent twice, with the
    same `key`, gives the same receipt. `is_certified` says that this very form certifies the answers (18 U.S.C. 1001).
    Raises TransitionRefused with what is missing."""

    def work() -> Application:
        return _submit(application=application, is_certified=is_certified, by=by)

    if key is None:
        return work()
    done = once(key=key, purpose="submit-application", work=work, by=by)
    if not isinstance(done, Application) or done.pk != application.pk:
        raise Conflict(_("This form was used for another application. Load the page again."))
    return done


@service
def _submit(*, application: Application, is_certified: bool, by: Any) -> Application:
    if is_certified:
        _certify(application, by)
    submitted: Application = transition(application, "submit", by=by)
    queue_receipt(take_snapshot(submitted))
    return submitted


def _certify(application: Application, by: Any) -> None:
    """Note the moment; what is not a draft any more keeps the one it has."""
    locked = lock_application(application, by)
    if locked.status == ApplicationStatus.DRAFT:
        locked.certified_at = timezone.now()
        save_version(locked, expected=locked.version, fields=["certified_at"])


def refuse_after_the_window(application: Application) -> None:
    """What was submitted changes only while the window is open."""
    if not application.is_in_time:
        raise Refused(_("An application can be submitted again until review starts or the window closes."))


def freeze_again(application: Application, by: Any, **detail: Any) -> Snapshot:
    """A new snapshot of a locked application, with its audit row and its receipt."""
    if application.snapshots.filter(created_at__gt=timezone.now() - A_DAY).count() >= MOST_SNAPSHOTS_A_DAY:
        raise Refused(_("You changed this application very often today. Go on tomorrow."))
    snapshot = take_snapshot(application)
    detail["snapshot"] = snapshot.sequence
    record_event("applicants.application:resubmit", subject=application, by=by, detail=detail)
    queue_receipt(snapshot)
    return snapshot


def queue_receipt(snapshot: Snapshot) -> None:
    """One mail a snapshot, to the person who applied."""
    enqueue(
        "application_received",
        message_class=MessageClass.TRANSACTIONAL,
        subject=snapshot,
        recipient=snapshot.application.applicant.user,
        dedupe_key=f"application-received:{snapshot.public_id}",
    )


def lock_application(application: Application, by: Any) -> Application:
    """The row, locked, for its owner, as long as its content is not closed."""
    locked = (
        Application.objects.select_for_update(of=("self",))
        .select_related("cohort", "applicant")
        .get(pk=application.pk)
    )
    if locked.applicant.user_id != by.pk:
        raise NotPermitted(_("Only the person who applies may change this application."))
    if locked.status not in REPLACEABLE_STATES or locked.is_withdrawing:
        raise Refused(_("Review has begun, so this application can no longer be changed."))
    return locked  # type: ignore[no-any-return]


def take_snapshot(application: Application) -> Snapshot:
    """Freeze what stands there now. The caller has locked the application."""
    last = application.snapshots.aggregate(last=Max("sequence"))["last"] or 0
    definitions = TrackDefinition.objects.in_force(application.cohort_id, today())
    return Snapshot.objects.create(
        application=application,
        sequence=last + 1,
        content=content_of(application),
        track_definition=definitions.get(application.track),
    )


def content_of(application: Application) -> dict[str, Any]:
    """All that a reviewer or an agency may be shown of an application, as plain data."""
    applicant = application.applicant
    return {
        "taken_at": timezone.now().isoformat(),
        "name": applicant.legal_name,
        "track": application.track,
        "answers": application.answers,
        "is_us_citizen": application.is_us_citizen,
        "is_adult": application.is_adult,
        "veterans_preference": application.veterans_preference,
        "disciplines": list(application.choices.order_by("rank").values_list("discipline__code", flat=True)),
        "documents": [
            str(public_id)
            for public_id in application.documents.filter(status__in=FROZEN_DOCUMENTS)
            .order_by("pk")
            .values_list("public_id", flat=True)
        ],
    }
