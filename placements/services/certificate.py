"""Certificates of eligibles, and what agencies return on them."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.services.guards import not_again, set_aside_for
from placements.models import Certificate, CertificateEntry, Disposition, Referral, Selection
from placements.services.agency_notices import tell_certificate_waits
from placements.services.locks import lock
from placements.services.notices import tell_dispositions, tell_referred
from techforce.core.audit import record_event
from techforce.core.calendar import today
from techforce.core.errors import NotPermitted, Refused
from techforce.core.services import service
from techforce.core.workflow import Change, guard, transition, transition_many

REMOVE_ENTRY = "placements.certificateentry:remove"
STILL_OPEN = ("proposed", "shortlisted", "interviewing", "held")


@service
def issue_certificate(*, certificate: Certificate, by: Any) -> Certificate:
    """Make the list usable; from now on it changes only by an amendment."""
    issued: Certificate = transition(certificate, "issue", by=by)
    return issued


@service
def refer_certificate(
    *, certificate: Certificate, opening: Any, due_on: datetime.date | None = None, by: Any
) -> Referral:
    """Hand an issued certificate to the agency of an opening in the same cohort, to be returned by `due_on`. The
    agency and every person on it are told."""
    if not by.has_perm("placements.add_referral", certificate):
        raise NotPermitted(_("Only a program manager refers a certificate."))
    if not is_usable(lock(certificate)):
        raise Refused(_("Only a certificate that is issued and in date is referred."))
    if certificate.referrals.filter(opening=opening).exists():
        raise Refused(_("This certificate was already referred for this opening."))
    referral = Referral.objects.create(
        certificate=certificate, opening=opening, cohort=certificate.cohort, due_on=due_on
    )
    record_event("placements.referral:refer", subject=referral, by=by)
    tell_certificate_waits(referral)
    tell_referred(referral)
    return referral


@service
def record_dispositions(
    *, referral: Referral, entries: Sequence[CertificateEntry], code: str, by: Any
) -> int:
    """Write what became of these names; a name that has an outcome keeps it. Returns how many were written."""
    if not by.has_perm("placements.add_disposition", referral):
        raise NotPermitted(_("Only the agency's HR specialists record what became of a name."))
    lock_open(referral)
    if any(entry.certificate_id != referral.certificate_id for entry in entries):
        raise Refused(_("These names are not all on the referred certificate."))
    decided = set(referral.dispositions.values_list("entry", flat=True))
    rows = [
        Disposition(
            referral=referral,
            entry=entry,
            certificate_id=referral.certificate_id,
            code=code,
            decided_by=by,
            decided_at=timezone.now(),
        )
        for entry in entries
        if entry.pk not in decided
    ]
    Disposition.objects.bulk_create(rows)
    detail = {"code": code, "entries": [row.entry_id for row in rows]}
    record_event("placements.referral:record_dispositions", subject=referral, by=by, detail=detail)
    tell_dispositions([row.entry for row in rows], referral.opening, code)
    return len(rows)


def is_usable(certificate: Certificate) -> bool:
    """Issued, and not past its last day even if nobody has expired it yet."""
    return certificate.status == "issued" and certificate.expires_on >= today()


def lock_open(referral: Referral) -> Referral:
    """The referral, locked. Raises Refused when it has been returned."""
    locked: Referral = lock(referral)
    if locked.status != "open":
        raise Refused(_("The agency has returned this certificate."))
    return locked


@service
def remove_entry(*, entry: CertificateEntry, by: Any) -> CertificateEntry:
    """Eligibility has ended: the name is passed over from now on, and stays on record."""
    if not by.has_perm("placements.remove_certificateentry", entry):
        raise NotPermitted(_("Only a program manager removes a name."))
    if set_aside_for([entry.application_id], by):
        raise NotPermitted(not_again())
    if not CertificateEntry.objects.filter(pk=entry.pk, removed_at=None).update(removed_at=timezone.now()):
        raise Refused(_("This name was already removed."))
    record_event(REMOVE_ENTRY, subject=entry, by=by)
    entry.refresh_from_db()
    return entry


def restore_entry(*, entry: CertificateEntry, reason_code: str, by: Any) -> None:
    """A review set the removal aside: the name counts again, in the caller's transaction. On a certificate that is no
    longer in use it changes nothing; the next list names the person anyway."""
    CertificateEntry.objects.filter(pk=entry.pk).update(removed_at=None)
    record_event("placements.certificateentry:restore", subject=entry, by=by, reason_code=reason_code)


@service
def return_referral(*, referral: Referral, by: Any) -> Referral:
    """Give the certificate back once every name has an outcome."""
    returned: Referral = transition(referral, "return", by=by)
    return returned


@service
def return_with_outcomes(*, referral: Referral, outcomes: Mapping[int, str], by: Any) -> Referral:
    """Write the outcome of every name that has none, by the key of its entry, and give the certificate back. Nobody
    who is still being considered goes back."""
    waiting = Selection.objects.filter(referral=referral, status__in=STILL_OPEN)
    if waiting.exists():
        raise Refused(_("Somebody on this certificate is still being considered. Decide about them first."))
    named_here = referral.certificate.entries.filter(pk__in=outcomes)
    entries = named_here.select_related("application__applicant__user").order_by("pk")
    by_code: dict[str, list[CertificateEntry]] = defaultdict(list)
    for entry in entries:
        by_code[outcomes[entry.pk]].append(entry)
    for code, named in sorted(by_code.items()):
        record_dispositions(referral=referral, entries=named, code=code, by=by)
    return return_referral(referral=referral, by=by)


@service
def complete_certificate(*, certificate: Certificate, by: Any) -> Certificate:
    """Close the audit: every referral has come back."""
    completed: Certificate = transition(certificate, "complete", by=by)
    return completed


@service
def amend_certificate(*, certificate: Certificate, number: str, reason_code: str, by: Any) -> Certificate:
    """Replace an issued certificate by a draft with the same entries, which is then corrected and issued."""
    transition(certificate, "amend", by=by, reason_code=reason_code)
    draft = Certificate.objects.create(
        number=number,
        cohort=certificate.cohort,
        discipline=certificate.discipline,
        method=certificate.method,
        authority=certificate.authority,
        expires_on=certificate.expires_on,
        replaces=certificate,
    )
    entries = certificate.entries.filter(removed_at__isnull=True).order_by("pk")
    CertificateEntry.objects.bulk_create(
        CertificateEntry(
            certificate=draft,
            application_id=entry.application_id,
            category=entry.category,
            position=entry.position,
        )
        for entry in entries
    )
    return draft


@service
def expire_certificates(*, by: Any) -> int:
    """Expire what is past its date; beat calls it. Returns how many."""
    past = Certificate.objects.past_their_date()
    return len(transition_many(past, "expire", by=by, is_partial_allowed=True).rows)


@guard("placements.certificate_is_complete")
def certificate_is_complete(rows: Sequence[Certificate], change: Change) -> Mapping[int, str]:
    filled = set(
        CertificateEntry.objects.filter(certificate__in=rows, removed_at__isnull=True).values_list(
            "certificate", flat=True
        )
    )
    refused = {row.pk: _("Add at least one person first.") for row in rows if row.pk not in filled}
    return refused | {row.pk: _("Its last day has passed.") for row in rows if row.expires_on < today()}


@guard("placements.certificate_is_past_its_date")
def certificate_is_past_its_date(rows: Sequence[Certificate], change: Change) -> Mapping[int, str]:
    return {row.pk: _("This certificate can still be used.") for row in rows if row.expires_on >= today()}


@guard("placements.referrals_are_returned")
def referrals_are_returned(rows: Sequence[Certificate], change: Change) -> Mapping[int, str]:
    out = set(
        Referral.objects.filter(certificate__in=rows, status="open").values_list("certificate", flat=True)
    )
    return {row.pk: _("Some agencies have not returned it yet.") for row in rows if row.pk in out}


@guard("placements.every_entry_has_a_disposition")
def every_entry_has_a_disposition(rows: Sequence[Referral], change: Change) -> Mapping[int, str]:
    """The audit of a certificate asks for an outcome of every name (domain.md §2.7)."""
    entries = CertificateEntry.objects.filter(certificate__referrals__in=rows, removed_at__isnull=True)
    wanted = set(entries.values_list("certificate__referrals", "pk"))
    given = set(Disposition.objects.filter(referral__in=rows).values_list("referral", "entry"))
    waiting = {referral for referral, _entry in wanted - given}
    return {row.pk: _("Every name needs an outcome first.") for row in rows if row.pk in waiting}
