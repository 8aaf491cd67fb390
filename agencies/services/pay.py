"""The named exception from the pay band (I5): who, on what authority, why, when."""

from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from agencies.models import Opening, PayBandException
from agencies.workflow import OpeningStatus
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service


@service
def allow_pay_outside_band(*, opening: Opening, authority: str, reason: str, by: Any) -> PayBandException:
    """Approve the pay range that a draft states now, although it lies outside the cohort's band. Good for
    exactly this range."""
    if not by.has_perm("agencies.add_paybandexception", opening):
        raise NotPermitted(_("Your role does not allow exceptions from the pay band."))
    locked = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if locked.status != OpeningStatus.DRAFT or locked.pay_low is None or locked.pay_high is None:
        raise Refused(_("An exception is for a draft that states its whole pay range."))
    exception = PayBandException.objects.create(
        opening=locked,
        pay_low=locked.pay_low,
        pay_high=locked.pay_high,
        authority=authority,
        reason=reason,
        approved_by=by,
        approved_on=today(),
    )
    Opening.objects.filter(pk=locked.pk).update(band_exception=exception, version=F("version") + 1)
    record_event("agencies.opening:allow_pay", subject=locked, by=by, detail={"exception": exception.pk})
    opening.refresh_from_db()
    return exception
