"""A request for more time ends by itself once its report is handed in, or nobody asks for the report any more: it is no
work for the ethics office then, and a report that is returned may be asked for anew."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from placements.models import DisclosureExtension
from placements.querysets import NOT_HANDED_IN
from placements.workflow import LIVE_STATES
from techforce.accounts.models import User
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition_many

STILL_TO_FILE = Q(
    item__status__in=(*NOT_HANDED_IN, "blocked", "expired"),
    item__checklist__superseded_at__isnull=True,
    item__checklist__placement__status__in=LIVE_STATES,
)


@service
def end_moot_requests(*, by: Any) -> int:
    """Whatever ended the report; beat calls it. Returns how many requests it ended."""
    return _end(Q(), by)


def end_requests_about(*items: Any) -> None:
    """Those about these steps, in the transaction that settled them."""
    _end(Q(item__in=items), User.objects.system())


def end_requests_of(*placements: Any) -> None:
    """Those of these placements, in the transaction that changed their steps."""
    _end(Q(item__checklist__placement__in=placements), User.objects.system())


@guard("placements.report_is_over")
def report_is_over(rows: Sequence[DisclosureExtension], change: Change) -> Mapping[int, str]:
    """No request ends by itself while its report is still to be filed."""
    keys = [row.pk for row in rows]
    going = DisclosureExtension.objects.filter(STILL_TO_FILE, pk__in=keys).values_list("pk", flat=True)
    return dict.fromkeys(going, _("The report is still to be filed."))


def _end(whose: Q, by: Any) -> int:
    asked = DisclosureExtension.objects.filter(whose, status="asked")
    moot = asked.exclude(pk__in=asked.filter(STILL_TO_FILE).values("pk"))
    return len(transition_many(moot, "lapse", by=by, detail={"because": "report_is_over"}).rows)
