"""What of nominations goes into a person's download: what their company said of them, and what they declared."""

from django.utils.translation import gettext_lazy as _

from partners.models import EquityDeclaration, LoanTerms, Nomination, PartnerMembership
from techforce.core.privacy.shares import Topic, give, withhold

give(
    "nominations",
    _("Your nominations"),
    Nomination,
    owner="nominee",
    under=Topic.NOMINATION,
    columns=(
        "status",
        "full_name",
        "invited_email",
        "present_role",
        "division",
        "federal_accounts",
        "federal_bids",
        "planned_kind",
        "confirmed_at",
    ),
    company="partner__company__name",
    cohort="cohort__name",
)
withhold(Nomination, "the secret of the invitation, and only its hash is known", "token_digest")
give(
    "loan_terms",
    _("Terms between you and your company"),
    LoanTerms,
    owner="nomination__nominee",
    under=Topic.NOMINATION,
    columns=(
        "kind",
        "has_return_right",
        "leave_type",
        "leave_starts_on",
        "expected_return_on",
        "last_day_on",
        "executed_on",
        "superseded_at",
    ),
    company="nomination__partner__company__name",
)
withhold(LoanTerms, "where the office keeps its copy", "document_reference")
give(
    "equity_declarations",
    _("What you declared about your company"),
    EquityDeclaration,
    owner="nomination__nominee",
    under=Topic.NOMINATION,
    columns=(
        "is_private_company",
        "holds_vested_stock",
        "holds_unvested_units",
        "holds_options",
        "holds_private_equity",
        "keeps_vesting",
        "expects_return",
        "has_family_tie",
        "conditions",
        "next_vest_on",
        "superseded_at",
    ),
    company="company__name",
)
withhold(
    EquityDeclaration,
    "who took it down, and where the office keeps its copy",
    "declared_by",
    "document_reference",
)
give(
    "company_roles",
    _("Roles in a company"),
    PartnerMembership,
    owner="user",
    under=Topic.ROLES,
    columns=("role", "invited_email", "starts_on", "ends_on"),
    company="partner__company__name",
)
