"""What raters say of an application, each on their own."""

import datetime
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from applicants.querysets.reach import staff_part
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet, is_known

# Two rate each application on their own; a third breaks the tie when the two lie this far apart.
RATINGS, RATINGS_WITH_TIE_BREAK, FAR_APART = 2, 3, 2
CLAIM_LASTS = datetime.timedelta(days=2)
"""How long an application that somebody took counts as taken; then colleagues get it too."""


class RatingQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """One's own; submitted ones of others for HR deciders and auditors, and for a reviewer only after
        their own rating of the same thing is in. Never one's own application's."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        others = Q(submitted_at__isnull=False) & staff_part(user, "application__")
        if not user.opm_roles & {OpmRole.HR_DECIDER, OpmRole.AUDITOR}:
            others &= self._has_rated(user)
        return self.filter(Q(rater=user) | others).exclude(application__applicant__user=user)

    def _has_rated(self, user: Any) -> Q:
        mine = self.model._base_manager.filter(
            rater=user, submitted_at__isnull=False, application=OuterRef("application")
        )
        # A rating of the whole application has no step; NULL equals NULL only this way.
        same = Exact(Coalesce("assessment_step", 0), Coalesce(OuterRef("assessment_step"), 0))
        return Q(Exists(mine.filter(same)))

    def submitted(self) -> Self:
        return self.filter(submitted_at__isnull=False)

    def of_whole(self) -> Self:
        """Of the application, not of a single step."""
        return self.filter(assessment_step__isnull=True)

    def standing(self) -> Self:
        """What each rater says about the application: their latest submitted revision."""
        later = self.model._base_manager.filter(
            rater=OuterRef("rater"),
            application=OuterRef("application"),
            assessment_step__isnull=True,
            submitted_at__isnull=False,
            revision__gt=OuterRef("revision"),
        )
        return self.of_whole().submitted().exclude(Exists(later))

    def holding(self) -> Self:
        """Ratings that fill one of the places: submitted, or begun not long ago."""
        is_fresh = Q(created_at__gt=timezone.now() - CLAIM_LASTS)
        return self.of_whole().filter(Q(submitted_at__isnull=False) | is_fresh)

    def in_hand(self, user: Any) -> Self:
        """Applications that `user` has taken and not rated yet, the oldest first."""
        mine = self.of_whole().filter(rater=user, submitted_at__isnull=True, revision=1)
        return mine.order_by("created_at", "pk")
