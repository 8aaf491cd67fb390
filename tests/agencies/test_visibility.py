"""Who sees what of an agency; the rules and the querysets answer alike."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agencies.models import AgencyRole, OfficePartnerRelationship, Opening
from techforce.accounts.models import OpmRole, User
from tests.factories import agencies as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import (
    AgencyFactory,
    OfficeFactory,
    OfficePartnerRelationshipFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    RelationshipReaderFactory,
    agency_member,
)

pytestmark = pytest.mark.django_db

FACTORIES = [
    name
    for name in vars(made)
    if name.endswith("Factory") and getattr(made, name).__module__ == made.__name__
]


def readers_of(row: object) -> list[object]:
    """One of each kind of person around a row: of its agency, of its office, of another agency, of OPM, nobody."""
    opening = getattr(row, "opening", row)
    relationship = getattr(row, "relationship", opening)
    office = getattr(relationship, "office", None) or OfficeFactory(
        agency=getattr(relationship, "agency", None) or AgencyFactory()
    )
    return [
        AnonymousUser(),
        UserFactory(),
        User.objects.system(),
        *(opm_staff(role) for role in OpmRole.values),
        *(agency_member(role, agency=office.agency) for role in AgencyRole.values),
        *(agency_member(role, agency=office.agency, office=office) for role in AgencyRole.values),
        agency_member(agency=office.agency, office=OfficeFactory(agency=office.agency)),
        agency_member(AgencyRole.ETHICS_OFFICIAL),
        agency_member(agency=AgencyFactory(parent=office.agency)),
        *(owner for owner in [getattr(row, "user", None)] if owner),
    ]


@pytest.mark.parametrize("name", FACTORIES)
def test_the_rules_and_the_querysets_agree(name: str) -> None:
    row = getattr(made, name)()
    permission = f"{row._meta.app_label}.view_{row._meta.model_name}"

    for user in readers_of(row):
        can_load = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
        assert user.has_perm(permission, row) == can_load, f"{user} {getattr(user, 'opm_roles', '')}"


def test_someone_deactivated_sees_no_more_than_the_public() -> None:
    draft = OpeningFactory()
    member = agency_member(agency=draft.agency)
    member.is_active = False
    member.save()

    assert draft not in Opening.objects.visible_to(member)
    assert not member.has_perm("agencies.view_opening", draft)


def test_the_public_sees_what_is_published_and_no_draft() -> None:
    published, _draft = PublishedOpeningFactory(), OpeningFactory()

    assert list(Opening.objects.visible_to(AnonymousUser())) == [published]


def test_a_department_does_not_see_the_drafts_of_its_components() -> None:
    component = AgencyFactory(parent=AgencyFactory())
    draft = OpeningFactory(office=OfficeFactory(agency=component))

    above = agency_member(agency=component.parent)

    assert draft not in Opening.objects.visible_to(above)
    assert draft in Opening.objects.visible_to(agency_member(agency=component))


def test_a_member_of_one_office_sees_no_other_office() -> None:
    draft = OpeningFactory()
    elsewhere = OfficeFactory(agency=draft.agency)

    assert draft not in Opening.objects.visible_to(agency_member(agency=draft.agency, office=elsewhere))
    assert draft in Opening.objects.visible_to(agency_member(agency=draft.agency, office=draft.office))


def seen_by(user: User) -> set[OfficePartnerRelationship]:
    return set(OfficePartnerRelationship.objects.visible_to(user))


def test_a_restricted_relationship_reaches_ethics_officials_and_named_readers_only() -> None:
    reader = RelationshipReaderFactory()
    restricted, agency = reader.relationship, reader.relationship.office.agency
    others = [role for role in AgencyRole.values if role != AgencyRole.ETHICS_OFFICIAL]

    assert seen_by(reader.user) == {restricted}
    assert seen_by(agency_member(AgencyRole.ETHICS_OFFICIAL, agency=agency)) == {restricted}
    assert seen_by(agency_member(AgencyRole.ETHICS_OFFICIAL)) == set()
    assert all(seen_by(agency_member(role, agency=agency)) == set() for role in others)
    assert all(seen_by(opm_staff(role)) == set() for role in OpmRole.values)


def test_an_open_relationship_is_known_in_the_agency_and_at_opm() -> None:
    known = OfficePartnerRelationshipFactory()

    assert seen_by(agency_member(AgencyRole.VIEWER, agency=known.office.agency)) == {known}
    assert seen_by(opm_staff(OpmRole.CASE_MANAGER)) == {known}
    assert seen_by(agency_member()) == set()
