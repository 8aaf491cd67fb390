"""The terms of a loan, and the ties that a nominee keeps. A new version supersedes the old one and never changes it."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any

from django.utils.translation import gettext as _

from partners.models import EquityDeclaration, LoanKind, LoanTerms, Nomination
from partners.services.notices import tell_nominee
from partners.workflow import CONFIRMED_NOMINATIONS
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import supersede

Follower = Callable[[Nomination], AbstractContextManager[None]]
"""What a later app does around a change of terms: entered before the nomination is locked, so that it may take its own
locks first, and left when the new terms are on file."""

_FOLLOWERS: list[Follower] = []


def register_follower(follower: Follower) -> Follower:
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)
    return follower


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
    newer = EquityDeclaration(nomination=nomination, company=company, declared_by=by, **kinds)
    declaration: EquityDeclaration = supersede(older, newer, by=by)
    return declaration


def _file(terms: LoanTerms, by: Any) -> LoanTerms:
    """Both kinds are without pay for the government service (18 U.S.C. 209), which whoever files them says."""
    if not by.has_perm("partners.add_loanterms", terms.nomination):
        raise NotPermitted(_("Only the company, the nominee and the case manager file the terms of a loan."))
    with ExitStack() as following:
        for follower in _FOLLOWERS:
            following.enter_context(follower(terms.nomination))
        _supersede(terms, by)
    tell_nominee(terms, by)
    return terms


def _supersede(terms: LoanTerms, by: Any) -> None:
    if _lock(terms.nomination).status not in CONFIRMED_NOMINATIONS:
        raise Refused(_("Record the terms once the person has confirmed the nomination."))
    older = LoanTerms.objects.in_force().filter(nomination=terms.nomination)
    supersede(older, terms, by=by, detail={"kind": terms.kind})


def _lock(nomination: Nomination) -> Nomination:
    """Two who file at once take turns. NO KEY UPDATE, because the new row's foreign key locks the nomination too."""
    locked: Nomination = Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
    return locked
