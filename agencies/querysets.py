"""Who sees which rows of an agency. An office or a whole agency, never a department's components by
inheritance."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, F, OuterRef, Q

from agencies.workflow import PUBLIC_OPENING_STATES, AgencyRole, OpeningStatus
from techforce.accounts.models import MembershipQuerySet
from techforce.core.querysets import RowQuerySet, is_known


def member_of(user: Any, *roles: str, agency: str = "agency", office: str | None = None) -> Exists:
    """The row's agency has a live membership of `user`, in one of `roles` (any, when none is named).

    `agency` and `office` are paths from the row. A membership of one office covers rows of that office only.
    """
    if not is_known(user):
        return Exists(apps.get_model("agencies.AgencyMembership").objects.none())
    scope = Q(office__isnull=True)
    if office:
        scope |= Q(office=OuterRef(office))
    held = apps.get_model("agencies.AgencyMembership").objects.held_by(user)
    held = held.filter(scope, agency=OuterRef(agency))
    return Exists(held.filter(role__in=roles) if roles else held)


def sees_everything(user: Any) -> bool:
    """OPM staff, and beat and workers who act as the system."""
    return bool(user.is_authenticated and user.is_active and (user.is_staff or user.is_system))


class AgencyScopedQuerySet(RowQuerySet):
    """Rows with a column `agency`: OPM staff and every live member of the agency."""

    def visible_to(self, user: Any) -> Self:
        return self.all() if sees_everything(user) else self.filter(member_of(user))


class AgencyMembershipQuerySet(MembershipQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own, and for HR specialists those of their agency or office."""
        if sees_everything(user):
            return self.all()
        if not is_known(user):
            return self.none()
        return self.filter(Q(user=user) | Q(member_of(user, AgencyRole.HR_SPECIALIST, office="office")))


SHOWN_IN_LIST = (
    "public_id",
    "title",
    "closes_at",
    "time_zone",
    "pay_low",
    "pay_high",
    "is_remote",
    "agency__name",
    "agency__display_name",
    "discipline__name",
)
SEARCHED = ("title", "summary", "agency__name", "agency__display_name", "agency__acronym")


def contains_words(text: str) -> Q:
    """The condition that every word of `text` occurs in one of the searched columns."""
    found = Q()
    for word in text.split():
        found &= Q(*[(f"{column}__icontains", word) for column in SEARCHED], _connector=Q.OR)
    return found


class OpeningQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """What the public may read, and everything of one's own agency or office."""
        if sees_everything(user):
            return self.all()
        public = Q(status__in=PUBLIC_OPENING_STATES)
        return self.filter(public | Q(member_of(user, office="office")) if is_known(user) else public)

    def of_member(self, user: Any) -> Self:
        """Those for which `user` acts as a member of the agency or office; OPM's view of all is not meant."""
        return self.filter(member_of(user, office="office"))

    def public(self) -> Self:
        return self.filter(status__in=PUBLIC_OPENING_STATES)

    def published(self) -> Self:
        return self.filter(status=OpeningStatus.PUBLISHED)

    def with_open_seats(self) -> Self:
        return self.filter(seats__gt=F("seats_filled"))

    def for_public_list(self) -> Self:
        """Published openings with what a list shows, soonest deadline first."""
        return (
            self.published()
            .select_related("agency", "discipline")
            .prefetch_related("places")
            .only(*SHOWN_IN_LIST)
            .order_by("closes_at", "id")
        )

    def with_position(self) -> Self:
        """With all that a page about one opening says of the position."""
        parts = ("agency", "office", "cohort", "discipline", "series", "vetting_tier", "sensitivity")
        return self.select_related(*parts).prefetch_related("places")

    def searched(self, keyword: str) -> Self:
        """Those in which every word of `keyword` occurs: in the title, the agency's names or the summary."""
        return self.filter(contains_words(keyword))


class OpeningPlaceQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """As the opening itself."""
        if sees_everything(user):
            return self.all()
        public = Q(opening__status__in=PUBLIC_OPENING_STATES)
        scoped = Q(member_of(user, agency="opening__agency", office="opening__office"))
        return self.filter(public | scoped if is_known(user) else public)


class InsideOpeningQuerySet(RowQuerySet):
    """Rows of an opening that the public never sees: changes under approval, exceptions from the pay band."""

    def visible_to(self, user: Any) -> Self:
        if sees_everything(user):
            return self.all()
        return self.filter(member_of(user, agency="opening__agency", office="opening__office"))


class RelationshipQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """A restricted relationship reaches the agency's ethics officials and the contracting staff named on
        it, and the system that screens for conflicts (trust.md I18); others of the agency and OPM see the
        rest."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        named = apps.get_model("agencies.RelationshipReader").objects.filter(
            relationship=OuterRef("pk"), user=user
        )
        ethics = member_of(user, AgencyRole.ETHICS_OFFICIAL, agency="office__agency", office="office")
        restricted = Q(Exists(named)) | Q(ethics)
        if user.is_staff:
            return self.filter(Q(is_restricted=False) | restricted)
        member = member_of(user, agency="office__agency", office="office")
        return self.filter(Q(member, is_restricted=False) | restricted)

    def of_family(self, company: Any) -> Self:
        """Relationships to any company of the corporate family: conflicts run to all of it."""
        return self.filter(company__family_root=company.family_root_id)

    def live(self) -> Self:
        return self.filter(ended_on__isnull=True)


class RelationshipReaderQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own naming, and all for the ethics officials who name."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        path = "relationship__office"
        ethics = member_of(user, AgencyRole.ETHICS_OFFICIAL, agency=f"{path}__agency", office=path)
        return self.filter(Q(user=user) | Q(ethics))


class ApiClientQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """OPM staff and the agency's HR specialists; a machine sees itself."""
        if sees_everything(user):
            return self.all()
        if not is_known(user):
            return self.none()
        return self.filter(Q(user=user) | Q(member_of(user, AgencyRole.HR_SPECIALIST)))

    def usable(self, now: Any) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
