"""Each rater scores alone; the score is final once submitted, and an amendment is a further revision with a
reason."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application, AssessmentStep, Rating
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service


@service
def save_rating(
    *,
    application: Application,
    score: int | None,
    by: Any,
    step: AssessmentStep | None = None,
    notes: str = "",
    amendment_reason: str = "",
) -> Rating:
    """Save one's own rating, not yet seen by anybody else. After submission this opens an amendment, with a
    reason."""
    if not by.has_perm("applicants.add_rating", application):
        raise NotPermitted(_("You may not rate this person."))
    mine = Rating.objects.filter(rater=by, application=application, assessment_step=step)
    draft = mine.filter(submitted_at__isnull=True).first()
    if draft is None:
        last = mine.aggregate(last=Max("revision"))["last"] or 0
        if last and not amendment_reason.strip():
            raise Refused(_("You have submitted your rating. Say why you amend it."))
        draft = Rating(rater=by, application=application, assessment_step=step, revision=last + 1)
    draft.score, draft.notes, draft.amendment_reason = score, notes, amendment_reason.strip()
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError as error:
        raise Conflict(_("This rating was saved from somewhere else. Load the page again.")) from error
    return draft


@service
def submit_rating(*, rating: Rating, by: Any) -> Rating:
    """From now on others may read it and nobody may change it."""
    locked = Rating.objects.select_for_update(of=("self",)).get(pk=rating.pk)
    if locked.rater_id != by.pk:
        raise NotPermitted(_("Only the rater may submit a rating."))
    if locked.score is None:
        raise Refused(_("Choose a score first."))
    if not locked.notes.strip():
        raise Refused(_("Write the reason for the score."))
    if locked.submitted_at is None:
        locked.submitted_at = timezone.now()
        locked.save(update_fields=["submitted_at"])
        record_event("applicants.rating:submit", subject=locked, by=by, detail={"revision": locked.revision})
    return locked  # type: ignore[no-any-return]
