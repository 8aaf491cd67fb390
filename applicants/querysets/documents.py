"""Files and the texts of résumés."""

from collections.abc import Callable
from typing import Any, Self

from django.db.models import Q

from applicants.querysets.applications import OfApplicationQuerySet
from applicants.querysets.reach import seen_by, staff_part
from applicants.workflow import DocumentStatus
from techforce.accounts.models import OpmRole
from techforce.core.querysets import RowQuerySet, is_known

# Who searches the texts of résumés. No rater does, whatever else they are: rating is blind (experience.md, the queue).
SEARCHING_ROLES = frozenset(
    {OpmRole.HR_DECIDER.value, OpmRole.PROGRAM_MANAGER.value, OpmRole.CASE_MANAGER.value}
)


Condition = Callable[[Any], Q]
Check = Callable[[Any, Any], bool]
FILE_READERS: list[tuple[Condition, Check]] = []


def register_file_readers(condition: Condition, check: Check) -> None:
    """A later app knows who else reads a file: as a condition on documents, and of one document in memory. The two say
    the same."""
    if (condition, check) not in FILE_READERS:
        FILE_READERS.append((condition, check))


class DocumentQuerySet(OfApplicationQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Whoever sees the application, and whom a later app lets in."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        reach = seen_by(user, "application")
        for condition, _check in FILE_READERS:
            reach |= condition(user)
        return self.filter(reach)

    def in_quarantine(self) -> Self:
        return self.filter(status=DocumentStatus.QUARANTINED)


def may_search_texts(user: Any) -> bool:
    roles: frozenset[str] = getattr(user, "opm_roles", frozenset())
    return bool(roles & SEARCHING_ROLES) and OpmRole.REVIEWER not in roles


class DocumentTextQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For the search of staff: submitted applications, never of someone from whom one is recused."""
        if not is_known(user):
            return self.none()
        if user.is_system:
            return self.all()
        if not may_search_texts(user):
            return self.none()
        return self.filter(staff_part(user, "document__application__")).exclude(
            document__application__applicant__user=user
        )

    def searchable(self) -> Self:
        """The résumés that count now."""
        return self.filter(document__status=DocumentStatus.CLEAN)

    def matching(self, query: Any) -> Self:
        return self.filter(words=query)
