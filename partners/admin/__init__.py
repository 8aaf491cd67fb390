"""Partner companies in the admin: OPM's program office keeps them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partners import models
from partners.admin.acts import NOMINATION_ACTS, PARTNER_ACTS
from techforce.accounts.admin import MembershipAdmin
from techforce.core.admin.base import Admin, ReadOnlyAdmin


@admin.register(models.Partner)
class PartnerAdmin(Admin):
    list_display = ("company", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("=company__slug",)
    acts = PARTNER_ACTS
    panel_template = "admin/panels/partner.html"

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"agreements": row.agreements.order_by("-starts_on", "pk")[:20]}


@admin.register(models.PartnerMembership)
class PartnerMembershipAdmin(MembershipAdmin):
    """Coordinators of partner companies, by invitation."""

    scope = ("partner",)
    list_display = ("partner", "role", "user", "invited_email", "starts_on", "ends_on")
    list_select_related = ("partner__company",)
    list_filter = ("role",)
    search_fields = ("=user__email",)


@admin.register(models.PartnerAgreement)
class PartnerAgreementAdmin(Admin):
    list_display = ("reference", "partner", "starts_on", "ends_on", "signed_on")
    list_select_related = ("partner__company",)
    search_fields = ("=reference",)


@admin.register(models.Nomination)
class NominationAdmin(ReadOnlyAdmin):
    acts = NOMINATION_ACTS
    panel_template = "admin/panels/nomination.html"
    list_display = ("partner", "cohort", "status", "invited_at", "expires_at", "confirmed_at")
    list_select_related = ("partner__company",)
    list_filter = ("status", "cohort")
    search_fields = ("=public_id",)
    exclude = ("token_digest",)
    fieldsets = (
        (None, {"fields": ("full_name", "status", "partner", "cohort", "nominee", "application")}),
        (
            _("What the company wrote"),
            {
                "fields": (
                    "present_role",
                    "division",
                    "federal_accounts",
                    "federal_bids",
                    "nominated_by",
                    "invited_email",
                )
            },
        ),
        (_("Dates"), {"fields": ("invited_at", "expires_at", "confirmed_at", "closed_at")}),
    )

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        visible = models.LoanTerms.objects.visible_to(request.user)
        return {"terms": visible.in_force().filter(nomination=row).first()}


@admin.register(models.LoanTerms)
class LoanTermsAdmin(ReadOnlyAdmin):
    list_display = (
        "nomination",
        "kind",
        "leave_starts_on",
        "expected_return_on",
        "last_day_on",
        "executed_on",
    )
    list_select_related = ("nomination__partner__company",)
    list_filter = ("kind",)


@admin.register(models.EquityDeclaration)
class EquityDeclarationAdmin(ReadOnlyAdmin):
    list_display = ("nomination", "company", "is_private_company", "keeps_vesting", "next_vest_on")
    list_select_related = ("nomination__partner__company",)
