"""Applications in the admin: read here, moved by the buttons of the workflow, decided by services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applicants import models
from applicants.admin import deciding, rating  # noqa: F401  (put their pages among the staff pages)
from applicants.admin.acts import APPLICATION_ACTS
from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.core.audit import record_access


@admin.register(models.Applicant)
class ApplicantAdmin(ReadOnlyAdmin):
    list_display = ("legal_name", "user", "state", "created_at")
    search_fields = ("legal_name", "preferred_name", "=user__email", "=public_id")


@admin.register(models.Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("reference_number", "applicant", "cohort", "track", "status", "submitted_at")
    list_filter = ("status", "cohort", "track")
    search_fields = ("=reference_number", "applicant__legal_name", "applicant__preferred_name")
    acts = APPLICATION_ACTS
    panel_template = "admin/panels/application.html"
    fieldsets = (
        (None, {"fields": ("reference_number", "status", "applicant", "cohort", "track")}),
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
            {"fields": ("certified_at", "submitted_at", "decided_at", "withdraws_at", "withdrawn_at")},
        ),
        (_("Answers"), {"fields": ("answers",), "classes": ["tf-prose"]}),
    )

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """A rater who opens the original after rating it leaves a trace (experience.md, the queue)."""
        if request.user.has_perm("applicants.take_application", row):
            record_access(row, purpose="original-after-rating", by=request.user)
        may_decide = row.status == models.ApplicationStatus.IN_REVIEW and request.user.has_perm(
            "applicants.decide_application", row
        )
        return {"may_decide": may_decide}


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


@admin.register(models.Rating)
class RatingAdmin(ReadOnlyAdmin):
    list_display = ("application", "rater", "revision", "score", "submitted_at")


@admin.register(models.Recusal)
class RecusalAdmin(ReadOnlyAdmin):
    list_display = ("user", "applicant", "company", "basis", "source", "starts_at", "ended_at")
    list_filter = ("basis", "source")


@admin.register(models.CaseThread)
class CaseThreadAdmin(ReadOnlyAdmin):
    list_display = ("application", "topic", "opened_by", "created_at", "closed_at")
    list_filter = ("topic",)
