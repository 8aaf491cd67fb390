"""A change to a published opening: proposed by the agency, in force only once OPM approves it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Max
from django.utils.translation import gettext as _

from agencies.models import Opening, OpeningRevision
from agencies.services.notices import tell_agency
from agencies.workflow import OpeningStatus
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition


@service
def propose_revision(
    *, opening: Opening, changes: Mapping[str, Any], reason: str, by: Any, is_correction: bool = False
) -> OpeningRevision:
    """Keep `changes` (new values by column) beside the published opening until OPM decides.

    Raises Refused for a column that cannot be changed this way, for a value that the column does not take,
    and while another change waits.
    """
    permission = "agencies.approve_opening" if is_correction else "agencies.revise_opening"
    if not by.has_perm(permission, opening):
        raise NotPermitted(_("Your role does not allow changing this opening."))
    locked = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if locked.status not in (OpeningStatus.PUBLISHED, OpeningStatus.PAUSED):
        raise Refused(_("Only a published opening is changed this way. Edit the draft instead."))
    if locked.revisions.filter(status="proposed").exists():
        raise Conflict(_("Another change to this opening waits for approval. Withdraw it first."))
    revision = OpeningRevision(
        opening=locked,
        number=1 + (locked.revisions.aggregate(last=Max("number"))["last"] or 0),
        changes=_plain(changes),
        opening_version=locked.version,
        is_correction=is_correction,
        reason=reason,
        proposed_by=by,
    )
    _check_values(revision)
    revision.save()
    record_event(
        "agencies.openingrevision:propose", subject=revision, by=by, detail={"fields": sorted(changes)}
    )
    return revision


@service
def approve_revision(*, revision: OpeningRevision, by: Any) -> OpeningRevision:
    """Put the new values into force and tell the agency. Raises Conflict when the opening itself changed since the
    proposal."""
    opening = Opening.objects.select_for_update(of=("self",)).get(pk=revision.opening_id)
    if opening.version != revision.opening_version:
        raise Conflict(
            _("The opening was changed after this proposal. Return it, so that it can be made again.")
        )
    approved: OpeningRevision = transition(revision, "approve", by=by)
    Opening.objects.filter(pk=opening.pk).update(**approved.new_values(), version=F("version") + 1)
    record_event("agencies.opening:revise", subject=opening, by=by, detail={"revision": approved.pk})
    tell_agency("revision_approved", approved, opening)
    return approved


@service
def return_revision(*, revision: OpeningRevision, comments: str, by: Any) -> OpeningRevision:
    """Send the proposal back and say what to change; the published values stay. The agency is told that it did."""
    returned: OpeningRevision = transition(
        revision, "return_for_changes", by=by, values={"comments": comments.strip()}
    )
    tell_agency("revision_returned", returned, returned.opening)
    return returned


@service
def withdraw_revision(*, revision: OpeningRevision, by: Any) -> OpeningRevision:
    withdrawn: OpeningRevision = transition(revision, "withdraw", by=by)
    return withdrawn


def _plain(changes: Mapping[str, Any]) -> dict[str, Any]:
    """As text where JSON has no such type."""
    if unknown := set(changes) - OpeningRevision.REVISABLE:
        raise Refused(
            _("This cannot be changed once published: %(names)s.") % {"names": ", ".join(sorted(unknown))}
        )
    return {
        name: value if isinstance(value, bool | int) or value is None else str(value)
        for name, value in changes.items()
    }


def _check_values(revision: OpeningRevision) -> None:
    try:
        values = revision.new_values()
        for name, value in values.items():
            setattr(revision.opening, name, value)
        revision.opening.full_clean(exclude=["band_exception"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    finally:
        revision.opening.refresh_from_db()
