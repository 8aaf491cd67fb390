"""Agencies in the admin. What a published opening promises changes by revision, never here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agencies import models
from agencies.admin.acts import OPENING_ACTS, REVISION_ACTS
from agencies.admin.bounds import bounds_of, problems_of
from agencies.workflow import OpeningStatus
from techforce.core.admin.base import Admin, ReadOnlyAdmin


@admin.register(models.Agency)
class AgencyAdmin(Admin):
    list_display = ("code", "name", "acronym", "parent", "level", "is_active")
    list_filter = ("level", "is_cfo_act", "is_active")
    search_fields = ("=code", "name", "=acronym")
    autocomplete_fields = ("parent",)


@admin.register(models.Office)
class OfficeAdmin(Admin):
    list_display = ("name", "agency", "city", "state", "is_active")
    search_fields = ("name",)
    autocomplete_fields = ("agency",)


@admin.register(models.AgencyMembership)
class AgencyMembershipAdmin(ReadOnlyAdmin):
    """People are invited; nobody is typed in."""

    list_display = ("user", "role", "agency", "office", "starts_on", "ends_on")
    list_filter = ("role",)
    search_fields = ("=user__email", "=agency__code")


@admin.register(models.AgencyParticipation)
class AgencyParticipationAdmin(Admin):
    list_display = (
        "agency",
        "cohort",
        "seats_pledged",
        "is_funding_confirmed",
        "has_policy_in_place",
        "vetting_detail",
    )
    list_filter = ("cohort", "is_funding_confirmed", "has_policy_in_place")
    autocomplete_fields = ("agency",)


@admin.register(models.ClearanceCommitment)
class ClearanceCommitmentAdmin(Admin):
    list_display = ("agency", "tier", "days", "starts_on", "ends_on")
    autocomplete_fields = ("agency",)


@admin.register(models.Opening)
class OpeningAdmin(Admin):
    acts = OPENING_ACTS
    panel_template = "admin/panels/opening.html"
    list_display = ("title", "agency", "cohort", "status", "seats", "seats_filled", "closes_at")
    list_filter = ("status", "cohort", "track")
    search_fields = ("title", "=public_id", "=agency__code")
    autocomplete_fields = ("agency", "office", "hiring_manager")
    fieldsets = (
        (None, {"fields": ("title", "status", "agency", "office", "cohort", "hiring_manager", "comments")}),
        (
            _("Seats and dates"),
            {
                "fields": (
                    "seats",
                    "seats_filled",
                    "opens_at",
                    "closes_at",
                    "time_zone",
                    "term_months",
                    "submitted_at",
                    "published_at",
                    "closed_at",
                )
            },
        ),
        (
            _("Position and pay"),
            {
                "fields": (
                    "discipline",
                    "track",
                    "fill_method",
                    "series",
                    "pay_plan",
                    "grade_low",
                    "grade_high",
                    "pay_low",
                    "pay_high",
                    "band_exception",
                    "is_remote",
                    "is_telework_eligible",
                    "travel_percent",
                )
            },
        ),
        (
            _("What applicants read"),
            {"fields": ("summary", "duties", "requirements", "evaluation"), "classes": ["tf-prose"]},
        ),
        (
            _("Designation"),
            {
                "fields": (
                    "vetting_tier",
                    "sensitivity",
                    "designated_on",
                    "designation_record",
                    "disclosure_filer",
                    "is_citizenship_required",
                )
            },
        ),
        (
            _("What the work touches"),
            {
                "fields": (*models.Opening.DUTY_FLAGS, "has_no_vendor_duties"),
                "description": _(
                    "The conflict screen compares these with each person’s ties (18 U.S.C. 208)."
                ),
            },
        ),
        (_("Import"), {"fields": ("control_number", "import_note"), "classes": ["collapse"]}),
        (
            _("Bounds of the cohort"),
            {
                "fields": ("cohort_pay_min", "cohort_pay_max", "cohort_term_months", "cohort_limit_months"),
                "classes": ["collapse"],
            },
        ),
    )

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"bounds": bounds_of(row), "problems": problems_of(row, request.user)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_editable = obj is None or obj.status == OpeningStatus.DRAFT
        return is_editable and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An opening stays in its cohort and agency; its bounds and its people depend on both."""
        fixed = ("cohort", "agency", "comments") if obj else ("comments",)
        return [*super().get_readonly_fields(request, obj), *fixed]


@admin.register(models.OpeningRevision)
class OpeningRevisionAdmin(ReadOnlyAdmin):
    acts = REVISION_ACTS
    list_display = ("opening", "number", "status", "is_correction", "proposed_by", "decided_at")
    list_filter = ("status",)


@admin.register(models.PayBandException)
class PayBandExceptionAdmin(ReadOnlyAdmin):
    list_display = ("opening", "pay_low", "pay_high", "authority", "approved_by", "approved_on")


@admin.register(models.OfficePartnerRelationship)
class OfficePartnerRelationshipAdmin(ReadOnlyAdmin):
    list_display = ("office", "company", "kind", "value_band", "source", "as_of_on", "confidence")
    list_filter = ("kind", "source")


@admin.register(models.ApiClient)
class ApiClientAdmin(ReadOnlyAdmin):
    list_display = ("name", "agency", "expires_at", "revoked_at", "last_used_at")
    exclude = ("key_hash",)
