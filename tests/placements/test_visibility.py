"""I11, I16, I18: who sees which row. `visible_to` and the `view_` permission agree for every role."""

import pytest
from django.apps import apps

from techforce.accounts.models import OpmRole, User
from tests.factories import placements as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import AgencyRole, OfficeFactory, agency_member
from tests.factories.applicants import RecusalFactory
from tests.factories.partners import (
    ConfirmedNominationFactory,
    EquityDeclarationFactory,
    LeaveFactory,
    coordinator,
)
from tests.factories.program import SensitivityFactory

pytestmark = pytest.mark.django_db


def rows():
    """One of everything, all about one person and one opening."""
    selection = made.SelectionFactory(status="accepted")
    entry = made.CertificateEntryFactory(
        application=selection.application, certificate__cohort=selection.cohort
    )
    referral = made.ReferralFactory(certificate=entry.certificate, opening=selection.opening)
    type(selection.opening).objects.filter(pk=selection.opening.pk).update(
        sensitivity=SensitivityFactory(code="critical")
    )
    nomination = ConfirmedNominationFactory(cohort=selection.cohort, nominee=selection.applicant.user)
    placement = made.PlacementFactory(selection=selection, kind="leave_of_absence", nomination=nomination)
    item = made.ChecklistItemFactory(checklist__placement=placement)
    found = [selection, entry, entry.certificate, referral, placement, item, item.checklist, nomination]
    found += [
        nomination.partner,
        LeaveFactory(nomination=nomination),
        EquityDeclarationFactory(nomination=nomination),
    ]
    found += [made.DispositionFactory(referral=referral, entry=entry), made.OfferFactory(selection=selection)]
    found += [made.DeterminationFactory(selection=selection), made.EthicsWaiverFactory(selection=selection)]
    found += [made.PayExceptionFactory(selection=selection)]
    found += [
        factory(placement=placement)
        for factory in (
            made.EthicsAnswersFactory,
            made.RecusalStatementFactory,
            made.ScreeningArrangementFactory,
            made.DivestitureCertificateFactory,
            made.StartExceptionFactory,
            made.VettingWaiverFactory,
            made.TrainingEnrollmentFactory,
            made.PlacementExtensionFactory,
        )
    ]
    return found


def people(selection, nomination):
    """Every role, at home and elsewhere."""
    agency, office = selection.opening.agency, selection.opening.office
    yield "person", selection.applicant.user
    yield "stranger", UserFactory()
    yield "system", User.objects.system()
    yield "coordinator", coordinator(partner=nomination.partner)
    yield "other coordinator", coordinator()
    for role in AgencyRole.values:
        yield f"{role} of the agency", agency_member(role, agency=agency)
        yield f"{role} of the office", agency_member(role, agency=agency, office=office)
        yield (
            f"{role} of another office",
            agency_member(role, agency=agency, office=OfficeFactory(agency=agency)),
        )
        yield f"{role} elsewhere", agency_member(role)
    for role in OpmRole.values:
        yield f"OPM {role}", opm_staff(role)
        recused = opm_staff(role)
        RecusalFactory(user=recused, applicant=selection.applicant)
        yield f"OPM {role}, recused", recused


def test_what_is_listed_may_be_viewed_and_the_other_way_round():
    everything = rows()
    selection, nomination = everything[0], everything[7]
    differences = []
    for name, user in people(selection, nomination):
        for row in everything:
            user = User.objects.get(pk=user.pk)
            listed = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
            allowed = user.has_perm(f"{row._meta.app_label}.view_{row._meta.model_name}", row)
            if listed != allowed:
                differences.append(f"{name}: {row._meta.model_name} listed={listed} allowed={allowed}")
    assert differences == []


def seen_by(user, found):
    user = User.objects.get(pk=user.pk)
    return {
        row._meta.model_name for row in found if type(row).objects.visible_to(user).filter(pk=row.pk).exists()
    }


def test_a_company_sees_its_nomination_and_nothing_of_selection_service_or_checks():
    everything = rows()
    seen = seen_by(coordinator(partner=everything[7].partner), everything)
    assert seen == {"nomination", "partner", "loanterms"}


def test_a_hiring_manager_sees_no_ethics_and_no_vetting():
    everything = rows()
    seen = seen_by(agency_member("hiring_manager", agency=everything[0].opening.agency), everything)
    assert seen.isdisjoint(
        {
            "checklistitem",
            "determination",
            "ethicswaiver",
            "ethicsanswers",
            "recusalstatement",
            "vettingwaiver",
            "startexception",
        }
    )
    assert {"selection", "placement", "offer"} <= seen


def test_the_person_sees_no_rank_and_no_determination():
    everything = rows()
    seen = seen_by(everything[0].applicant.user, everything)
    assert seen.isdisjoint({"certificateentry", "disposition", "determination", "startexception"})
    assert {"placement", "checklistitem", "recusalstatement", "nomination", "equitydeclaration"} <= seen


def test_someone_recused_sees_nothing_of_the_person():
    everything = rows()
    manager = opm_staff(OpmRole.CASE_MANAGER)
    RecusalFactory(user=manager, applicant=everything[0].applicant)
    assert seen_by(manager, everything).isdisjoint({"selection", "placement", "offer", "checklistitem"})


def test_a_restricted_determination_reaches_only_the_agencys_ethics_official():
    selection = made.SelectionFactory()
    determination = made.DeterminationFactory(selection=selection, is_restricted=True)
    agency = selection.opening.agency
    seeing = [
        role for role in AgencyRole.values if seen_by(agency_member(role, agency=agency), [determination])
    ]
    assert seeing == ["ethics_official"]
    assert not any(seen_by(opm_staff(role), [determination]) for role in OpmRole.values)


def test_every_model_of_these_apps_says_who_sees_it():
    silent = [
        model._meta.label
        for label in ("partners", "placements")
        for model in apps.get_app_config(label).get_models()
        if not model._meta.proxy
        and "History" not in model.__name__
        and not hasattr(model.objects, "visible_to")
    ]
    assert silent == []
