"""When records of companies and their nominees are destroyed (domain.md §5.3).

Nominations are applications, GRS 2.1/060: one year (read). Terms and declarations are ethics records, GRS 2.8/010: six
years after conclusion (read). Agreements, GRS 1.1/010: six years after they end (general knowledge: to be confirmed).
"""

import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from partners.models import EquityDeclaration, LoanTerms, Nomination, PartnerAgreement, PartnerMembership
from techforce.accounts.privacy import register_roles
from techforce.core.records.destruction import destroy_rows, needed
from techforce.core.records.disposition import Schedule, register_schedule, years_before

NOBODY = "erased@techforce.invalid"
OPEN_STATES = ("draft", "confirmed", "active")
COMPANIES, ETHICS = _("Partner companies"), _("Ethics")


def over_since(day: datetime.date, years: int) -> QuerySet[Nomination]:
    """Nominations that came to their end so many years before `day`, and those that nobody answered."""
    ended = Coalesce("closed_at", "expires_at", "created_at")
    found = Nomination.objects.exclude(status__in=OPEN_STATES).alias(ended=ended)
    return found.filter(ended__date__lte=years_before(day, years))


def _of_nomination(nomination: Nomination) -> list[Any]:
    """A hold on any of these keeps what hangs on the nomination."""
    application = nomination.application
    applicant = application.applicant if application else None
    return [each for each in (nomination, nomination.nominee, application, applicant) if each]


def _empty(nomination: Nomination) -> None:
    """What the company wrote about the person goes; terms and declarations are ethics records and stay their six
    years."""
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


def _concluded(model: Any, day: datetime.date) -> QuerySet[Any]:
    """Of nominations that ended, and of which no record of service speaks any more."""
    return model.objects.filter(nomination__in=over_since(day, 6).exclude(needed(Nomination)))


def _register_papers(label: str, title: Any, model: Any) -> None:
    register_schedule(
        Schedule(
            label=label,
            title=title,
            family=ETHICS,
            authority="GRS 2.8/010",
            due=lambda day: _concluded(model, day),
            destroy=lambda row: destroy_rows(model.objects.filter(pk=row.pk)),
            subjects=lambda row: _of_nomination(row.nomination),
            gone=(model,),
            is_confirmed=True,
        )
    )


register_schedule(
    Schedule(
        label="nominations",
        title=_("Nominations"),
        family=COMPANIES,
        authority="GRS 2.1/060",
        due=lambda day: over_since(day, 1).exclude(full_name=""),
        destroy=_empty,
        subjects=_of_nomination,
        is_confirmed=True,
    )
)
register_schedule(
    Schedule(
        label="agreements",
        title=_("Agreements with companies"),
        family=COMPANIES,
        authority="GRS 1.1/010",
        due=lambda day: PartnerAgreement.objects.filter(ends_on__lte=years_before(day, 6)),
        destroy=lambda row: destroy_rows(PartnerAgreement.objects.filter(pk=row.pk)),
        subjects=lambda row: (row.partner,),
        gone=(PartnerAgreement,),
    )
)
register_roles("company_roles", _("Roles in companies"), PartnerMembership)
_register_papers("loan_terms", _("Terms of loans"), LoanTerms)
_register_papers("equity_declarations", _("Declarations of ties to companies"), EquityDeclaration)
