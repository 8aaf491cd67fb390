"""The terms of a loan, and the ties that a nominee keeps. A new version supersedes the old one and never changes it."""

import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import EquityDeclaration, LoanKind, LoanTerms, Nomination
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted
from techforce.core.services import service


@service
def record_leave_of_absence(
    *,
    nomination: Nomination,
    leave_type: str,
    starts_on: datetime.date,
    has_return_right: bool,
    expected_return_on: datetime.date | None = None,
    by: Any,
) -> LoanTerms:
    """File an unpaid leave of absence in place of the terms on file."""
    terms = LoanTerms(
        nomination=nomination,
        kind=LoanKind.LEAVE,
        leave_type=leave_type,
        leave_starts_on=starts_on,
        has_return_right=has_return_right,
        expected_return_on=expected_return_on,
    )
    return _file(terms, by)


@service
def record_separation(*, nomination: Nomination, last_day_on: datetime.date, by: Any) -> LoanTerms:
    """File a separation in place of the terms on file: no right to return, `last_day_on` starts the ethics clocks."""
    terms = LoanTerms(
        nomination=nomination, kind=LoanKind.SEPARATION, has_return_right=False, last_day_on=last_day_on
    )
    return _file(terms, by)


@service
def declare_equity(
    *, nomination: Nomination, company: Any, kinds: dict[str, Any], by: Any
) -> EquityDeclaration:
    """The nominee says which kinds of stake they keep in `company`: yes or no, never amounts."""
    if not by.has_perm("partners.add_equitydeclaration", nomination):
        raise NotPermitted(_("Only the nominee declares what they hold."))
    _lock(nomination)
    older = EquityDeclaration.objects.filter(
        nomination=nomination, company=company, superseded_at__isnull=True
    )
    older.update(superseded_at=timezone.now())
    declaration = EquityDeclaration.objects.create(
        nomination=nomination, company=company, declared_by=by, **kinds
    )
    record_event("partners.equitydeclaration:add", subject=declaration, by=by)
    return declaration


def _file(terms: LoanTerms, by: Any) -> LoanTerms:
    if not by.has_perm("partners.add_loanterms", terms.nomination):
        raise NotPermitted(_("Only the company, the nominee and the case manager file the terms of a loan."))
    _lock(terms.nomination)
    LoanTerms.objects.in_force().filter(nomination=terms.nomination).update(superseded_at=timezone.now())
    terms.save()
    record_event("partners.loanterms:add", subject=terms, by=by, detail={"kind": terms.kind})
    return terms


def _lock(nomination: Nomination) -> None:
    """Two who file at once take turns. NO KEY UPDATE, because the new row's foreign key locks the nomination too."""
    Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
