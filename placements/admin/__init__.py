"""Certificates, selections, offers, placements and checklists in the admin: read here, moved by services."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from placements import models
from placements.admin.acts import CERTIFICATE_ACTS, ITEM_ACTS, PLACEMENT_ACTS
from placements.admin.certificates import referrals_of
from placements.admin.checklist_dates import checklist_dates  # noqa: F401  (a page beside the tables)
from placements.admin.checklists import ChecklistTemplateAdmin  # noqa: F401  (registers what is edited in versions)
from placements.admin.commitments import commitments  # noqa: F401  (a page beside the tables)
from placements.admin.overdue import overdue  # noqa: F401  (a page beside the tables)
from placements.admin.reminded import RemindedAdmin
from techforce.core.admin.base import Admin, ReadOnlyAdmin


@admin.register(models.CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Each sees their own; the address itself is nowhere."""

    list_display = ("user", "created_at", "revoked_at")
    exclude = ("token_hash",)


@admin.register(models.Certificate)
class CertificateAdmin(Admin):
    list_display = ("number", "cohort", "discipline", "method", "status", "expires_on")
    list_filter = ("status", "cohort", "discipline")
    search_fields = ("=number",)
    change_list_template = "admin/certificates/list.html"
    acts = CERTIFICATE_ACTS
    panel_template = "admin/panels/certificate.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        may_issue = request.user.has_perm("placements.add_certificate")
        return super().changelist_view(request, {**(extra_context or {}), "may_issue": may_issue})

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A certificate is made of those who are qualified, on the page that issues it."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_editable = obj is None or obj.status == "draft"
        return is_editable and super().has_change_permission(request, obj)

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        names = models.CertificateEntry.objects.visible_to(request.user).filter(certificate=row)
        return {"referrals": referrals_of(row, request.user), "names": names.count()}


@admin.register(models.CertificateEntry)
class CertificateEntryAdmin(Admin):
    list_display = ("certificate", "application", "category", "position", "removed_at")
    list_filter = ("certificate",)


@admin.register(models.Referral)
class ReferralAdmin(ReadOnlyAdmin):
    list_display = ("certificate", "opening", "status", "due_on", "returned_at")
    list_filter = ("status",)


@admin.register(models.Disposition)
class DispositionAdmin(ReadOnlyAdmin):
    list_display = ("referral", "entry", "code", "decided_by", "decided_at")
    list_select_related = (
        "referral__certificate",
        "referral__opening",
        "entry__certificate",
        "entry__application",
    )
    list_filter = ("code",)


@admin.register(models.Selection)
class SelectionAdmin(ReadOnlyAdmin):
    list_display = ("applicant", "opening", "status", "selected_by", "selected_at")
    list_filter = ("status", "cohort")
    search_fields = ("=public_id", "applicant__legal_name", "applicant__preferred_name")


@admin.register(models.NumbersEdition)
class NumbersEditionAdmin(ReadOnlyAdmin):
    list_display = ("as_of", "publish_on", "status")


@admin.register(models.NumbersFigure)
class NumbersFigureAdmin(ReadOnlyAdmin):
    list_display = ("edition", "measure", "agency", "tier", "amount", "cases", "corrected_to")
    list_filter = ("edition",)


@admin.register(models.MeasuredTime)
class MeasuredTimeAdmin(ReadOnlyAdmin):
    list_display = ("stretch", "tier", "agency", "as_of", "count", "low", "median", "high")


@admin.register(models.VettingRecord)
class VettingRecordAdmin(ReadOnlyAdmin):
    list_display = ("office", "tier", "as_of", "kept", "missed", "unpromised")


@admin.register(models.MatchRound)
class MatchRoundAdmin(Admin):
    list_display = ("name", "cohort", "status", "opens_at", "closes_at")
    list_filter = ("status", "cohort")


@admin.register(models.MatchProof)
class MatchProofAdmin(ReadOnlyAdmin):
    list_display = ("match_round", "algorithm", "seats", "people", "pairs")


@admin.register(models.PayException)
class PayExceptionAdmin(ReadOnlyAdmin):
    list_display = ("selection", "pay_rate", "authority", "approved_by", "approved_on")
    list_select_related = ("selection__applicant", "selection__opening")


@admin.register(models.Offer)
class OfferAdmin(RemindedAdmin):
    list_display = ("applicant", "opening", "kind", "status", "response_due_at")
    list_filter = ("kind", "status")
    search_fields = ("=public_id", "applicant__legal_name", "applicant__preferred_name")
    fieldsets = (
        (
            None,
            {"fields": ("applicant", "status", "kind", "opening", "cohort", "selection", "prepared_by")},
        ),
        (_("Terms"), {"fields": ("starts_on", "pay_rate", "pay_min", "pay_max", "pay_exception")}),
        (
            _("Answer"),
            {
                "fields": (
                    "response_due_at",
                    "clock_paused_at",
                    "sent_at",
                    "answered_at",
                    "closed_at",
                    "due_on",
                    "reminder_by",
                )
            },
        ),
    )


