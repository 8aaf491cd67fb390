"""Every factory makes a row that the database takes."""

import pytest

from tests.factories import partners

pytestmark = pytest.mark.django_db

FACTORIES = [
    made
    for made in vars(partners).values()
    if hasattr(made, "_meta") and made.__module__ == partners.__name__
]


@pytest.mark.parametrize("made", FACTORIES, ids=lambda made: made.__name__)
def test_a_factory_makes_a_valid_row(made):
    row = made()
    assert type(row).objects.filter(pk=row.pk).exists()
    assert str(row)
