"""What this app holds of a person: given out in full, destroyed where it may be, moved between accounts."""

import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from applicants.models import ApplicationStatus
from partners.models import Nomination, PartnerMembership
from partners.privacy import shares  # noqa: F401  (registers what goes into the download)
from partners.workflow import NominationStatus
from techforce.accounts.models import User
from techforce.core import privacy
from techforce.core.disposition import Schedule, register_schedule, years_before
from techforce.core.workflow import transition_many

NOBODY = "erased@techforce.invalid"
OPEN_STATES = ("draft", "confirmed", "active")


def erase(user: Any) -> None:
    """A confirmed nomination, its terms and its declarations are federal records and are destroyed at their
    disposition date; it only lets go of the draft, which goes at once. What was never confirmed does not know the
    person's account."""
    attached = Nomination.objects.filter(
        application__applicant__user=user, application__status=ApplicationStatus.DRAFT
    )
    begun = attached.filter(status=NominationStatus.ACTIVE)
    transition_many(begun, "close", by=User.objects.system(), reason_code="withdrew")
    attached.update(application=None, version=F("version") + 1)


def repoint(old: Any, new: Any) -> None:
    """The person signs in with another account from now on."""
    Nomination.objects.filter(nominee=old).update(nominee=new)
    PartnerMembership.objects.filter(user=old).update(user=new)


def _over(day: datetime.date) -> QuerySet[Any]:
    """Nominations that came to their end a year before `day`, and those that nobody answered."""
    ended = Coalesce("closed_at", "expires_at", "created_at")
    found = Nomination.objects.exclude(status__in=OPEN_STATES).exclude(full_name="")
    return found.alias(ended=ended).filter(ended__date__lte=years_before(day, 1))


def _empty(nomination: Nomination) -> None:
    """What the company wrote about the person goes; terms and declarations are ethics records and stay their six
    years."""
    if nomination.nominee:
        privacy.refuse_if_held(nomination.nominee)
    Nomination.objects.filter(pk=nomination.pk).update(
        full_name="",
        invited_email=NOBODY,
        present_role="",
        division="",
        federal_accounts="",
        federal_bids="",
        token_digest="",
        version=F("version") + 1,
    )


register_schedule(
    Schedule(label="nominations", title=_("Nominations"), authority="GRS 2.1/060", due=_over, destroy=_empty)
)
privacy.register("partners", erase=erase, repoint=repoint)
privacy.register_tombstones(
    Nomination, lambda: Q(full_name="", loan_terms__isnull=True, equity_declarations__isnull=True)
)
