"""What the conflict screen stands on, read from what partners, agencies and openings have recorded."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from agencies.models import OfficePartnerRelationship, Opening
from partners.models import EquityDeclaration, LoanTerms, Nomination
from placements import conflicts
from placements.models import Determination
from techforce.program.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The rows behind a screen, for the official who signs."""

    opening: Opening
    nominations: list[Nomination]
    terms: dict[int, LoanTerms]
    equity: list[EquityDeclaration]
    relationships: list[OfficePartnerRelationship]

    def companies(self) -> list[Company]:
        """To which the person has a tie."""
        lenders = [nomination.partner.company for nomination in self.nominations]
        return lenders + [row.company for row in self.equity]

    def ties(self) -> list[conflicts.Tie]:
        return [self._tie_of(row) for row in self.nominations] + [self._declared(row) for row in self.equity]

    def _tie_of(self, nomination: Nomination) -> conflicts.Tie:
        """A nominee whose terms are not on file is taken to have a right to return, the stricter of the two."""
        terms = self.terms.get(nomination.pk)
        may_return = terms is None or terms.has_return_right
        kind = conflicts.RETURN_RIGHT if may_return else conflicts.SEPARATED
        return conflicts.Tie(kind, nomination.partner.company.family_root_id)

    def _declared(self, row: EquityDeclaration) -> conflicts.Tie:
        """Whoever expects to return has a right to, whatever the terms say. Any other declaration is a stake, and so is
        a family's: what a spouse or a minor child holds counts as one's own (domain.md §4.4)."""
        kind = conflicts.RETURN_RIGHT if row.expects_return else conflicts.EQUITY
        return conflicts.Tie(kind, row.company.family_root_id)

    def facts(self) -> conflicts.Facts:
        kinds: dict[int, set[str]] = defaultdict(set)
        for row in self.relationships:
            kinds[row.company.family_root_id].add(row.kind)
        return conflicts.Facts(
            ties=self.ties(),
            relationships={family: frozenset(found) for family, found in kinds.items()},
            restricted={row.company.family_root_id for row in self.relationships if row.is_restricted},
            duties=self.opening.duty_flags,
        )


def known_about(case: Any) -> Known:
    """What is known today about a selection or a placement: the person's ties, and what the opening's office has to do
    with those companies and their families."""
    nominations = list(
        Nomination.objects.confirmed()
        .filter(nominee=case.applicant.user_id)
        .exclude(status="closed")
        .select_related("partner__company")
        .order_by("pk")
    )
    terms = LoanTerms.objects.in_force().filter(nomination__in=nominations)
    equity = list(
        EquityDeclaration.objects.filter(nomination__in=nominations, superseded_at__isnull=True)
        .select_related("company")
        .order_by("pk")
    )
    families = {nomination.partner.company.family_root_id for nomination in nominations}
    families |= {row.company.family_root_id for row in equity}
    relationships = OfficePartnerRelationship.objects.live().filter(
        office=case.opening.office_id, company__family_root__in=families
    )
    return Known(
        opening=case.opening,
        nominations=nominations,
        terms={row.nomination_id: row for row in terms},
        equity=equity,
        relationships=list(relationships.select_related("company").order_by("company__name", "pk")),
    )


def is_by_rule(determination: Determination) -> bool:
    """The screen proposed it: what it finds but clears carries the rule. A person's own proposal is not replaced."""
    return bool(determination.rule_codes) or determination.proposed_result == conflicts.CLEAR


def is_outdated(determination: Determination, proposal: conflicts.Proposal) -> bool:
    """The facts come to something else than when the determination was proposed."""
    stored = (determination.proposed_result, tuple(determination.rule_codes), determination.is_restricted)
    return stored != (proposal.result, proposal.rules, proposal.is_restricted)
