"""`check_invariants` finds what the constraints would have refused."""

from collections.abc import Callable

import pytest
from django.db import connection

from agencies.models import OfficePartnerRelationship, Opening
from techforce.accounts.models import User
from techforce.core import invariants
from tests.factories.agencies import (
    ApiClientFactory,
    PublishedOpeningFactory,
    RelationshipReaderFactory,
    agency_member,
)
from tests.factories.core import OutboxMessageFactory

pytestmark = pytest.mark.django_db


def broken() -> dict[str, list[str]]:
    return {
        invariant.sentence: lines
        for invariant, lines in invariants.broken().items()
        if "opening" in invariant.sentence
    }


@pytest.fixture
def without() -> Callable[[str], None]:
    """Drops a constraint until the test's transaction is rolled back."""

    def drop(name: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE agencies_opening DROP CONSTRAINT {name}")

    return drop


@pytest.mark.parametrize(
    ("constraint", "columns", "words"),
    [
        ("opening_never_over_its_seats", {"seats_filled": 4}, "seats filled"),
        ("opening_pay_overlaps_band", {"pay_low": 1, "pay_high": 2}, "pay range"),
        ("opening_pay_filled_past_draft", {"pay_low": None}, "pay range"),
        ("opening_term_within_cohort", {"term_months": 25}, "term of every opening"),
    ],
)
def test_an_illegal_opening_is_found(
    without: Callable[[str], None], constraint: str, columns: dict[str, int | None], words: str
) -> None:
    opening = PublishedOpeningFactory(seats=3)
    assert broken() == {}

    without(constraint)
    Opening.objects.filter(pk=opening.pk).update(**columns)

    ((sentence, lines),) = broken().items()
    assert words in sentence
    assert str(opening.public_id) in lines[0]


def found(code: str) -> list[str]:
    return [invariant.sentence for invariant in invariants.broken() if invariant.code == code]


def test_a_good_key_of_a_closed_account_is_found() -> None:
    client = ApiClientFactory()
    assert found("I12") == []

    User.objects.filter(pk=client.user_id).update(is_active=False)

    assert found("I12") == ["no key of a closed account is still good"]


def about(relationship: OfficePartnerRelationship, recipient: User) -> None:
    OutboxMessageFactory(
        subject_type=relationship._meta.label_lower, subject_id=relationship.pk, recipient=recipient
    )


def test_a_message_about_a_restricted_relationship_to_an_outsider_is_found() -> None:
    reader = RelationshipReaderFactory()
    restricted = reader.relationship
    official = agency_member("ethics_official", agency=restricted.office.agency)
    for insider in (reader.user, official):
        about(restricted, insider)
    assert found("I18") == []

    about(restricted, agency_member(agency=restricted.office.agency))

    assert len(found("I18")) == 1
