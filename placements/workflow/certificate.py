"""A certificate of eligibles and its referrals to agencies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from techforce.core.workflow import Transition, Workflow


class CertificateStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    EXPIRED = "expired", _("Expired")
    COMPLETED = "completed", _("Completed")
    AMENDED = "amended", _("Amended")


CERTIFICATE = Workflow(
    model="placements.Certificate",
    states=CertificateStatus,
    initial=("draft",),
    transitions=(
        Transition(
            name="issue",
            sources=("draft",),
            target="issued",
            label=_("Issue"),
            permission="placements.certify",
            guards=("placements.certificate_is_complete",),
            stamp="issued_at",
        ),
        Transition(
            name="expire",
            sources=("issued",),
            target="expired",
            label=_("Expire"),
            permission="placements.expire_certificate",
            guards=("placements.certificate_is_past_its_date",),
            stamp="closed_at",
            offered=False,
        ),
        Transition(
            name="complete",
            sources=("issued", "expired"),
            target="completed",
            label=_("Complete the audit"),
            permission="placements.certify",
            guards=("placements.referrals_are_returned",),
            stamp="closed_at",
        ),
        Transition(
            name="amend",
            sources=("issued",),
            target="amended",
            label=_("Amend"),
            permission="placements.certify",
            reasons=("eligibility_restored", "eligibility_lost", "error_corrected"),
            stamp="closed_at",
            offered=False,  # `services.amend_certificate` makes the certificate that replaces it
        ),
    ),
)


class ReferralStatus(models.TextChoices):
    OPEN = "open", _("Open")
    RETURNED = "returned", _("Returned")


REFERRAL = Workflow(
    model="placements.Referral",
    states=ReferralStatus,
    initial=("open",),
    transitions=(
        Transition(
            name="return",
            sources=("open",),
            target="returned",
            label=_("Return the certificate"),
            permission="placements.return_referral",
            guards=("placements.every_entry_has_a_disposition",),
            stamp="returned_at",
        ),
    ),
)
