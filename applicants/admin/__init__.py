"""Applications in the admin: read here, moved by the buttons of the workflow, decided by services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applicants import models
from applicants.admin import (  # noqa: F401  (put their pages among the staff pages)
    cases,
    cohorts,
    deciding,
    rating,
    searching,
)
from applicants.admin.acts import APPLICATION_ACTS
from applicants.services.answers import OF_WORK, sections_of
from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.core.audit import record_access

CASES_SHOWN = 10


def account_of(applicant: models.Applicant) -> str:
    """Nobody waits for an answer from somebody who cannot read the question."""
    return str(_("Open") if applicant.user.is_active else _("Closed"))


@admin.register(models.Applicant)
class ApplicantAdmin(ReadOnlyAdmin):
    list_display = ("legal_name", "user", "account", "state", "created_at")
    search_fields = ("legal_name", "preferred_name", "=user__email", "=public_id")
    list_select_related = ("user",)

    @admin.display(description=_("account"))
    def account(self, row: models.Applicant) -> str:
        return account_of(row)


@admin.register(models.Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("reference_number", "applicant", "cohort", "track", "status", "submitted_at")
    list_filter = ("status", "cohort", "track")
    search_fields = ("=reference_number", "applicant__legal_name", "applicant__preferred_name")
    acts = APPLICATION_ACTS
    panel_template = "admin/panels/application.html"
    readonly_fields = ("account",)
    fieldsets = (
        (None, {"fields": ("reference_number", "status", "applicant", "account", "cohort", "track")}),
        (
            _("What the person says"),
            {
                "fields": (
                    "is_us_citizen",
                    "is_adult",
                    "veterans_preference",
                    "has_accommodation_request",
                    "is_shareable",
                    "is_shareable_later",
                )
            },
        ),
        (
            _("Dates"),
            {
                "fields": (
                    "certified_at",
                    "submitted_at",
                    "decided_at",
                    "withdraws_at",
                    "withdrawn_at",
                    "destroyed_at",
                )
            },
        ),
    )

    @admin.display(description=_("account"))
    def account(self, row: models.Application) -> str:
        return account_of(row.applicant)

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """A rater who opens the original after rating it leaves a trace (experience.md, the queue)."""
        if request.user.has_perm("applicants.take_application", row):
            record_access(row, purpose="original-after-rating", by=request.user)
        may_decide = row.status == models.ApplicationStatus.IN_REVIEW and request.user.has_perm(
            "applicants.decide_application", row
        )
        sections = sections_of(row, OF_WORK)
        return {"may_decide": may_decide, "cases": self._cases(request, row), "sections": sections}

    def _cases(self, request: HttpRequest, row: Any) -> list[Any]:
        """What the person asked us, for those who read it."""
        if not request.user.has_perm("applicants.work_case"):
            return []
        found = models.CaseThread.objects.visible_to(request.user).filter(application=row)
        return list(found.order_by("-pk")[:CASES_SHOWN])

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, Any]]:
        """Whether somebody asked for an accommodation is known to those who arrange it."""
        groups = super().get_fieldsets(request, obj)
        if request.user.has_perm("applicants.work_accommodations"):
            return groups
        hidden = "has_accommodation_request"
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != hidden]})
            for title, options in groups
        ]


@admin.register(models.Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("application", "sequence", "created_at")


@admin.register(models.DisciplineOutcome)
class DisciplineOutcomeAdmin(ReadOnlyAdmin):
    list_display = ("application", "discipline", "result", "reason_code", "decided_on", "expires_on")
    list_filter = ("result", "discipline")


@admin.register(models.Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("application", "kind", "format", "size", "status", "created_at")
    list_filter = ("status", "kind")
    exclude = ("storage_key",)
    panel_template = "admin/panels/document.html"


@admin.register(models.AssessmentPlan)
class AssessmentPlanAdmin(Admin):
    list_display = ("cohort", "discipline", "is_active")
    list_filter = ("cohort",)


@admin.register(models.AssessmentStage)
class AssessmentStageAdmin(Admin):
    list_display = ("plan", "position", "kind", "title", "days_open")
    list_select_related = ("plan__cohort", "plan__discipline")
    list_filter = ("kind",)


@admin.register(models.AssessmentStep)
class AssessmentStepAdmin(ReadOnlyAdmin):
    list_display = ("application", "stage", "status", "completed_at")
    list_filter = ("status",)


@admin.register(models.AssessmentInvitation)
class AssessmentInvitationAdmin(ReadOnlyAdmin):
    list_display = ("step", "attempt", "invited_at", "expires_at", "closed_at")
    list_select_related = ("step__application", "step__stage")


@admin.register(models.Interview)
class InterviewAdmin(ReadOnlyAdmin):
    list_display = ("application", "assessment_step", "opening", "status", "starts_at", "mode")
    list_select_related = ("assessment_step__application", "assessment_step__stage")
    list_filter = ("status", "mode")


@admin.register(models.DeadlineExtension)
class DeadlineExtensionAdmin(ReadOnlyAdmin):
    list_display = ("application", "reason_code", "old_closes_at", "new_closes_at", "by")


@admin.register(models.Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ("application", "rater", "revision", "score", "submitted_at")


@admin.register(models.Recusal)
class RecusalAdmin(ReadOnlyAdmin):
    list_display = ("user", "applicant", "company", "basis", "source", "starts_at", "ended_at")
    list_filter = ("basis", "source")
