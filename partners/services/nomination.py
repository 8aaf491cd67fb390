"""How a company proposes a person. How that person answers is in `services.answer`."""

import datetime
import hashlib
import secrets
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Nomination, Partner
from partners.models.nomination import INVITATION_LASTS
from partners.services.notices import send_invitation, tell_company, tell_revoked
from partners.workflow import OPEN_NOMINATIONS, NominationStatus
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import transition, transition_many
from techforce.program.models import Cohort

INVITED_AGAIN_AFTER = datetime.timedelta(days=1)
"""How long an invitation rests before a fresh link may be sent: nobody's mailbox is filled from here."""
MOST_INVITATIONS_A_DAY = 200
"""Of one company: more than a roster needs, and too few for a flood."""

SAID_AGAIN = (
    "partner",
    "cohort",
    "full_name",
    "invited_email",
    "present_role",
    "division",
    "federal_accounts",
    "federal_bids",
    "planned_kind",
)
"""What a second nomination of the same person repeats of the first."""


@service
def nominate(
    *,
    partner: Partner,
    cohort: Cohort,
    full_name: str,
    email: str,
    present_role: str,
    division: str = "",
    federal_accounts: str = "",
    federal_bids: str = "",
    planned_kind: str = "",
    by: Any,
) -> Nomination:
    """Draft a nomination. Nothing leaves before `invite_nominee`. Refused only for an address that stands in the
    company's own roster: whether anybody else knows it must not show."""
    nomination = Nomination(
        partner=partner,
        cohort=cohort,
        full_name=full_name,
        invited_email=email,
        present_role=present_role,
        division=division,
        federal_accounts=federal_accounts,
        federal_bids=federal_bids,
        planned_kind=planned_kind,
    )
    return _draft(nomination, by)


@service
def propose_nominee(*, by: Any, **facts: Any) -> Nomination:
    """Nominate (see there for `facts`) and send the invitation, both or neither."""
    nomination = nominate(**facts, by=by)
    invite_nominee(nomination=nomination, by=by)
    return nomination


@service
def invite_nominee(*, nomination: Nomination, by: Any) -> str:
    """Open the invitation for 30 days, mail its link, and return its token, which is stored only as a digest."""
    _refuse_a_flood(nomination)
    token = secrets.token_urlsafe(32)
    values = {"token_digest": digest(token), "expires_at": timezone.now() + INVITATION_LASTS}
    transition(nomination, "invite", by=by, values=values)
    send_invitation(nomination, token)
    return token


@service
def invite_again(*, nomination: Nomination, by: Any) -> Nomination:
    """Send the invitation of a draft, put a fresh link in the place of one that is still open, or nominate anew
    whoever did not answer in time. Returns the nomination that is open now."""
    if not by.has_perm("partners.nominate", nomination):
        raise NotPermitted(_("Only the company's coordinators and the program office nominate."))
    rows = Nomination.objects.select_for_update(of=("self",), no_key=True)
    locked: Nomination = rows.get(pk=nomination.pk)
    if locked.status == NominationStatus.DRAFT:
        invite_nominee(nomination=locked, by=by)
        return locked
    if locked.status == NominationStatus.INVITED:
        return _replace_link(locked, by)
    if locked.status == NominationStatus.EXPIRED:
        again = _draft(Nomination(**{name: getattr(locked, name) for name in SAID_AGAIN}), by)
        invite_nominee(nomination=again, by=by)
        return again
    raise Refused(_("Only an invitation that nobody has answered can be sent again."))


@service
def revoke_nomination(*, nomination: Nomination, reason_code: str, by: Any) -> Nomination:
    """The company or the program office takes a nomination back before anything was begun on it."""
    revoked: Nomination = transition(
        nomination, "revoke", by=by, reason_code=reason_code, values={"token_digest": ""}
    )
    tell_revoked(revoked)
    return revoked


@service
def attach_application(*, nomination: Nomination, application: Any, by: Any) -> Nomination:
    """Begin the process for a confirmed nominee who has an application of their own in the cohort."""
    owns = (
        application.applicant.user_id == nomination.nominee_id
        and application.cohort_id == nomination.cohort_id
    )
    if not owns:
        raise Refused(_("This application is not the nominee's own application in this cohort."))
    active: Nomination = transition(nomination, "activate", by=by, values={"application": application})
    return active


@service
def close_nomination(*, nomination: Nomination, reason_code: str, by: Any) -> Nomination:
    """End a nomination; the company sees the word Closed and no reason."""
    closed: Nomination = transition(nomination, "close", by=by, reason_code=reason_code)
    return closed


@service
def expire_invitations(*, by: Any) -> int:
    """Close the invitations that nobody answered in 30 days; beat calls it. Returns how many."""
    lapsed = Nomination.objects.lapsed()
    expired = transition_many(lapsed, "expire", by=by, values={"token_digest": ""}, is_partial_allowed=True)
    tell_company("nomination_expired", expired.rows)
    return len(expired.rows)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _draft(nomination: Nomination, by: Any) -> Nomination:
    if not by.has_perm("partners.nominate", nomination.partner):
        raise NotPermitted(_("Only the company's coordinators and the program office nominate."))
    _refuse_twice(nomination)
    nomination.nominated_by = by
    try:
        with transaction.atomic():
            nomination.save()
    except IntegrityError:  # a colleague was faster by a moment
        _refuse_twice(nomination)
        raise
    record_event("partners.nomination:add", subject=nomination, by=by)
    return nomination


def _refuse_twice(nomination: Nomination) -> None:
    same = Nomination.objects.filter(
        partner=nomination.partner,
        cohort=nomination.cohort,
        invited_email__iexact=nomination.invited_email,
        status__in=OPEN_NOMINATIONS,
    )
    if same.exists():
        raise Refused(_("Your company has an open nomination with this address for this cohort already."))


def _refuse_a_flood(nomination: Nomination) -> None:
    """Nominating, revoking and nominating again fills no mailbox: one invitation a day from a company to an address,
    and not more than its roster could ever need."""
    lately = Nomination.objects.filter(
        partner=nomination.partner, invited_at__gt=timezone.now() - INVITED_AGAIN_AFTER
    ).exclude(pk=nomination.pk)
    if lately.filter(invited_email__iexact=nomination.invited_email).exists():
        raise Refused(_("An invitation went to this address less than a day ago. Send it again tomorrow."))
    if lately.count() >= MOST_INVITATIONS_A_DAY:
        raise Refused(_("Your company has sent as many invitations as a day allows. Go on tomorrow."))


def _replace_link(nomination: Nomination, by: Any) -> Nomination:
    now = timezone.now()
    if nomination.invited_at and nomination.invited_at > now - INVITED_AGAIN_AFTER:
        raise Refused(_("This invitation was sent less than a day ago. Send it again tomorrow."))
    token = secrets.token_urlsafe(32)
    nomination.token_digest, nomination.invited_at = digest(token), now
    nomination.expires_at = now + INVITATION_LASTS
    nomination.version += 1
    nomination.save(update_fields=["token_digest", "invited_at", "expires_at", "version"])
    send_invitation(nomination, token)
    record_event("partners.nomination:invite_again", subject=nomination, by=by)
    return nomination
