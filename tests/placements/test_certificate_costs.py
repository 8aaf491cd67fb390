"""Giving a certificate back costs the same however many names are on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from placements import services
from techforce.accounts.models import OpmRole
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member

pytestmark = pytest.mark.django_db


def queries_of_returning(names: int) -> int:
    certificate = made.CertificateFactory()
    entries = [made.CertificateEntryFactory(certificate=certificate) for _n in range(names)]
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    services.issue_certificate(certificate=certificate, by=manager)
    opening = PublishedOpeningFactory(cohort=certificate.cohort)
    referral = services.refer_certificate(certificate=certificate, opening=opening, by=manager)
    hr = agency_member(agency=opening.agency)
    outcomes = {entry.pk: "not_considered" for entry in entries}
    with CaptureQueriesContext(connection) as captured:
        services.return_with_outcomes(referral=referral, outcomes=outcomes, by=hr)
    return len(captured)


def test_three_names_cost_as_many_queries_as_one() -> None:
    assert queries_of_returning(1) == queries_of_returning(3)
