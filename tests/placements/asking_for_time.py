"""The filer's request for more time, as the tests of it send it."""

from placements.models import ChecklistItem, DisclosureExtension, Placement
from placements.services import ask_for_extension
from techforce.accounts.models import User
from tests.placements.vetting_desk import step

WHY = "The broker sends the statement of one fund late."


def report(placement: Placement) -> ChecklistItem:
    return step(placement, "A19")


def ask(placement: Placement, days: int = 30, reason: str = WHY) -> DisclosureExtension:
    person = User.objects.get(pk=placement.applicant.user_id)
    asked: DisclosureExtension = ask_for_extension(
        item=report(placement), days=days, reason=reason, by=person
    )
    return asked


def url_of(placement: Placement) -> str:
    return f"/my/service/steps/{report(placement).public_id}/more-time/"
