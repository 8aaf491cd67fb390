"""Onboarding of companies."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from partners.models import Partner, PartnerAgreement
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition


@service
def begin_agreement(*, partner: Partner, by: Any) -> Partner:
    """Note that an agreement with the company is being negotiated."""
    moved: Partner = transition(partner, "begin_agreement", by=by)
    return moved


@service
def add_agreement(
    *,
    partner: Partner,
    reference: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    signed_on: datetime.date | None,
    by: Any,
) -> PartnerAgreement:
    """File an agreement. Signed agreements of one company never overlap; the database refuses it."""
    if not by.has_perm("partners.add_partneragreement", partner):
        raise NotPermitted(_("Your role does not allow filing an agreement."))
    agreement = PartnerAgreement.objects.create(
        partner=partner, reference=reference, starts_on=starts_on, ends_on=ends_on, signed_on=signed_on
    )
    record_event("partners.partneragreement:add", subject=agreement, by=by)
    return agreement


@service
def activate_partner(*, partner: Partner, by: Any) -> Partner:
    """Let the company nominate, once an agreement is in force."""
    moved: Partner = transition(partner, "resume" if partner.status == "suspended" else "activate", by=by)
    return moved


@service
def suspend_partner(*, partner: Partner, reason_code: str, by: Any) -> Partner:
    """Stop new nominations; those who serve go on serving."""
    moved: Partner = transition(partner, "suspend", by=by, reason_code=reason_code)
    return moved


@service
def withdraw_partner(*, partner: Partner, reason_code: str, by: Any) -> Partner:
    """End the company's part in the program."""
    moved: Partner = transition(partner, "withdraw", by=by, reason_code=reason_code)
    return moved


@guard("partners.agreement_is_in_force")
def agreement_is_in_force(rows: Sequence[Partner], change: Change) -> Mapping[int, str]:
    """A company lends staff only under a signed agreement that binds today."""
    bound = _bound_today(row.pk for row in rows)
    return {
        row.pk: _("File the signed agreement that is in force today first.")
        for row in rows
        if row.pk not in bound
    }


@guard("partners.partner_may_nominate")
def partner_may_nominate(rows: Sequence[Any], change: Change) -> Mapping[int, str]:
    """An active company with an agreement in force (step A01)."""
    active = Partner.objects.filter(pk__in=[row.partner_id for row in rows], status="active").values_list(
        "pk", flat=True
    )
    able = set(active) & _bound_today(row.partner_id for row in rows)
    sentence = _("This company has no agreement in force or is not active, so it cannot nominate now.")
    return {row.pk: sentence for row in rows if row.partner_id not in able}


def _bound_today(partner_ids: Any) -> set[int]:
    agreements = PartnerAgreement.objects.in_force().filter(partner__in=list(partner_ids))
    return set(agreements.values_list("partner_id", flat=True))
