"""What this app holds of a person: a role in an agency, and names on the records of an office."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import (
    AgencyMembership,
    AgencyParticipation,
    ApiClient,
    OfficePartnerRelationship,
    RelationshipReader,
)
from techforce.accounts.privacy import register_roles
from techforce.core import privacy
from techforce.core.privacy.shares import Topic, give, withhold
from techforce.core.records.destruction import destroy_rows
from techforce.core.records.disposition import Schedule, register_schedule, years_before

give(
    "agency_roles",
    _("Roles in an agency"),
    AgencyMembership,
    owner="user",
    under=Topic.ROLES,
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


def _ended_ties(day: datetime.date) -> QuerySet[Any]:
    """Ethics records, GRS 2.8/010: six years after conclusion (read, domain.md §5.3)."""
    return OfficePartnerRelationship.objects.filter(ended_on__lte=years_before(day, 6))


def _destroy_tie(tie: OfficePartnerRelationship) -> None:
    destroy_rows(RelationshipReader.objects.filter(relationship=tie))
    destroy_rows(OfficePartnerRelationship.objects.filter(pk=tie.pk))


register_schedule(
    Schedule(
        label="office_ties",
        title=_("Ties between offices and companies"),
        family=_("Ethics"),
        authority="GRS 2.8/010",
        due=_ended_ties,
        destroy=_destroy_tie,
        gone=(OfficePartnerRelationship, RelationshipReader),
        is_confirmed=True,
    )
)
register_roles("agency_roles", _("Roles in agencies"), AgencyMembership)
privacy.register("agencies", erase=erase, repoint=repoint)
