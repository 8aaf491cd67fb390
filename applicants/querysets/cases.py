"""Conversations with the program office: who reads them, who answers, who never does."""

import datetime
from collections.abc import Mapping
from typing import Any, Self

from django.db.models import Q
from django.utils import timezone

from applicants.querysets.reach import stands_aside
from applicants.workflow import MOVING_CASE_STATES, OPEN_CASE_STATES, CaseStatus, CaseTopic
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet, is_known

# Who reads what people write to the program office. No rater does, whatever else they are: rating is blind.
_CARING = frozenset({OpmRole.CASE_MANAGER.value, OpmRole.PROGRAM_MANAGER.value})
_CARING_AND_HR = _CARING | {OpmRole.HR_DECIDER.value}
CASE_READERS = {
    **dict.fromkeys(CaseTopic.values, _CARING),
    CaseTopic.INFORMATION.value: _CARING_AND_HR,
    CaseTopic.REVIEW_REQUEST.value: _CARING_AND_HR,
}
# Who answers. A decision is reviewed by those who may set it aside.
CASE_WORKERS = CASE_READERS | {
    CaseTopic.REVIEW_REQUEST.value: frozenset({OpmRole.HR_DECIDER.value, OpmRole.PROGRAM_MANAGER.value})
}
CLOSED_IS_NEWS = datetime.timedelta(days=14)
"""How long a case that ended stands on the person's first page."""

# A request for an accommodation reaches nobody who also decides about people.
CASE_BARRED = {
    **dict.fromkeys(CaseTopic.values, frozenset({OpmRole.REVIEWER.value})),
    CaseTopic.ACCOMMODATION.value: frozenset({OpmRole.REVIEWER.value, OpmRole.HR_DECIDER.value}),
}


def case_topics(roles: frozenset[str], by_topic: Mapping[str, frozenset[str]] = CASE_READERS) -> list[str]:
    """Topics of the cases that these roles read, or those of another table of roles by topic."""
    return [topic for topic, wanted in by_topic.items() if roles & wanted and not roles & CASE_BARRED[topic]]


def cases_seen_by(user: Any, thread: str = "") -> Q:
    """The condition on a row whose case stands at the path `thread`: the person's own; for OPM those of the topics
    that the role reads, drafts included, of people from whom the user is not recused."""
    if not is_known(user):
        return Q(pk__in=[])
    if user.is_system:
        return Q()
    person = f"{thread}applicant"
    own = Q(**{f"{person}__user": user})
    topics = case_topics(user.opm_roles)
    if not topics:
        return own
    return own | (Q(**{f"{thread}topic__in": topics}) & ~stands_aside(user, person))


class CaseThreadQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(cases_seen_by(user))

    def of_person(self, user: Any) -> Self:
        return self.filter(applicant__user=user)

    def not_closed(self) -> Self:
        return self.filter(status__in=OPEN_CASE_STATES)

    def current(self) -> Self:
        """Open, or closed not long ago."""
        return self.filter(Q(status__in=OPEN_CASE_STATES) | Q(closed_at__gt=timezone.now() - CLOSED_IS_NEWS))

    def moving(self) -> Self:
        """Somebody has to write, by a date."""
        return self.filter(status__in=MOVING_CASE_STATES)

    def for_office(self, user: Any) -> Self:
        """What waits for an answer that `user` may give: never about themselves."""
        mine = self.visible_to(user).filter(
            status=CaseStatus.OPEN, topic__in=case_topics(user.opm_roles, CASE_WORKERS)
        )
        return mine.exclude(applicant__user=user)


class CaseMessageQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(cases_seen_by(user, "thread__"))
