"""Public figures and the record of promises."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from applicants.querysets import stands_aside
from placements.querysets.seeing import NOBODY, VisibleQuerySet
from techforce.core.querysets import RowQuerySet, is_known


class VettingRecordQuerySet(VisibleQuerySet):
    def seen_by(self, user: Any) -> Q:
        """Counts begin with one person: for those who oversee the promises, without offices of somebody from whom they
        are recused."""
        if not user.has_perm("placements.oversee_commitments"):
            return NOBODY
        placements = apps.get_model("placements.Placement").objects.filter(stands_aside(user, "applicant"))
        return ~Q(Exists(placements.filter(opening__office=OuterRef("office"))))


def keys_of_agencies(user: Any) -> Any:
    """Keys of the agencies in which the user has a part, as a whole or in one office, as a subquery."""
    held = apps.get_model("agencies.AgencyMembership").objects
    return (held.held_by(user) if is_known(user) else held.none()).values("agency")


class EditionQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Everybody reads what is published; before that the agencies and OPM do."""
        if getattr(user, "opm_roles", None) or getattr(user, "is_system", False):
            return self.all()
        own = Q(figures__agency__in=keys_of_agencies(user))
        return self.filter(Q(status="published") | Q(pk__in=self.model.objects.filter(own).values("pk")))

    def published(self) -> Self:
        return self.filter(status="published").order_by("-as_of")


class FigureQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Exact figures: OPM, and of its own the agency. Everybody else reads what the page makes of them."""
        if getattr(user, "opm_roles", None) or getattr(user, "is_system", False):
            return self.all()
        return self.filter(agency__in=keys_of_agencies(user))
