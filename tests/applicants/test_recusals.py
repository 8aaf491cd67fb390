"""I16: whoever stands aside for a company stands aside for its people, and for those of its whole family."""

import pytest

from applicants.models import Applicant, Application, CaseThread, RecusalBasis
from applicants.services import declare_recusal, end_recusal, save_rating, start_review
from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted
from techforce.core.models import AuditEvent
from tests.factories.accounts import DelegationFactory, opm_staff
from tests.factories.applicants import CaseThreadFactory, RecusalFactory, SubmittedApplicationFactory
from tests.factories.partners import ConfirmedNominationFactory, PartnerMembershipFactory
from tests.factories.program import CompanyFactory

pytestmark = pytest.mark.django_db


def recused_from_company(role: str, company: object) -> User:
    user = opm_staff(role)
    declare_recusal(user=user, basis=RecusalBasis.EMPLOYMENT_TALKS, company=company, by=user)
    return User.objects.get(pk=user.pk)


def application_of_a_nominee(company: object) -> Application:
    application = SubmittedApplicationFactory()
    ConfirmedNominationFactory(partner__company=company, nominee=application.applicant.user)
    return application


@pytest.mark.parametrize("role", [OpmRole.CASE_MANAGER, OpmRole.HR_DECIDER, OpmRole.AUDITOR])
def test_a_recusal_from_a_company_hides_its_nominees(role: str) -> None:
    company, other = CompanyFactory(), SubmittedApplicationFactory()
    theirs = CaseThreadFactory(application=application_of_a_nominee(company)).application
    user = recused_from_company(role, company)

    assert list(Application.objects.visible_to(user)) == [other]
    assert list(Applicant.objects.visible_to(user)) == [other.applicant]
    assert not CaseThread.objects.visible_to(user).exists()
    for row in (theirs, theirs.applicant):
        assert not user.has_perm(f"applicants.view_{row._meta.model_name}", row)


def test_it_reaches_the_whole_corporate_family() -> None:
    parent = CompanyFactory()
    sister, brother = CompanyFactory(parent=parent), CompanyFactory(parent=parent)
    application = application_of_a_nominee(sister)
    reviewer = recused_from_company(OpmRole.REVIEWER, brother)

    assert not Application.objects.open_to_rater(reviewer).exists()
    with pytest.raises(NotPermitted):
        save_rating(application=application, score=5, notes="", by=reviewer)
    with pytest.raises(NotPermitted):
        start_review(application=application, by=reviewer)


def test_it_reaches_those_who_work_here_for_the_company() -> None:
    application = SubmittedApplicationFactory()
    member = PartnerMembershipFactory(user=application.applicant.user)

    reviewer = recused_from_company(OpmRole.REVIEWER, member.partner.company)

    assert not Application.objects.open_to_rater(reviewer).exists()


def carries_for(giver: User) -> User:
    """A colleague without a role of their own, for two weeks."""
    return User.objects.get(pk=DelegationFactory(giver=giver).taker_id)


def test_whoever_carries_anothers_duties_holds_their_role_and_the_audit_names_both() -> None:
    reviewer, application = opm_staff(OpmRole.REVIEWER), SubmittedApplicationFactory()
    taker = carries_for(reviewer)
    assert list(Application.objects.open_to_rater(taker)) == [application]

    start_review(application=application, by=taker)

    event = AuditEvent.objects.about(application).last()
    assert (event.actor, event.on_behalf_of) == (taker, reviewer)


def test_a_right_of_ones_own_needs_no_giver() -> None:
    application, taker = SubmittedApplicationFactory(), opm_staff(OpmRole.REVIEWER)
    DelegationFactory(giver=opm_staff(OpmRole.HR_DECIDER), taker=taker)

    start_review(application=application, by=User.objects.get(pk=taker.pk))

    assert AuditEvent.objects.about(application).last().on_behalf_of is None


@pytest.mark.parametrize("about", ["giver", "taker", "known to the giver"])
def test_nobody_decides_through_a_colleague(about: str) -> None:
    application, reviewer = SubmittedApplicationFactory(), opm_staff(OpmRole.REVIEWER)
    taker = carries_for(reviewer)
    if about == "known to the giver":
        RecusalFactory(user=reviewer, applicant=application.applicant)
    else:
        person = {"giver": reviewer, "taker": taker}[about]
        Applicant.objects.filter(pk=application.applicant_id).update(user=person)
    application = Application.objects.get(pk=application.pk)

    with pytest.raises(NotPermitted):
        start_review(application=application, by=User.objects.get(pk=taker.pk))


def test_the_right_to_give_rights_is_not_lent() -> None:
    taker = carries_for(opm_staff(OpmRole.ADMINISTRATOR, OpmRole.CASE_MANAGER))

    assert taker.opm_roles == {OpmRole.CASE_MANAGER}
    assert not taker.has_perm("accounts.add_opmmembership")


def test_it_ends_with_the_recusal() -> None:
    company = CompanyFactory()
    application = application_of_a_nominee(company)
    reviewer = recused_from_company(OpmRole.REVIEWER, company)

    end_recusal(recusal=reviewer.recusals.get(), by=opm_staff(OpmRole.HR_DECIDER))

    assert list(Application.objects.open_to_rater(reviewer)) == [application]
    assert User.objects.get(pk=reviewer.pk).has_perm("applicants.review_application", application)
