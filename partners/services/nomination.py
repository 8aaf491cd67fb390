"""How a company proposes a person, and how that person answers.

The link goes to the address that the company gave; the account that opens it and is signed in becomes the nominee.
Addresses are never matched: an address that the company controls must not give it a person's account.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from partners.models import Nomination, Partner
from partners.models.nomination import INVITATION_LASTS
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many
from techforce.program.models import Cohort


@service
def nominate(
    *, partner: Partner, cohort: Cohort, full_name: str, email: str, present_role: str, by: Any
) -> Nomination:
    """Draft a nomination. Nothing leaves before `invite_nominee`."""
    if not by.has_perm("partners.nominate", partner):
        raise NotPermitted(_("Only the company's coordinators and the program office nominate."))
    nomination = Nomination.objects.create(
        partner=partner,
        cohort=cohort,
        full_name=full_name,
        invited_email=email,
        present_role=present_role,
        nominated_by=by,
    )
    record_event("partners.nomination:add", subject=nomination, by=by)
    return nomination


@service
def invite_nominee(*, nomination: Nomination, by: Any) -> str:
    """Open the invitation for 30 days and return its token, which is stored only as a digest."""
    token = secrets.token_urlsafe(32)
    values = {"token_digest": digest(token), "expires_at": timezone.now() + INVITATION_LASTS}
    transition(nomination, "invite", by=by, values=values)
    return token


@service
def confirm_nomination(*, token: str, by: Any) -> Nomination:
    """The signed-in account says: this is me, and I agree. Their own application in the cohort, if there is one, is
    attached; the company is told nothing of that."""
    nomination = _by_token(token)
    application = Application.objects.live().filter(applicant__user=by, cohort=nomination.cohort_id).first()
    confirmed: Nomination = transition(
        nomination, "confirm", by=by, values={"nominee": by, "application": application, "token_digest": ""}
    )
    return confirmed


@service
def decline_nomination(*, token: str, by: Any) -> Nomination:
    """The invited person says no. Who it was is not kept."""
    declined: Nomination = transition(_by_token(token), "decline", by=by, values={"token_digest": ""})
    return declined


@service
def revoke_nomination(*, nomination: Nomination, reason_code: str, by: Any) -> Nomination:
    """The company or the program office takes a nomination back before anything was begun on it."""
    revoked: Nomination = transition(
        nomination, "revoke", by=by, reason_code=reason_code, values={"token_digest": ""}
    )
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
    return len(
        transition_many(lapsed, "expire", by=by, values={"token_digest": ""}, is_partial_allowed=True).rows
    )


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _by_token(token: str) -> Nomination:
    nomination: Nomination | None = Nomination.objects.filter(token_digest=digest(token)).first()
    if nomination is None:
        raise Refused(
            _(
                "This invitation was already used, or its link is incomplete. Ask the company to send it again."
            )
        )
    return nomination


@guard("partners.invitation_is_open")
def invitation_is_open(rows: Sequence[Nomination], change: Change) -> Mapping[int, str]:
    sentence = _("This invitation has expired. Ask the company for a new one.")
    return {row.pk: sentence for row in rows if row.expires_at is None or row.expires_at <= change.at}


@guard("partners.invitation_has_lapsed")
def invitation_has_lapsed(rows: Sequence[Nomination], change: Change) -> Mapping[int, str]:
    return {
        row.pk: _("This invitation is still open.")
        for row in rows
        if row.expires_at and row.expires_at > change.at
    }


@guard("partners.confirms_from_a_personal_account")
def confirms_from_a_personal_account(rows: Sequence[Nomination], change: Change) -> Mapping[int, str]:
    """The account must outlive the job: its sign-in address is verified and not the company's (architecture §5)."""
    verified = set(EmailAddress.objects.filter(user=change.by, verified=True).values_list("email", flat=True))
    is_verified = change.by.email.lower() in {email.lower() for email in verified}
    partners = Partner.objects.in_bulk([row.partner_id for row in rows])
    sentence = _(
        "Sign in with a verified address of your own, not one of the company, and open the link again."
    )
    return {
        row.pk: sentence
        for row in rows
        if not is_verified or partners[row.partner_id].is_work_address(change.by.email)
    }


@guard("partners.application_is_attached")
def application_is_attached(rows: Sequence[Nomination], change: Change) -> Mapping[int, str]:
    given = change.values.get("application")
    return {
        row.pk: _("The nominee has not applied yet.") for row in rows if not (given or row.application_id)
    }
