"""What people ask the program office: the queues of those who answer, and the record of each case with its acts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from applicants.admin.case_forms import (
    REASONS_IN_WORDS,
    AccommodationForm,
    AssignForm,
    MessageForm,
    ReviewForm,
)
from applicants.models import CaseStatus, CaseThread, CaseTopic
from applicants.services import (
    answer_case,
    assign_case,
    close_case,
    reopen_case,
    settle_accommodation,
    settle_review,
)
from applicants.services.guards import reviews_of_their_own
from applicants.workflow import CASE, OPEN_CASE_STATES, PLAIN_TOPICS
from techforce.core.admin.acts import Act
from techforce.core.admin.base import ReadOnlyAdmin
from techforce.core.audit import record_access
from techforce.core.calendar import today
from techforce.core.paging import keyset_page
from techforce.core.site import staff_page, staff_response
from techforce.core.work import WorkEntry, register

QUESTIONS = (*PLAIN_TOPICS, CaseTopic.INFORMATION)
ACCOMMODATIONS = (CaseTopic.ACCOMMODATION,)
REVIEWS = (CaseTopic.REVIEW_REQUEST,)


# ── Queues ────────────────────────────────────────────────────────────────────────────────────────
def _waiting(topics: tuple[str, ...], user: Any) -> QuerySet[CaseThread]:
    waiting: QuerySet[CaseThread] = CaseThread.objects.for_office(user).filter(topic__in=topics)
    return waiting


register(
    WorkEntry(
        order=120,
        label=gettext_lazy("Questions"),
        text=gettext_lazy("People asked us something. The one that is due first stands on top."),
        model=CaseThread,
        page="admin:case_queue",
        permission="applicants.work_questions",
        waiting=lambda user: _waiting(QUESTIONS, user),
    ),
    WorkEntry(
        order=130,
        label=gettext_lazy("Accommodations"),
        text=gettext_lazy("Only those who arrange them see these requests."),
        model=CaseThread,
        page="admin:accommodation_queue",
        permission="applicants.work_accommodations",
        waiting=lambda user: _waiting(ACCOMMODATIONS, user),
    ),
    WorkEntry(
        order=140,
        label=gettext_lazy("Reviews of decisions"),
        text=gettext_lazy("Somebody who took no part in the decision looks at it again."),
        model=CaseThread,
        page="admin:review_request_queue",
        permission="applicants.work_reviews",
        waiting=lambda user: _waiting(REVIEWS, user),
    ),
    WorkEntry(
        order=150,
        label=gettext_lazy("Cases past their date"),
        text=gettext_lazy("The day that we promised has gone by."),
        model=CaseThread,
        page="admin:late_case_queue",
        permission="applicants.work_case",
        waiting=lambda user: CaseThread.objects.for_office(user).filter(due_on__lt=today()),
    ),
)


@staff_page("questions/", "case_queue")
@require_safe
def case_queue(request: HttpRequest) -> HttpResponse:
    """Questions, and what we asked people, by due date."""
    return _queue(request, "applicants.work_questions", _("Questions"), topic__in=QUESTIONS)


@staff_page("accommodations/", "accommodation_queue")
@require_safe
def accommodation_queue(request: HttpRequest) -> HttpResponse:
    title = _("Accommodations")
    return _queue(request, "applicants.work_accommodations", title, topic__in=ACCOMMODATIONS)


@staff_page("decision-reviews/", "review_request_queue")
@require_safe
def review_request_queue(request: HttpRequest) -> HttpResponse:
    return _queue(request, "applicants.work_reviews", _("Reviews of decisions"), topic__in=REVIEWS)


@staff_page("late-cases/", "late_case_queue")
@require_safe
def late_case_queue(request: HttpRequest) -> HttpResponse:
    late = {"status": CaseStatus.OPEN, "due_on__lt": today()}
    return _queue(request, "applicants.work_case", _("Cases past their date"), **late)


def _queue(request: HttpRequest, permission: str, title: str, **wanted: Any) -> HttpResponse:
    """What is due first stands first. `?whose=mine` leaves one's own, `?whose=nobody` those without an owner."""
    if not request.user.has_perm(permission):
        raise PermissionDenied
    rows = CaseThread.objects.visible_to(request.user).moving().filter(**wanted)
    rows = rows.exclude(applicant__user=request.user).select_related("application", "owner")
    whose = request.GET.get("whose", "")
    owners = {"mine": Q(owner=request.user.pk), "nobody": Q(owner=None)}
    page = keyset_page(rows.filter(owners.get(whose, Q())), request.GET, keys=("due_on", "id"))
    context = {"title": title, "page": page, "whose": whose}
    return staff_response(request, "admin/cases/queue.html", context)


