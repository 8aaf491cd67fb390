from partners.models.nomination import Nomination
from partners.models.partner import Partner, PartnerAgreement, PartnerMembership, PartnerRole
from partners.models.terms import EquityDeclaration, LoanKind, LoanTerms

__all__ = [
    "EquityDeclaration",
    "LoanKind",
    "LoanTerms",
    "Nomination",
    "Partner",
    "PartnerAgreement",
    "PartnerMembership",
    "PartnerRole",
]
