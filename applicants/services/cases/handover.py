"""Open cases of somebody who leaves go to their successor."""

from typing import Any

from django.db.models import F

from applicants.models import CaseThread
from applicants.services.guards import reviews_of_their_own
from techforce.accounts.registry import register_reassigner
from techforce.core.audit import record_event


def hand_over_cases(*, leaver: Any, to: Any, by: Any) -> int:
    """Those that the successor may work. The others stay, and everybody who may answer them is reminded."""
    theirs = CaseThread.objects.not_closed().filter(owner=leaver).order_by("pk")
    rows = list(theirs.select_for_update(of=("self",)))
    barred = reviews_of_their_own(rows, to)
    able = [row for row in rows if row.pk not in barred and to.has_perm("applicants.work_case", row)]
    for row in able:
        record_event("applicants.casethread:assign", subject=row, by=by, detail={"owner": to.pk})
    keys = [row.pk for row in able]
    moved: int = CaseThread.objects.filter(pk__in=keys).update(owner=to, version=F("version") + 1)
    return moved


register_reassigner("applicants.cases", hand_over_cases)
