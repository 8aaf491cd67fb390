"""Authorizing a start, in the ordinary way and past every guard."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from placements.models import ChecklistItem, Placement
from techforce.accounts.models import User
from tests.factories.agencies import agency_member
from tests.parallel import at_once, succeeded
from tests.placements.attacks import run


def staff(placement: Placement, role: str) -> User:
    return agency_member(role, agency=placement.opening.agency)


def force_ready(placement: Placement) -> None:
    """With the workflow's own mark, so that only the gate stands in the way."""
    run("SELECT set_config('techforce.transition', 'placements.placement:confirm_ready', true)")
    Placement.objects.filter(pk=placement.pk).update(status="ready")
    run("SELECT set_config('techforce.transition', '', true)")


def force_returned(item: ChecklistItem) -> None:
    run("SELECT set_config('techforce.transition', 'placements.checklistitem:send_back', true)")
    cleared = {"outcome": "", "effective_on": None, "recorded_at": None, "recorded_by": None}
    ChecklistItem.objects.filter(pk=item.pk).update(status="returned", **cleared)
    run("SELECT set_config('techforce.transition', '', true)")


def race(first: Callable[[], Any], second: Callable[[], Any]) -> int:
    """Both in transactions of their own that overlap; how many were committed."""
    works = (first, second)

    def work(number: int) -> bool:
        with transaction.atomic():
            works[number]()
            run("SELECT pg_sleep(0.05)")
        return True

    return len(succeeded(at_once(2, work)))
