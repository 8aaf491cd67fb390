"""A person who comes in another way than their placement says: other terms were filed, or a tie to a partner company
came to light. The ethics checklist is replaced, what still holds is carried over, and the history stays (domain.md
§4.5, trigger to re-classify)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Nomination
from placements.models import (
    Area,
    Checklist,
    ChecklistItem,
    ChecklistTemplate,
    ChecklistTemplateStep,
    Determination,
    Placement,
    PlacementKind,
)
from placements.services.asking_again import NO_WAIT, return_to_checks
from placements.services.checklist import MakeItem, open_from
from placements.services.conflict import screen_again, screen_case
from placements.services.items import item_of
from placements.services.lending import bind_nomination, kind_on_file, standing_nomination
from placements.services.locks import lock
from placements.services.moot_requests import end_requests_about
from placements.workflow import ReclassificationReason
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition_many

BEFORE_START = ("pending_checks", "ready")

CARRIED = (
    "status",
    "outcome",
    "effective_on",
    "requested_at",
    "submitted_at",
    "submitted_by",
    "returned_at",
    "recorded_at",
    "recorded_by",
    "excused_by",
    "excuse_authority",
    "external_reference",
)


@service
def reclassify_placement(*, placement: Placement, kind: str, reason: str, by: Any) -> Placement:
    """Switch a placement before entry on duty to another kind, with the ethics checklist of that kind. A placement
    that was ready goes back to its checks, and the ethics official signs anew."""
    if not by.has_perm("placements.reclassify_placement", placement):
        raise NotPermitted(_("Your role does not allow changing how this person comes."))
    locked = _lock(placement)
    _check(locked, kind, reason)
    nomination = _nomination_for(locked, kind)
    if locked.status == "ready":
        system = User.objects.system()
        return_to_checks(placement=locked, reason_code="conflict_reopened", by=system)
    before = locked.kind
    Placement.objects.filter(pk=locked.pk).update(kind=kind, nomination=nomination, version=F("version") + 1)
    placement.refresh_from_db()
    detail = {"from": before, "to": kind, "carried": _replace_checklist(placement)}
    record_event(
        "placements.placement:reclassify", subject=placement, by=by, reason_code=reason, detail=detail
    )
    bind_nomination(placement)
    _screen(placement)
    return placement


@contextmanager
def following_terms(nomination: Nomination) -> Iterator[None]:
    """Around a change of terms: the placement is locked before the nomination, and afterwards it is of their kind."""
    if placement := _placement_of(nomination):
        _lock(placement)
    yield
    placement = _placement_of(nomination)
    kind = kind_on_file(nomination)
    if placement is not None and kind and kind != placement.kind:
        reason = ReclassificationReason.TERMS_RECORDED
        reclassify_placement(placement=placement, kind=kind, reason=reason, by=User.objects.system())


def _placement_of(nomination: Nomination) -> Placement | None:
    """The live placement of the nominee: by this nomination, or without any and not begun."""
    without = Q(
        nomination=None,
        status__in=BEFORE_START,
        cohort=nomination.cohort_id,
        applicant__user=nomination.nominee_id,
    )
    placement: Placement | None = (
        Placement.objects.live().filter(Q(nomination=nomination) | without).order_by("pk").first()
    )
    return placement


def _lock(placement: Placement) -> Placement:
    """Its selection first, because the conflict screen locks that too."""
    if placement.selection is not None:
        lock(placement.selection)
    locked: Placement = lock(placement)
    return locked


def _check(placement: Placement, kind: str, reason: str) -> None:
    if placement.status not in BEFORE_START:
        raise Refused(_("How the person comes can be changed only before entry on duty."))
    if kind not in PlacementKind or reason not in ReclassificationReason:
        raise Refused(_("Say how the person comes, and why that changes."))
    if kind == placement.kind:
        raise Refused(_("The placement says this already."))


def _nomination_for(placement: Placement, kind: str) -> Nomination | None:
    nomination = standing_nomination(placement.applicant, placement.cohort_id)
    if kind == PlacementKind.OUTSIDE:
        if nomination is not None:
            raise Refused(_("A company’s nomination of this person stands. Close it first."))
        return None
    nomination = nomination or placement.nomination
    if nomination is None:
        raise Refused(_("The person has confirmed no nomination of a company for this cohort."))
    if kind_on_file(nomination) not in ("", kind):
        raise Refused(_("The terms on file say otherwise. Correct them, and the placement follows."))
    return nomination


# ── The checklist ─────────────────────────────────────────────────────────────────────────────────
def _replace_checklist(placement: Placement) -> list[str]:
    """Returns the codes of the steps that were carried over."""
    template = ChecklistTemplate.objects.in_use().filter(kind=placement.kind).first()
    if template is None:
        raise Refused(_("The ethics checklist for this is not set up. Write to the program office."))
    current = Checklist.objects.current().filter(placement=placement, area=Area.ETHICS)
    known = {item.code: item for checklist in current.order_by("pk") for item in _retire(checklist)}
    carried: list[str] = []
    open_from(template, placement, Area.ETHICS, make=_carrying(known, carried))
    return carried


def _retire(checklist: Checklist) -> list[ChecklistItem]:
    """Nothing more is asked by it. Returns its steps."""
    system = User.objects.system()
    values = {**NO_WAIT, "next_reminder_at": None}
    transition_many(checklist.items.filter(status__in=OPEN_ITEM_STATES), "cancel", by=system, values=values)
    items = list(checklist.items.filter(corrects__isnull=True).select_related("step").order_by("pk"))
    reminders.cancel_queued(*items)
    Checklist.objects.filter(pk=checklist.pk).update(superseded_at=timezone.now())
    end_requests_about(*items)
    return items


def _carrying(known: Mapping[str, ChecklistItem], carried: list[str]) -> MakeItem:
    """Begins each step where it stood, if it still asks the same. One that the other kind alters starts anew, and so
    does whatever rests on it: a review of benefits during a leave says nothing about a severance."""
    altered: set[str] = set()

    def make(step: ChecklistTemplateStep, checklist: Checklist) -> ChecklistItem:
        item, before = item_of(step, checklist), known.get(step.code)
        rests_on_altered = bool(altered.intersection(step.depends_on))
        if before is None or rests_on_altered or before.step.changed_by != step.changed_by:
            altered.add(step.code)
        elif not step.decided_by and _still_holds(before, step):
            carried.append(step.code)
            for column in CARRIED:
                setattr(item, column, getattr(before, column))
        return item

    return make


def _still_holds(before: ChecklistItem, step: ChecklistTemplateStep) -> bool:
    if before.status == "excused":
        return set(before.step.excusable_by) <= set(step.excusable_by)
    return before.status == "done" and before.outcome in step.outcomes


# ── The conflict screen ───────────────────────────────────────────────────────────────────────────
def _screen(placement: Placement) -> None:
    """The tie is another one, so what was signed about it is superseded. The conflict step mirrors that, and the new
    steps get their dates."""
    system = User.objects.system()
    about = Q(placement=placement) | Q(selection__isnull=False, selection=placement.selection_id)
    current = list(Determination.objects.current().filter(about).order_by("pk"))
    for determination in current:
        screen_again(determination=determination, reason_code="template_switched", by=system)
    if not current:
        screen_case(case=placement.selection or placement, by=system)
