"""Every factory makes a row that the database takes."""

import pytest

from tests.factories import placements
from tests.factories.placements import PlacementFactory, VettingWaiverFactory
from tests.factories.program import SensitivityFactory

pytestmark = pytest.mark.django_db

FACTORIES = [
    made for made in vars(placements).values() if hasattr(made, "_meta") and made is not VettingWaiverFactory
]


@pytest.mark.parametrize("made", FACTORIES, ids=lambda made: made.__name__)
def test_a_factory_makes_a_valid_row(made):
    row = made()
    assert type(row).objects.filter(pk=row.pk).exists()
    assert str(row)


def test_a_waiver_is_made_for_a_position_that_allows_one():
    placement = PlacementFactory(selection__opening__sensitivity=SensitivityFactory(code="critical"))
    assert str(VettingWaiverFactory(placement=placement)) == "VW-1"
