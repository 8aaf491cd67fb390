"""The review queue. A rater takes the next application and sees neither the person nor what others think; the draft of
a rating is the claim on it."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, Rating, Recusal
from applicants.querysets import FAR_APART, RATINGS, RATINGS_WITH_TIE_BREAK
from applicants.services.ratings import save_rating, submit_rating
from applicants.services.recusals import declare_recusal
from applicants.services.review import start_review
from applicants.workflow import ApplicationStatus
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service


@service
def take_next_application(*, by: Any) -> Rating | None:
    """The rating that `by` has in hand, else one of the application that waits longest and that nobody is taking at
    this moment. None when nothing waits for them."""
    if not by.has_perm("applicants.take_application"):
        raise NotPermitted(_("Only reviewers take applications from the queue."))
    for mine in Rating.objects.in_hand(by).select_related("application"):
        if _is_still_wanted(mine, by):
            return mine  # type: ignore[no-any-return]
        mine.delete()
    return _claim_next(by)


def _claim_next(by: Any) -> Rating | None:
    tried: list[int] = []
    while application := _lock_next(by, tried):
        # Asked again under the lock: somebody may have taken the last place between finding and locking.
        if Application.objects.filter(pk=application.pk).open_to_rater(by).exists():
            return _claim(application, by)
        tried.append(application.pk)
    return None


def _lock_next(by: Any, tried: list[int]) -> Application | None:
    waiting = Application.objects.open_to_rater(by).exclude(pk__in=tried)
    return waiting.select_for_update(of=("self",), no_key=True, skip_locked=True).first()


def _claim(application: Application, by: Any) -> Rating:
    if application.status == ApplicationStatus.SUBMITTED:
        start_review(application=application, by=by)
    rating = save_rating(application=application, score=None, by=by)
    record_event("applicants.rating:take", subject=rating, by=by)
    return rating


def _is_still_wanted(rating: Rating, by: Any) -> bool:
    """The application is still in review, and colleagues did not fill the places while this one lay about."""
    application = _lock(rating)
    is_open = application.status == ApplicationStatus.IN_REVIEW and application.withdraws_at is None
    if not is_open or not by.has_perm("applicants.take_application", application):
        return False
    others = Rating.objects.filter(application=application).exclude(rater=by)
    held = others.holding().values("rater").distinct().count()
    scores = list(others.standing().order_by("pk").values_list("score", flat=True))
    return held < places(scores)


def places(scores: list[int]) -> int:
    """How many ratings an application gets, by the scores that others gave."""
    is_tied = len(scores) == RATINGS and max(scores) - min(scores) >= FAR_APART
    return RATINGS_WITH_TIE_BREAK if is_tied else RATINGS


@service
def save_claim(*, rating: Rating, score: int | None, notes: str, by: Any) -> Rating:
    """Keep what stands there so far, seen by nobody else."""
    _check_claim(rating, by)
    return save_rating(application=rating.application, score=score, notes=notes, by=by)


@service
def submit_claim(*, rating: Rating, score: int | None, notes: str, by: Any) -> Rating:
    """Hand in a rating that is still wanted."""
    _check_claim(rating, by)
    saved = save_rating(application=rating.application, score=score, notes=notes, by=by)
    return submit_rating(rating=saved, by=by)


@service
def give_back(*, rating: Rating, by: Any) -> None:
    """Somebody else rates it; what was written so far goes."""
    _own_claim(rating, by).delete()
    record_event("applicants.application:give_back", subject=rating.application, by=by)


@service
def stand_aside(*, rating: Rating, basis: str, by: Any) -> Recusal:
    """The rater recognises the person: they never meet the application again, and nothing is held against them."""
    claim = _own_claim(rating, by)
    application = claim.application
    claim.delete()
    return declare_recusal(user=by, applicant=application.applicant, basis=basis, by=by)


def _check_claim(rating: Rating, by: Any) -> None:
    _own_claim(rating, by)
    if not _is_still_wanted(rating, by):
        raise Refused(_("This application needs no rating from you any longer. Take the next one."))


def _own_claim(rating: Rating, by: Any) -> Rating:
    found = Rating.objects.in_hand(by).filter(pk=rating.pk).select_related("application__applicant").first()
    if found is None:
        raise Conflict(_("You no longer hold this application. Take the next one."))
    return found  # type: ignore[no-any-return]


def _lock(rating: Rating) -> Application:
    locked: Application = Application.objects.select_for_update(of=("self",), no_key=True).get(
        pk=rating.application_id
    )
    return locked
