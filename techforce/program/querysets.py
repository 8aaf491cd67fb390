"""How the program's tables are read."""

import datetime
from typing import Any, Self

from django.db.models import F, Q
from django.utils import timezone

from techforce.core.querysets import PublicQuerySet


class CohortQuerySet(PublicQuerySet):
    def accepting(self, at: datetime.datetime | None = None) -> Self:
        """Cohorts to which an application may be submitted at the instant `at` (default now): `closes_at` is
        the first instant that is too late."""
        at = at or timezone.now()
        return self.filter(status="open", opens_at__lte=at, closes_at__gt=at)

    def past_closing(self, at: datetime.datetime | None = None) -> Self:
        """Open cohorts whose window is over: the ones to close."""
        return self.filter(status="open", closes_at__lte=at or timezone.now())


class CompanyQuerySet(PublicQuerySet):
    def family_of(self, company: Any) -> Self:
        """Every company of the same corporate family, the given one included: conflicts run to all."""
        same = type(company)._base_manager.filter(pk=company.pk).values("family_root")
        return self.filter(family_root__in=same)

    def known_as(self, text: str) -> Self:
        """Companies that have this name or alias, whatever its case."""
        text = text.strip()
        return self.filter(Q(name__iexact=text) | Q(aliases__name__iexact=text)).distinct()


class ReferenceQuerySet(PublicQuerySet):
    """Reference rows that are retired rather than deleted, since old records still name them."""

    def offered(self) -> Self:
        """Rows that may be chosen for something new."""
        return self.filter(is_active=True)


class SkillQuerySet(ReferenceQuerySet):
    def known_as(self, text: str) -> Self:
        """Skills that have this name or synonym, whatever its case."""
        text = text.strip()
        return self.filter(Q(name__iexact=text) | Q(synonyms__text__iexact=text)).distinct()


class TrackDefinitionQuerySet(PublicQuerySet):
    def in_force(self, cohort: Any, on: datetime.date) -> dict[str, Any]:
        """By track, what it means for the cohort on the day: what was said for this cohort goes before what was said
        for all, and the later before the earlier."""
        known = self.filter(Q(cohort=cohort) | Q(cohort=None), effective_on__lte=on)
        rows = known.order_by(F("cohort").asc(nulls_first=True), "effective_on", "pk")
        return {row.track: row for row in rows}
