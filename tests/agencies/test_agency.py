"""Agencies, offices, members, promises, machines: what the database refuses."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from agencies.models import Agency, ApiClient, RelationshipKind
from agencies.services import create_api_client, revoke_api_client
from agencies.services.api_clients import client_of_key
from techforce.accounts.models import User
from techforce.accounts.second_factor import is_required
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted
from tests.factories.accounts import UserFactory
from tests.factories.agencies import (
    AgencyFactory,
    AgencyMembershipFactory,
    AgencyParticipationFactory,
    ApiClientFactory,
    ClearanceCommitmentFactory,
    OfficeFactory,
    OfficePartnerRelationshipFactory,
    OpeningRevisionFactory,
    RelationshipReaderFactory,
    agency_member,
)
from tests.parallel import at_once, succeeded

pytestmark = pytest.mark.django_db


def refused(constraint: str):  # type: ignore[no-untyped-def]
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize("distance", [0, 1, 2])
def test_an_agency_is_never_part_of_itself(distance: int) -> None:
    line = [AgencyFactory()]
    for _ in range(2):
        line.append(AgencyFactory(parent=line[-1]))

    with refused("cannot be part of itself|agency_not_its_own_parent"), transaction.atomic():
        Agency.objects.filter(pk=line[0].pk).update(parent=line[distance])


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_close_no_circle() -> None:
    one, other = AgencyFactory(), AgencyFactory()
    pairs = [(one.pk, other.pk), (other.pk, one.pk)]

    results = at_once(2, lambda n: Agency.objects.filter(pk=pairs[n][0]).update(parent=pairs[n][1]))

    assert len(succeeded(results)) == 1


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("agency_code_form", {"code": "ab"}),
        ("agency_code_form", {"code": ""}),
        ("agency_has_a_name", {"name": ""}),
        ("agency_level_known", {"level": "bureau"}),
    ],
)
def test_an_agency_has_a_code_a_name_and_a_level(constraint: str, columns: dict[str, str]) -> None:
    with refused(constraint), transaction.atomic():
        AgencyFactory(**columns)


def test_an_office_name_is_used_once_in_an_agency() -> None:
    office = OfficeFactory(name="Digital Service")

    with refused("one_office_a_name"), transaction.atomic():
        OfficeFactory(agency=office.agency, name="digital service")
    with refused("office_state_form"), transaction.atomic():
        OfficeFactory(state="d1")
    OfficeFactory(name="Digital Service")


def test_a_membership_stays_inside_its_agency() -> None:
    with refused("membership_office_in_agency"), transaction.atomic():
        AgencyMembershipFactory(office=OfficeFactory())


def test_a_role_is_held_once_at_a_time() -> None:
    membership = AgencyMembershipFactory()
    again = {"user": membership.user, "agency": membership.agency, "role": membership.role}

    with refused("one_open_agency_membership_a_role"), transaction.atomic():
        AgencyMembershipFactory(**again)
    AgencyMembershipFactory(**again, ends_on=today())
    with refused("agency_role_known"), transaction.atomic():
        AgencyMembershipFactory(role="king")


def test_members_sign_in_with_a_second_factor() -> None:
    former = AgencyMembershipFactory(
        starts_on=today() - datetime.timedelta(days=9), ends_on=today() - datetime.timedelta(days=1)
    ).user

    assert is_required(agency_member())
    assert not is_required(former)
    assert not is_required(UserFactory())


def test_an_agency_takes_part_in_a_cohort_once_and_signs_for_it() -> None:
    participation = AgencyParticipationFactory()

    with refused("one_participation_a_cohort"), transaction.atomic():
        AgencyParticipationFactory(agency=participation.agency, cohort=participation.cohort)
    with refused("participation_commitment_signed"), transaction.atomic():
        AgencyParticipationFactory(committed_on=today())


def test_promises_for_one_tier_do_not_overlap() -> None:
    first = ClearanceCommitmentFactory(
        starts_on=datetime.date(2027, 1, 1), ends_on=datetime.date(2027, 6, 30)
    )
    same = {"agency": first.agency, "tier": first.tier}

    with refused("one_commitment_at_a_time"), transaction.atomic():
        ClearanceCommitmentFactory(**same, starts_on=datetime.date(2027, 6, 30))
    with refused("commitment_ends_after_start"), transaction.atomic():
        ClearanceCommitmentFactory(starts_on=datetime.date(2027, 6, 30), ends_on=datetime.date(2027, 6, 29))
    with refused("commitment_days"), transaction.atomic():
        ClearanceCommitmentFactory(days=0)
    ClearanceCommitmentFactory(**same, starts_on=datetime.date(2027, 7, 1))


@pytest.mark.parametrize(
    "kind", [RelationshipKind.OPEN_SOLICITATION_BIDDER, RelationshipKind.INVESTIGATION_OR_LITIGATION]
)
def test_a_sensitive_relationship_is_always_restricted(kind: str) -> None:
    with refused("restricted_kinds_are_restricted"), transaction.atomic():
        OfficePartnerRelationshipFactory(kind=kind, is_restricted=False)
    OfficePartnerRelationshipFactory(kind=kind, is_restricted=True)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("relationship_kind_known", {"kind": "friend"}),
        ("relationship_value_known", {"value_band": "lots"}),
        ("relationship_source_known", {"source": "rumor"}),
        ("relationship_confidence_known", {"confidence": "total"}),
        ("relationship_ends_after_start", {"ended_on": datetime.date(2020, 1, 1)}),
    ],
)
def test_a_relationship_uses_the_lists(constraint: str, columns: dict[str, object]) -> None:
    with refused(constraint), transaction.atomic():
        OfficePartnerRelationshipFactory(**columns)


def test_a_contract_is_listed_once_while_it_runs() -> None:
    one = OfficePartnerRelationshipFactory()

    with refused("one_live_relationship_a_contract"), transaction.atomic():
        OfficePartnerRelationshipFactory(
            office=one.office, company=one.company, contract_number=one.contract_number
        )


def test_nobody_names_themselves_a_reader() -> None:
    reader = RelationshipReaderFactory()

    with refused("reader_named_by_another"), transaction.atomic():
        RelationshipReaderFactory(user=reader.user, named_by=reader.user)
    with refused("one_naming_a_reader"), transaction.atomic():
        RelationshipReaderFactory(relationship=reader.relationship, user=reader.user)


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("revision_changes_something", {"changes": {}}),
        ("revision_decided_at_iff_decided", {"status": "approved"}),
        ("revision_decided_at_iff_decided", {"decided_at": timezone.now()}),
        ("agencies_openingrevision_status_known", {"status": "lost"}),
    ],
)
def test_a_change_to_an_opening_is_whole(constraint: str, columns: dict[str, object]) -> None:
    with refused(constraint), transaction.atomic():
        OpeningRevisionFactory(**columns)


def test_changes_to_an_opening_are_numbered_and_wait_one_by_one() -> None:
    first = OpeningRevisionFactory()

    with refused("one_proposed_revision_an_opening"), transaction.atomic():
        OpeningRevisionFactory(opening=first.opening, number=2)
    with refused("one_revision_a_number"), transaction.atomic():
        OpeningRevisionFactory(opening=first.opening, number=1, status="withdrawn", decided_at=timezone.now())


def test_an_api_client_is_a_machine() -> None:
    with refused("needs a service account"), transaction.atomic():
        ApiClientFactory(user=UserFactory())


@pytest.mark.parametrize(
    ("constraint", "columns"),
    [
        ("api_client_key_is_hashed", {"key_hash": "secret"}),
        ("api_client_scopes_known", {"scopes": ["everything"]}),
        ("api_client_scopes_known", {"scopes": []}),
        ("api_client_expires_later", {"expires_at": datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)}),
    ],
)
def test_an_api_client_has_limits(constraint: str, columns: dict[str, object]) -> None:
    with refused(constraint), transaction.atomic():
        ApiClientFactory(**columns)


def new_client(by: User, agency: Agency) -> tuple[ApiClient, str]:
    return create_api_client(
        agency=agency,
        name="Hiring",
        scopes=["openings:read"],
        by=by,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )


def test_a_key_is_shown_once_and_kept_as_a_hash() -> None:
    agency = AgencyFactory()
    client, key = new_client(agency_member(agency=agency), agency)

    assert client_of_key(key) == client
    assert key not in str(ApiClient.objects.values().get())
    assert client_of_key("another key") is None


def test_a_revoked_or_expired_key_opens_nothing() -> None:
    agency = AgencyFactory()
    member = agency_member(agency=agency)
    client, key = new_client(member, agency)

    revoke_api_client(client=client, by=member)

    assert client_of_key(key) is None
    ApiClient.objects.filter(pk=client.pk).update(
        revoked_at=None,
        created_at=timezone.now() - datetime.timedelta(days=3),
        expires_at=timezone.now() - datetime.timedelta(days=1),
    )
    assert client_of_key(key) is None


def test_another_agency_makes_no_key() -> None:
    with pytest.raises(NotPermitted):
        new_client(agency_member(), AgencyFactory())
