"""What passes or removes a block: an appointing official's waiver, and a fact that was wrong (I17)."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Office, OfficePartnerRelationship, RelationshipKind
from agencies.models.relationship import RESTRICTED_KINDS, RelationshipSource
from partners.models import Nomination
from placements.models import Determination, EthicsWaiver, Placement, Selection
from placements.models.conflict import WaiverAuthority
from placements.services.conflict import screen_case
from placements.services.happened import check_number
from placements.services.locks import lock, lock_live_placement
from placements.services.mirror import mirror_determination
from placements.services.screening import is_waived, waivers_of
from placements.workflow import LIVE_SELECTIONS
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.versions import save_version
from techforce.core.workflow import transition

CORRECTIONS = ("ended", "wrong_company", "wrong_office", "wrong_kind", "new_information")


@service
def record_ethics_waiver(
    *,
    selection: Selection,
    company: Any,
    scope: str,
    issued_by: str,
    document_reference: str,
    issued_on: datetime.date,
    expires_on: datetime.date | None = None,
    oge_consulted_on: datetime.date | None = None,
    authority: str = WaiverAuthority.FINANCIAL,
    by: Any,
) -> EthicsWaiver:
    """File a waiver that an appointing official signed before the person acts (18 U.S.C. 208(b)(1), 5 CFR 2640.301).
    A selection that a signed block had stopped may be considered again."""
    if not by.has_perm("placements.add_ethicswaiver", selection):
        raise NotPermitted(_("Only the agency's ethics official records a waiver."))
    check_number(document_reference)
    locked: Selection = lock(selection)
    placement = lock_live_placement(locked.pk)
    _check_waiver(locked, issued_on, expires_on)
    if not (scope.strip() and issued_by.strip() and document_reference.strip()):
        raise Refused(_("Say what the waiver covers, who issued it, and where the signed text is kept."))
    waiver = EthicsWaiver.objects.create(
        selection=locked,
        company=company,
        authority=authority,
        scope=scope,
        issued_by=issued_by,
        document_reference=document_reference,
        issued_on=issued_on,
        expires_on=expires_on,
        oge_consulted_on=oge_consulted_on,
    )
    record_event("placements.ethicswaiver:add", subject=waiver, by=by, detail={"authority": authority})
    _let_pass(locked, placement, by)
    selection.refresh_from_db()
    return waiver


@service
def revoke_ethics_waiver(*, waiver: EthicsWaiver, revoked_on: datetime.date, by: Any) -> EthicsWaiver:
    """The waiver ends early. Before duty the conflict step looks at the screen again; during service the person stops
    acting in what it covered."""
    if not by.has_perm("placements.change_ethicswaiver", waiver):
        raise NotPermitted(_("Only the agency's ethics official ends a waiver."))
    lock(waiver.selection)
    placement = lock_live_placement(waiver.selection_id)
    if not waiver.issued_on <= revoked_on <= today():
        raise Refused(_("Record the day of the revocation, not before the waiver and not in the future."))
    if waiver.revoked_on is not None:
        raise Refused(_("This waiver was already revoked."))
    waiver.revoked_on = revoked_on
    save_version(waiver, expected=waiver.version, fields=["revoked_on"])
    record_event("placements.ethicswaiver:revoke", subject=waiver, by=by)
    if placement is not None:
        mirror_determination(placement)
    return waiver


def _check_waiver(selection: Selection, issued_on: datetime.date, expires_on: datetime.date | None) -> None:
    if not Determination.objects.current().filter(selection=selection).exists():
        raise Refused(_("No conflict screen is on file for this person, so there is nothing to waive."))
    if issued_on > today():
        raise Refused(_("A waiver is recorded once it is issued."))
    if expires_on is not None and expires_on < max(issued_on, today()):
        raise Refused(_("The last day of the waiver has passed, or comes before its first."))


def _let_pass(selection: Selection, placement: Placement | None, by: Any) -> None:
    determination = Determination.objects.current().filter(selection=selection).first()
    is_passed = determination is not None and is_waived(
        determination, waivers_of([selection.pk]).get(selection.pk, ())
    )
    if selection.status == "conflict_blocked" and is_passed:
        transition(selection, "unblock", by=by)
    if placement is not None:
        mirror_determination(placement)


@service
def correct_relationship(
    *,
    relationship: OfficePartnerRelationship,
    kind: str,
    source: str = RelationshipSource.AGENCY,
    reason_code: str,
    version: int,
    by: Any,
) -> list[Determination]:
    """Write what an office really has to do with a company. Everyone whom it concerns is screened again; what was
    signed on the wrong fact has to be signed anew. Returns the determinations that stand now."""
    if not by.has_perm("agencies.change_officepartnerrelationship", relationship):
        raise NotPermitted(_("Only the agency's ethics official corrects this."))
    if reason_code not in CORRECTIONS:
        raise Refused(_("Say why it was wrong."))
    before = relationship.kind
    relationship.kind, relationship.source, relationship.as_of_on = kind, source, today()
    relationship.is_restricted |= kind in RESTRICTED_KINDS
    if kind == RelationshipKind.NONE_KNOWN:
        relationship.ended_on = today()
    save_version(
        relationship, expected=version, fields=["kind", "source", "as_of_on", "is_restricted", "ended_on"]
    )
    detail = {"from": before, "to": kind, "source": source}
    record_event(
        "agencies.officepartnerrelationship:correct",
        subject=relationship,
        by=by,
        reason_code=reason_code,
        detail=detail,
    )
    return [screen_case(case=case, by=by) for case in _concerned(relationship)]


@service
def record_relationship(
    *, office: Office, company: Any, kind: str, source: str, contract_number: str = "", by: Any
) -> OfficePartnerRelationship:
    """Write what an office has to do with a company that nobody had recorded. Everyone whom it concerns is screened
    again."""
    if not by.has_perm("agencies.add_officepartnerrelationship", office):
        raise NotPermitted(_("Only the agency's ethics official records this."))
    same = OfficePartnerRelationship.objects.live().filter(office=office, company=company, kind=kind)
    if same.filter(contract_number=contract_number).exists():
        raise Refused(_("This is on file already."))
    found = OfficePartnerRelationship.objects.create(
        office=office,
        company=company,
        kind=kind,
        source=source,
        contract_number=contract_number,
        is_restricted=kind in RESTRICTED_KINDS,
    )
    record_event("agencies.officepartnerrelationship:add", subject=found, by=by, detail={"kind": kind})
    for case in _concerned(found):
        screen_case(case=case, by=by)
    return found


def _concerned(relationship: OfficePartnerRelationship) -> list[Selection]:
    """Live selections in the office, and accepted ones whose placement is still to begin or under way, of people from
    the company's family."""
    people = (
        Nomination.objects.confirmed()
        .filter(partner__company__family_root=relationship.company.family_root_id)
        .values("nominee")
    )
    theirs = Selection.objects.filter(opening__office=relationship.office_id, applicant__user__in=people)
    live = theirs.filter(status__in=LIVE_SELECTIONS)
    placed = theirs.filter(placements__in=Placement.objects.live())
    return list((live | placed).distinct().select_related("opening", "applicant").order_by("pk"))