@admin.register(models.Placement)
class PlacementAdmin(ReadOnlyAdmin):
    acts = PLACEMENT_ACTS
    list_display = ("applicant", "opening", "kind", "status", "starts_on", "ends_on")
    list_filter = ("status", "kind", "cohort")
    search_fields = ("=public_id", "applicant__legal_name", "applicant__preferred_name")
    fieldsets = (
        (None, {"fields": ("applicant", "status", "opening", "cohort", "supervisor", "outcome")}),
        (
            _("Service"),
            {
                "fields": (
                    "starts_on",
                    "ends_on",
                    "initial_ends_on",
                    "ended_on",
                    "term_months",
                    "mechanism_limit_months",
                    "entry_recorded_at",
                    "end_recorded_at",
                    "closed_at",
                )
            },
        ),
        (
            _("How the person comes"),
            {
                "fields": (
                    "kind",
                    "appointment_mechanism",
                    "nomination",
                    "selection",
                    "transferred_from",
                )
            },
        ),
    )


@admin.register(models.PlacementExtension)
class PlacementExtensionAdmin(ReadOnlyAdmin):
    list_display = ("placement", "previous_ends_on", "new_ends_on", "approved_by", "approved_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.StartException)
class StartExceptionAdmin(RemindedAdmin):
    list_display = ("placement", "authority", "approved_by", "effective_on", "due_on", "followed_up_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.Determination)
class DeterminationAdmin(ReadOnlyAdmin):
    list_display = ("selection", "placement", "status", "proposed_result", "signed_result", "signed_at")
    list_select_related = (
        "selection__applicant",
        "selection__opening",
        "placement__applicant",
        "placement__opening",
    )
    list_filter = ("status", "signed_result")


@admin.register(models.EthicsWaiver)
class EthicsWaiverAdmin(ReadOnlyAdmin):
    list_display = ("selection", "company", "authority", "issued_on", "expires_on", "revoked_on")
    list_select_related = ("selection__applicant", "selection__opening")
    list_filter = ("authority",)


@admin.register(models.RecusalStatement)
class RecusalStatementAdmin(ReadOnlyAdmin):
    list_display = ("placement", "company", "signed_on", "ends_on", "confirmed_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.ScreeningArrangement)
class ScreeningArrangementAdmin(ReadOnlyAdmin):
    list_display = ("placement", "gatekeeper", "signed_on", "confirmed_on", "ended_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.DivestitureCertificate)
class DivestitureCertificateAdmin(ReadOnlyAdmin):
    list_display = ("number", "placement", "company", "requested_on", "issued_on", "sold_on", "reinvested_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.ChecklistItem)
class ChecklistItemAdmin(RemindedAdmin):
    acts = ITEM_ACTS
    list_display = ("checklist", "code", "status", "outcome", "gate", "due_on")
    list_select_related = ("checklist__placement__applicant", "checklist__placement__opening")
    list_filter = ("status", "gate", "owner_role")
    fieldsets = (
        (None, {"fields": ("code", "status", "step", "checklist", "gate", "alternatives", "corrects")}),
        (
            _("Who and when"),
            {"fields": ("owner_role", "waiting_on", "due_on", "reminder_by", "undated_reason")},
        ),
        (
            _("Result"),
            {
                "fields": (
                    "outcome",
                    "accepted_outcomes",
                    "is_settled",
                    "effective_on",
                    "requested_at",
                    "submitted_at",
                    "recorded_at",
                    "recorder_role",
                    "recorded_by",
                    "external_reference",
                )
            },
        ),
        (_("Excuse"), {"fields": ("excused_by", "excuse_authority"), "classes": ["collapse"]}),
    )


@admin.register(models.VettingWaiver)
class VettingWaiverAdmin(ReadOnlyAdmin):
    list_display = ("placement", "issued_by", "issued_on", "expires_on", "revoked_on")
    list_select_related = ("placement__applicant", "placement__opening")


@admin.register(models.TrainingCourse)
class TrainingCourseAdmin(Admin):
    list_display = ("code", "title", "is_legal", "is_active")
    search_fields = ("=code",)


@admin.register(models.TrainingEnrollment)
class TrainingEnrollmentAdmin(RemindedAdmin):
    list_display = ("course", "placement", "status", "due_on", "completed_on")
    list_select_related = ("placement__applicant", "placement__opening")
    list_filter = ("status", "course")
