"""What this app holds of a person: a role in an agency, and names on the records of an office."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.models import (
    AgencyMembership,
    AgencyParticipation,
    ApiClient,
    OfficePartnerRelationship,
    RelationshipReader,
)
from techforce.core import privacy
from techforce.core.shares import give, withhold

give(
    "agency_roles",
    _("Roles in an agency"),
    AgencyMembership,
    owner="user",
    columns=("role", "invited_email", "starts_on", "ends_on"),
    agency="agency__name",
)
withhold(
    AgencyParticipation, "the contact that an agency names for its own part", "contact_name", "contact_email"
)
withhold(ApiClient, "a secret, and only its hash is known", "key_hash")
withhold(OfficePartnerRelationship, "between an office and a company; may be an open procurement")
withhold(RelationshipReader, "who may know of an open procurement")


def erase(user: Any) -> None:
    """A role that was held is a record of who could do what; it stays its time."""


def repoint(old: Any, new: Any) -> None:
    """The person signs in with another account from now on."""
    AgencyMembership.objects.filter(user=old).update(user=new)


privacy.register("agencies", erase=erase, repoint=repoint)
