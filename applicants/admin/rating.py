"""The review queue of OPM's raters: take the next application, read it blind, rate it, and on to the next."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from applicants.admin.forms import RatingForm, RecusalForm
from applicants.models import Application, Rating
from applicants.services import give_back, save_claim, stand_aside, submit_claim, take_next_application
from applicants.services.blind import blind_sections
from techforce.core.admin.forms import OK, attempt
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register

COUNTED = 1_000

register(
    WorkEntry(
        order=100,
        label=gettext_lazy("To rate"),
        text=gettext_lazy("Applications that wait for a rater, read without the person’s name."),
        model=Application,
        page="admin:review_queue",
        permission="applicants.take_application",
        waiting=lambda user: Application.objects.open_to_rater(user),
    )
)


def _own(request: HttpRequest, public_id: UUID) -> Rating:
    """The rating in hand of whoever asks; an application that one did not take is not there."""
    mine = Rating.objects.in_hand(request.user).select_related("application__cohort")
    rating: Rating = get_object_or_404(mine, application__public_id=public_id)
    if not request.user.has_perm("applicants.take_application", rating.application):
        raise PermissionDenied
    return rating


@staff_page("review/", "review_queue")
@require_http_methods(["GET", "HEAD", "POST"])
def review_queue(request: HttpRequest) -> HttpResponse:
    """How much waits, and what one has in hand. By POST: take the next."""
    if not request.user.has_perm("applicants.take_application"):
        raise PermissionDenied
    if request.method == "POST":
        return _next(request)
    # Only counted, so in no order: PostgreSQL stops as soon as it has found so many.
    waiting = Application.objects.open_to_rater(request.user).order_by().values_list("pk")[: COUNTED + 1]
    found = len(waiting)
    in_hand = Rating.objects.in_hand(request.user).select_related("application")
    context = {
        "title": _("Review queue"),
        "waiting": f"{COUNTED:,}+" if found > COUNTED else f"{found:,}",
        "has_work": bool(found),
        "in_hand": list(in_hand[:5]),
    }
    return staff_response(request, "admin/review/queue.html", context)


def _next(request: HttpRequest) -> HttpResponse:
    rating = take_next_application(by=request.user)
    if rating is None:
        messages.info(request, _("Nothing waits for you now."))
        return redirect("admin:review_queue")
    return redirect("admin:review_application", public_id=rating.application.public_id)


@staff_page("review/<uuid:public_id>/", "review_application")
@require_http_methods(["GET", "HEAD", "POST"])
def review_application(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One application without its person. Save a draft, or submit and go on."""
    rating = _own(request, public_id)
    if request.method != "POST":
        return _page(request, rating, _as_saved(rating))
    is_draft = "draft" in request.POST
    form = RatingForm(request.POST, is_draft=is_draft)
    work = save_claim if is_draft else submit_claim
    status = attempt(form, lambda: work(rating=rating, **form.cleaned_data, by=request.user))
    if status != OK:
        return _page(request, rating, form, status=status)
    if is_draft:
        messages.success(request, _("The draft was saved. Nobody else sees it."))
        return redirect("admin:review_application", public_id=public_id)
    messages.success(request, _("Your rating is in."))
    return _next(request)


@staff_page("review/<uuid:public_id>/recognise/", "review_recognise")
@require_POST
def recognise(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """“I recognise this person”: never again, nothing is held against the rater, and on to the next."""
    rating, form = _own(request, public_id), RecusalForm(request.POST)
    status = attempt(
        form, lambda: stand_aside(rating=rating, basis=form.cleaned_data["basis"], by=request.user)
    )
    if status != OK:
        return _page(request, rating, _as_saved(rating), recusal=form, status=status)
    messages.success(request, _("Thank you. Somebody else reviews this application."))
    request.user.__dict__.pop("recused_from", None)  # remembered for this request, and it has just changed
    return _next(request)


@staff_page("review/<uuid:public_id>/give-back/", "review_give_back")
@require_POST
def hand_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    give_back(rating=_own(request, public_id), by=request.user)
    messages.success(request, _("You gave the application back. It waits for the next rater."))
    return redirect("admin:review_queue")


def _as_saved(rating: Rating) -> RatingForm:
    return RatingForm(initial={"score": rating.score, "notes": rating.notes})


def _page(
    request: HttpRequest,
    rating: Rating,
    form: RatingForm,
    *,
    recusal: RecusalForm | None = None,
    status: int = OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": _("Rate an application"),
        "application": rating.application,
        "sections": blind_sections(rating.application),
        "form": form,
        "recusal": recusal or RecusalForm(),
        "errors": form.errors or (recusal.errors if recusal else {}),
    }
    return staff_response(request, "admin/review/application.html", context, status=status)
