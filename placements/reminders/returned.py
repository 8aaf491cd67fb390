"""Steps that were handed back for correction (domain.md §6.2): who has to correct them hears of it again."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from placements.models import ChecklistItem
from techforce.core.calendar import EASTERN, add_business_days
from techforce.core.closures import closures
from techforce.core.mail.notifications import template
from techforce.core.models import OutboxMessage, Watch
from techforce.core.reminders.mails import load_deadline_reminder

KEY = "step_returned"
CAME_BACK = _("Came back for correction on %(day)s")
SOON_AGAIN = 5
"""In business days, as far as the ladder of a returned step reaches."""


def returned_steps(items: QuerySet[ChecklistItem]) -> Any:
    """Of placements that are going, and the day of each. A step that is late or due by then is left to its own ladder,
    which begins again with the return: nobody hears of one step twice."""
    found = items.filter(
        status="returned",
        returned_at__isnull=False,
        checklist__superseded_at__isnull=True,
        checklist__placement__status__in=("pending_checks", "ready", "active"),
    ).annotate(day=TruncDate("returned_at", tzinfo=EASTERN))
    days_closed = closures()
    for key, day, due_on in found.values_list("pk", "day", "due_on"):
        if due_on is None or due_on > add_business_days(day, SOON_AGAIN, days_closed):
            yield key, day


@template(KEY)
def load_returned_step(message: OutboxMessage) -> Mapping[str, Any] | None:
    """When it came back, and when the step itself is due; nothing once it was corrected."""
    found = load_deadline_reminder(message)
    if found is None:
        return None
    watched = Watch.objects.get(pk=message.subject_id)
    item = ChecklistItem.objects.get(pk=watched.subject_id)
    return {**found, "returned_on": watched.due_on, "due_on": item.due_on}
