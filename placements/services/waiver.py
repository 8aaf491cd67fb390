"""Waivers to start before the investigation ends (5 CFR 1400.202), and steps whose result runs out."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _

from placements.checklists import WAIVER_POSSIBLE
from placements.models import ChecklistItem, Placement, VettingWaiver
from placements.querysets import LAST_VALID_DAY
from placements.services.asking_again import BEFORE_DUTY, NO_WAIT, ask_again
from placements.services.checklist import correct
from placements.services.dates import redate
from placements.services.happened import check_number
from placements.services.locks import lock
from placements.services.mirror import look_again_at_waived
from placements.workflow import LIVE_STATES
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import reminders
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.core.workflow import Change, guard, transition_many


@service
def record_vetting_waiver(
    *,
    placement: Placement,
    issued_by: str,
    emergency: str,
    document_reference: str,
    issued_on: datetime.date,
    expires_on: datetime.date,
    is_person_told: bool,
    by: Any,
) -> VettingWaiver:
    """File a waiver that an agency head or delegate signed: who, why, from when to when, and where the text is. It
    takes the place of one that is on file, so that a renewal leaves no day without."""
    if not by.has_perm("placements.add_vettingwaiver", placement):
        raise NotPermitted(_("Only the agency's security officer records a waiver."))
    check_number(document_reference)
    locked = lock(placement)
    _check_waiver(locked, issued_on, expires_on)
    if not is_person_told:
        raise Refused(
            _("Tell the person first that this decision rests on limited information (5 CFR 1400.202).")
        )
    if not (issued_by and emergency and document_reference):
        raise Refused(_("Say who issued the waiver, why, and where the signed text is kept."))
    _end_earlier(locked, document_reference, issued_on, by)
    waiver = VettingWaiver.objects.create(
        placement=locked,
        issued_by=issued_by,
        emergency=emergency,
        document_reference=document_reference,
        issued_on=issued_on,
        expires_on=expires_on,
    )
    detail = {"is_person_told": is_person_told}
    record_event("placements.vettingwaiver:add", subject=waiver, by=by, detail=detail)
    return waiver


def _check_waiver(placement: Placement, issued_on: datetime.date, expires_on: datetime.date) -> None:
    sensitivity = placement.opening.sensitivity
    if sensitivity is None or not sensitivity.is_waiver_possible:
        raise Refused(_("The sensitivity of this position allows no waiver (5 CFR 1400.202)."))
    if issued_on > today() or expires_on <= issued_on:
        raise Refused(_("A waiver is recorded once it is issued, and ends on a later day."))


def _end_earlier(placement: Placement, reference: str, issued_on: datetime.date, by: Any) -> None:
    """The one before ends when the new one begins, or has run out before."""
    earlier = placement.vetting_waivers.filter(revoked_on__isnull=True).first()
    if earlier is None:
        return
    if earlier.document_reference == reference:
        raise Refused(_("This waiver is on file already. A renewal has a document of its own."))
    earlier.revoked_on = max(earlier.issued_on, min(issued_on, earlier.expires_on))
    save_version(earlier, expected=earlier.version, fields=["revoked_on"])
    record_event("placements.vettingwaiver:replace", subject=earlier, by=by)


@service
def revoke_vetting_waiver(*, waiver: VettingWaiver, revoked_on: datetime.date, by: Any) -> VettingWaiver:
    """The waiver ends: the step that rested on it is open again."""
    if not by.has_perm("placements.change_vettingwaiver", waiver):
        raise NotPermitted(_("Only the agency's security officer revokes a waiver."))
    placement = lock(waiver.placement)
    if not waiver.issued_on <= revoked_on <= today():
        raise Refused(_("Record the day of the revocation, not before the waiver and not in the future."))
    if not VettingWaiver.objects.filter(pk=waiver.pk, revoked_on=None).update(
        revoked_on=revoked_on, version=F("version") + 1
    ):
        raise Refused(_("This waiver was already revoked."))
    record_event("placements.vettingwaiver:revoke", subject=waiver, by=by)
    _expire(_resting_on_no_waiver().filter(checklist__placement=placement), by=by)
    waiver.refresh_from_db()
    return waiver


@service
def expire_steps(*, by: Any) -> int:
    """Expire steps whose waiver or result has run out; beat calls it. Returns how many."""
    _end_needless_corrections()
    expired = _expire(_resting_on_no_waiver(), by=by) + _expire(_out_of_date(), by=by)
    return expired + look_again_at_waived()


def _end_needless_corrections() -> None:
    """After the adjudication nobody is asked for another waiver."""
    asked = ChecklistItem.objects.filter(
        corrects__isnull=False,
        status__in=OPEN_ITEM_STATES,
        step__condition=WAIVER_POSSIBLE,
        checklist__superseded_at__isnull=True,
    )
    needless = asked.exclude(corrects__in=ChecklistItem.objects.resting_on_waiver().values("pk"))
    values = {**NO_WAIT, "next_reminder_at": None}
    reminders.cancel_queued(
        *transition_many(needless, "cancel", by=User.objects.system(), values=values).rows
    )


def _settled_steps() -> QuerySet[ChecklistItem]:
    """Done, of placements that are going, and no corrective step waits beside them."""
    waiting = ChecklistItem.objects.filter(corrects=OuterRef("pk"), status__in=OPEN_ITEM_STATES)
    return ChecklistItem.objects.filter(
        ~Exists(waiting),
        status="done",
        corrects__isnull=True,
        checklist__superseded_at__isnull=True,
        checklist__placement__status__in=LIVE_STATES,
    )


def _resting_on_no_waiver() -> QuerySet[ChecklistItem]:
    """And on no adjudication either, which does what a waiver stands in for."""
    in_force = VettingWaiver.objects.in_force().filter(placement=OuterRef("checklist__placement"))
    needing = ChecklistItem.objects.resting_on_waiver()
    return _settled_steps().filter(~Exists(in_force), pk__in=needing.values("pk"))


def _out_of_date() -> QuerySet[ChecklistItem]:
    """Only before entry on duty: a result that was good on that day has done its work."""
    timed = _settled_steps().filter(
        step__valid_days__isnull=False, checklist__placement__status__in=BEFORE_DUTY
    )
    return timed.alias(last_valid_day=LAST_VALID_DAY).filter(last_valid_day__lt=today())


def _expire(steps: QuerySet[ChecklistItem], *, by: Any) -> int:
    """Each under the lock of its placement, in the order of placements; what somebody else changed in the meantime
    stays. After entry on duty a corrective step stands beside it instead."""
    placements = Placement.objects.filter(pk__in=list(steps.values_list("checklist__placement", flat=True)))
    count = 0
    for placement in placements.order_by("pk").select_for_update(of=("self",)):
        found = (
            steps.filter(checklist__placement=placement).select_related("checklist", "step").order_by("pk")
        )
        count += sum(_expire_one(item, placement, by) for item in found)
        redate([placement], by=by)
    return count


def _expire_one(item: ChecklistItem, placement: Placement, by: Any) -> int:
    if placement.status not in BEFORE_DUTY:
        correct(item, by=by)
        return 1
    worthless = [item, *(_sources_of(item) if item.step.valid_days else ())]
    for one in worthless:
        placement.refresh_from_db()
        ask_again(one, "expire", placement=placement, by=by, because="step_expired")
    return len(worthless)


def _sources_of(item: ChecklistItem) -> QuerySet[ChecklistItem]:
    """Where a result comes from: new fingerprints have to be taken before there is a new result."""
    sources = ChecklistItem.objects.filter(
        checklist=item.checklist, code__in=item.step.anchors, status="done", corrects__isnull=True
    )
    return sources.exclude(step__decided_by__gt="").select_related("step").order_by("pk")


@guard("placements.waiver_is_in_force")
def waiver_is_in_force(rows: Sequence[ChecklistItem], change: Change) -> Mapping[int, str]:
    """I7: the step of the waiver is done only while a waiver is on file and in force."""
    asked = ChecklistItem.objects.filter(
        pk__in=[row.pk for row in rows], step__condition=WAIVER_POSSIBLE
    ).values_list("pk", "checklist__placement")
    placements = dict(asked)
    in_force = set(
        VettingWaiver.objects.in_force()
        .filter(placement__in=placements.values())
        .values_list("placement", flat=True)
    )
    sentence = _("Record the signed waiver first. It has to be in force.")
    return {key: sentence for key, placement in placements.items() if placement not in in_force}
