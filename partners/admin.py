"""Partner companies in the admin: OPM's program office keeps them."""

from django.contrib import admin

from partners import models
from techforce.core.admin.base import Admin, ReadOnlyAdmin


@admin.register(models.Partner)
class PartnerAdmin(Admin):
    list_display = ("company", "status", "created_at")
    list_filter = ("status",)
    search_fields = ("=company__slug",)


@admin.register(models.PartnerMembership)
class PartnerMembershipAdmin(Admin):
    list_display = ("partner", "role", "user", "invited_email", "starts_on", "ends_on")
    list_filter = ("role",)
    search_fields = ("=user__email",)


@admin.register(models.PartnerAgreement)
class PartnerAgreementAdmin(Admin):
    list_display = ("reference", "partner", "starts_on", "ends_on", "signed_on")
    search_fields = ("=reference",)


@admin.register(models.Nomination)
class NominationAdmin(ReadOnlyAdmin):
    list_display = ("partner", "cohort", "status", "invited_at", "expires_at", "confirmed_at")
    list_filter = ("status", "cohort")
    search_fields = ("=public_id",)
    exclude = ("token_digest",)


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
    list_filter = ("kind",)


@admin.register(models.EquityDeclaration)
class EquityDeclarationAdmin(ReadOnlyAdmin):
    list_display = ("nomination", "company", "is_private_company", "keeps_vesting", "next_vest_on")
