"""What the tests of the import of announcements share, and what those of an agency's own pages of openings share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agencies.models import AgencyRole, Office, Opening
from agencies.services import ImportReport
from techforce.accounts.models import OpmRole, User
from techforce.program.models import Cohort
from tests.agencies.usajobs_samples import run_import, write
from tests.factories.accounts import opm_staff
from tests.factories.agencies import (
    AgencyFactory,
    AgencyParticipationFactory,
    OfficeFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.program import (
    CohortFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    VettingTierFactory,
)
from tests.techforce.desk import Desk

ImportRecords = Callable[..., ImportReport]


@pytest.fixture
def cohort(db: None) -> Cohort:
    """A cohort beside the agencies, series and tiers that the samples name."""
    treasury = AgencyFactory(code="TR", name="Department of the Treasury")
    commerce = AgencyFactory(code="CM", name="Department of Commerce")
    AgencyFactory(code="TR93", name="Internal Revenue Service", parent=treasury)
    AgencyFactory(code="CM63", name="U.S. Census Bureau", parent=commerce)
    for code in ("2210", "1550"):
        OccupationalSeriesFactory(code=code)
    for code in ("M", "NS-S", "NS-TS"):
        VettingTierFactory(code=code)
    for code in ("nonsensitive", "noncritical", "critical"):
        SensitivityFactory(code=code)
    return CohortFactory(slug="spring", pay_min=130_000, pay_max=195_000)  # type: ignore[no-any-return]


@pytest.fixture
def import_records(tmp_path: Path, cohort: Cohort) -> ImportRecords:
    """Import these records from one file into the cohort."""

    def run(*records: Any) -> ImportReport:
        return run_import(cohort, write(tmp_path / "answer.json", *records))

    return run


# ── The pages of openings ─────────────────────────────────────────────────────────────────────────
@pytest.fixture
def office(db: None) -> Office:
    return OfficeFactory(name="Office of Digital Services")


@pytest.fixture
def hr(office: Office) -> User:
    return agency_member(AgencyRole.HR_SPECIALIST, agency=office.agency)


@pytest.fixture
def desk(hr: User) -> Desk:
    return Desk(hr)


@pytest.fixture
def draft(office: Office) -> Opening:
    opening = OpeningFactory(office=office, title="Data Scientist", seats=2)
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort)
    return opening


@pytest.fixture
def published(office: Office) -> Opening:
    return PublishedOpeningFactory(office=office, title="Software Engineer")


@pytest.fixture
def opm(db: None) -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)
