"""State machines of partner companies and of the people whom they nominate."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class PartnerStatus(models.TextChoices):
    """How far a company has come to taking part (domain.md §1.3)."""

    PROSPECTIVE = "prospective", _("Prospective")
    AGREEMENT_PENDING = "agreement_pending", _("Agreement pending")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


PARTNER = Workflow(
    model="partners.Partner",
    states=PartnerStatus,
    initial=("prospective",),
    transitions=(
        Transition(
            name="begin_agreement",
            sources=("prospective",),
            target="agreement_pending",
            label=_("Begin the agreement"),
            permission="partners.onboard_partner",
        ),
        Transition(
            name="activate",
            sources=("agreement_pending",),
            target="active",
            label=_("Activate"),
            permission="partners.onboard_partner",
            guards=("partners.agreement_is_in_force",),
        ),
        Transition(
            name="suspend",
            sources=("active",),
            target="suspended",
            label=_("Suspend"),
            permission="partners.onboard_partner",
            reasons=("agreement_ended", "under_review", "own_request"),
        ),
        Transition(
            name="resume",
            sources=("suspended",),
            target="active",
            label=_("Resume"),
            permission="partners.onboard_partner",
            guards=("partners.agreement_is_in_force",),
        ),
        Transition(
            name="withdraw",
            sources=("prospective", "agreement_pending", "active", "suspended"),
            target="withdrawn",
            label=_("Withdraw"),
            permission="partners.onboard_partner",
            reasons=("own_request", "program_decision", "merged"),
        ),
    ),
)


class LoanKind(models.TextChoices):
    """How a company lets a person go to serve: exactly one of the two is on file before the start (I7)."""

    LEAVE = "leave_of_absence", _("Leave of absence")
    SEPARATION = "separation", _("Separation")


class DeclineReason(models.TextChoices):
    """What a person may say with a no. The company never reads it."""

    NOT_NOW = "not_now", _("Not at this time")
    TERMS = "terms", _("The terms do not suit me")
    UNEXPECTED = "unexpected", _("I did not expect to be nominated")
    OTHER = "other", _("Another reason")


class NominationStatus(models.TextChoices):
    """Where a nomination stands. No agency sees a nominee who has not confirmed (architecture §4)."""

    DRAFT = "draft", _("Draft")
    INVITED = "invited", _("Invited")
    CONFIRMED = "confirmed", _("Confirmed")
    ACTIVE = "active", _("Active")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    REVOKED = "revoked", _("Revoked")


OPEN_NOMINATIONS = ("draft", "invited", "confirmed", "active")
CONFIRMED_NOMINATIONS = ("confirmed", "active", "closed")

NOMINATION = Workflow(
    model="partners.Nomination",
    states=NominationStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="invite",
            sources=("draft",),
            target="invited",
            label=_("Send the invitation"),
            permission="partners.nominate",
            guards=("partners.partner_may_nominate",),
            stamp="invited_at",
            offered=False,  # the invitation carries a token that only `services.invite_nominee` makes
        ),
        Transition(
            name="confirm",
            sources=("invited",),
            target="confirmed",
            label=_("Confirm"),
            permission="partners.answer_nomination",
            guards=("partners.invitation_is_open", "partners.confirms_from_a_personal_account"),
            stamp="confirmed_at",
            offered=False,  # only whoever holds the token may answer, and the token is checked by the service
        ),
        Transition(
            name="decline",
            sources=("invited",),
            target="declined",
            label=_("Decline"),
            permission="partners.decline_nomination",  # saying no takes no account
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="expire",
            sources=("invited",),
            target="expired",
            label=_("Expire"),
            permission="partners.expire_nomination",
            guards=("partners.invitation_has_lapsed",),
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="revoke",
            sources=("draft", "invited", "confirmed"),
            target="revoked",
            label=_("Revoke"),
            permission="partners.nominate",
            reasons=("left_company", "company_decision", "sent_in_error"),
            stamp="closed_at",
        ),
        Transition(
            name="activate",
            sources=("confirmed",),
            target="active",
            label=_("Begin the process"),
            permission="partners.carry_nomination",
            guards=("partners.application_is_attached",),
            offered=False,
        ),
        Transition(
            name="close",
            sources=("confirmed", "active"),
            target="closed",
            label=_("Close"),
            permission="partners.carry_nomination",
            reasons=("service_ended", "not_placed", "withdrew", "separated"),
            stamp="closed_at",
        ),
    ),
)