# ── Acts ──────────────────────────────────────────────────────────────────────────────────────────
def _take(*, row: CaseThread, by: Any) -> None:
    assign_case(thread=row, owner=by, by=by)


def _assign(*, row: CaseThread, owner: Any, by: Any) -> None:
    assign_case(thread=row, owner=owner, by=by)


def _answer(*, row: CaseThread, by: Any, **answers: Any) -> None:
    answer_case(thread=row, by=by, **answers)


def _close(*, row: CaseThread, by: Any) -> None:
    close_case(thread=row, by=by)


def _reopen(*, row: CaseThread, by: Any) -> None:
    reopen_case(thread=row, by=by)


def _settle_accommodation(*, row: CaseThread, by: Any, **answers: Any) -> None:
    settle_accommodation(thread=row, by=by, **answers)


def _settle_review(*, row: CaseThread, by: Any, **answers: Any) -> None:
    settle_review(thread=row, by=by, **answers)


def took_no_part(row: CaseThread, by: Any) -> bool:
    return not reviews_of_their_own([row], by)


CASE_ACTS = (
    Act(
        name="take",
        label=gettext_lazy("Take it"),
        permission="applicants.work_case",
        states=OPEN_CASE_STATES,
        run=_take,
        fits=lambda row, by: row.owner_id != by.pk and took_no_part(row, by),
        done=gettext_lazy("It is yours now."),
    ),
    Act(
        name="answer",
        label=gettext_lazy("Answer"),
        permission="applicants.work_case",
        states=OPEN_CASE_STATES,
        form=MessageForm,
        run=_answer,
        fits=took_no_part,
        done=gettext_lazy("Sent. The person gets a mail that there is an answer."),
    ),
    Act(
        name="assign",
        label=gettext_lazy("Give to a colleague"),
        permission="applicants.work_case",
        states=OPEN_CASE_STATES,
        form=AssignForm,
        run=_assign,
        fits=took_no_part,
        done=gettext_lazy("The owner is changed."),
    ),
    Act(
        name="settle_accommodation",
        label=gettext_lazy("Record the outcome"),
        permission="applicants.settle_accommodation",
        states=OPEN_CASE_STATES,
        form=AccommodationForm,
        run=_settle_accommodation,
        done=gettext_lazy("The outcome is recorded, and the person is told."),
    ),
    Act(
        name="settle_review",
        label=gettext_lazy("Record the result of the review"),
        permission="applicants.settle_review",
        states=OPEN_CASE_STATES,
        form=ReviewForm,
        text=gettext_lazy(
            "If it is set aside, somebody else decides anew what was decided against the person. What is qualified "
            "stays, and a name that was taken off a certificate comes back."
        ),
        run=_settle_review,
        fits=took_no_part,
        done=gettext_lazy("The result is recorded, and the person is told."),
    ),
    Act(
        name="close",
        label=gettext_lazy("Close"),
        permission="applicants.close_plain_case",
        states=OPEN_CASE_STATES,
        run=_close,
        done=gettext_lazy("The case is closed."),
    ),
    Act.along(CASE, "reopen", run=_reopen, done=gettext_lazy("The case waits for our answer again.")),
)


@admin.register(CaseThread)
class CaseThreadAdmin(ReadOnlyAdmin):
    list_display = ("about", "topic", "status", "owner", "due_on", "created_at")
    list_select_related = ("application", "owner")
    list_filter = ("status", "topic")
    acts = CASE_ACTS
    panel_template = "admin/panels/case.html"

    def panel_of(self, request: HttpRequest, row: CaseThread) -> dict[str, Any]:
        """The conversation. Reading one leaves a trace, whatever it is about: the trace does not tell."""
        record_access(row, purpose="case", by=request.user)
        return {
            "letters": row.messages.select_related("author").order_by("pk"),
            "is_overdue": row.is_overdue and row.status == CaseStatus.OPEN,
            "reason": REASONS_IN_WORDS.get(row.reason_code, ""),
            "took_part": not took_no_part(row, request.user),
            "is_mine": row.owner_id == request.user.pk and row.status in OPEN_CASE_STATES,
        }
