"""How the invited person answers.

The link goes to the address that the company gave; the account that opens it and is signed in becomes the nominee.
Addresses are never matched: an address that the company controls must not give it a person's account. To say no, the
link is enough.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Application
from partners.models import Nomination, Partner
from partners.services.nomination import digest
from partners.services.notices import tell_company
from partners.services.terms import declare_equity
from partners.workflow import DeclineReason
from techforce.core.errors import Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition


def nomination_behind(token: str, public_id: UUID) -> Nomination | None:
    """The open invitation that this link is for; None when it expired, was answered, or was sent again since."""
    still_open = Nomination.objects.filter(
        public_id=public_id, status="invited", token_digest=digest(token), expires_at__gt=timezone.now()
    )
    found: Nomination | None = still_open.select_related("partner__company", "cohort", "nominated_by").first()
    return found


def may_answer_from(nomination: Nomination, user: Any) -> bool:
    """Whether the account may become the nominee: its sign-in address is verified and not the company's."""
    return user.email.lower() in _verified(user) and not nomination.partner.is_work_address(user.email)


@service
def confirm_nomination(*, token: str, ties: Mapping[str, bool] | None = None, by: Any) -> Nomination:
    """The signed-in account says: this is me, and I agree. `ties` are the answers about what they keep in the company
    (fields of EquityDeclaration). Their own application in the cohort, if there is one, is attached; the company is
    told nothing of that."""
    nomination = _by_token(token)
    _refuse_second_company(nomination, by)
    application = Application.objects.live().filter(applicant__user=by, cohort=nomination.cohort_id).first()
    confirmed: Nomination = transition(
        nomination, "confirm", by=by, values={"nominee": by, "application": application, "token_digest": ""}
    )
    if ties is not None:
        declare_equity(nomination=confirmed, company=confirmed.partner.company, kinds=dict(ties), by=by)
    tell_company("nomination_confirmed", [confirmed])
    return confirmed


@service
def decline_nomination(*, token: str, reason: str = "", by: Any) -> Nomination:
    """The invited person says no. Who it was is not kept on the row; `reason` (a DeclineReason, or empty) stands in the
    audit, which no company reads."""
    detail = {"why": DeclineReason(reason).value} if reason else {}
    declined: Nomination = transition(
        _by_token(token), "decline", by=by, detail=detail, values={"token_digest": ""}
    )
    tell_company("nomination_declined", [declined])
    return declined


def _by_token(token: str) -> Nomination:
    nomination: Nomination | None = Nomination.objects.filter(token_digest=digest(token)).first()
    if nomination is None:
        raise Refused(
            _(
                "This invitation was already used, or its link is incomplete. Ask the company to send it again."
            )
        )
    return nomination


def _refuse_second_company(nomination: Nomination, by: Any) -> None:
    """The database refuses it too; this says why."""
    others = Nomination.objects.filter(
        nominee=by, cohort=nomination.cohort_id, status__in=("confirmed", "active")
    )
    if others.exists():
        raise Refused(
            _("You have confirmed a nomination in this cohort already. One company lends one person.")
        )


def _verified(user: Any) -> set[str]:
    addresses = EmailAddress.objects.filter(user=user, verified=True).order_by("pk")
    return {email.lower() for email in addresses.values_list("email", flat=True)}


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
    is_verified = change.by.email.lower() in _verified(change.by)
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
