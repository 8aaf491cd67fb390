"""Who of OPM reads nominations, and what their companies and nominees said (architecture §5)."""

import pytest

from applicants.models import RecusalBasis
from applicants.services import declare_recusal
from partners.models import EquityDeclaration, LoanTerms, Nomination
from partners.services import close_nomination
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted
from tests.factories.accounts import opm_staff
from tests.factories.applicants import ApplicantFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    EquityDeclarationFactory,
    LeaveFactory,
    NominationFactory,
)
from tests.factories.program import CompanyFactory

pytestmark = pytest.mark.django_db

CARRIERS = {OpmRole.CASE_MANAGER, OpmRole.PROGRAM_MANAGER, OpmRole.RECORDS_OFFICER, OpmRole.AUDITOR}


def reads(user: User, row: Nomination | LoanTerms | EquityDeclaration) -> bool:
    """Listed and viewed alike."""
    is_listed = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
    assert is_listed == user.has_perm(f"partners.view_{row._meta.model_name}", row)
    return is_listed


def recused(user: User, **tie: object) -> User:
    declare_recusal(user=user, basis=RecusalBasis.RELATIVE, by=user, **tie)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", OpmRole.values)
def test_only_those_who_carry_nominations_read_them(role: str) -> None:
    user, leave = opm_staff(role), LeaveFactory()

    for row in (leave.nomination, leave, NominationFactory()):
        assert reads(user, row) is (role in CARRIERS)


@pytest.mark.parametrize("role", OpmRole.values)
def test_equity_is_read_by_fewer_still(role: str) -> None:
    assert reads(opm_staff(role), EquityDeclarationFactory()) is (
        role in CARRIERS - {OpmRole.PROGRAM_MANAGER}
    )


def test_whoever_is_recused_from_the_nominee_reads_nothing_of_them() -> None:
    equity = EquityDeclarationFactory(nomination__nominee=ApplicantFactory().user)
    leave = LeaveFactory(nomination=equity.nomination)
    manager = recused(opm_staff(), applicant=equity.nomination.nominee.applicant)

    assert not any(reads(manager, row) for row in (equity.nomination, leave, equity))
    assert reads(manager, ConfirmedNominationFactory())


def test_whoever_is_recused_from_a_company_neither_reads_nor_carries_its_family() -> None:
    parent = CompanyFactory()
    made = ConfirmedNominationFactory(partner__company=CompanyFactory(parent=parent))
    nomination = Nomination.objects.get(pk=made.pk)  # with its family, which a trigger knows
    manager = recused(opm_staff(), company=parent)

    assert not reads(manager, nomination)
    with pytest.raises(NotPermitted):
        close_nomination(nomination=nomination, reason_code="not_placed", by=manager)
