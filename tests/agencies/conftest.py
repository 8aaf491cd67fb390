"""What the tests of the import of announcements share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agencies.services import ImportReport
from techforce.program.models import Cohort
from tests.agencies.usajobs_samples import run_import, write
from tests.factories.agencies import AgencyFactory
from tests.factories.program import (
    CohortFactory,
    OccupationalSeriesFactory,
    SensitivityFactory,
    VettingTierFactory,
)

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
