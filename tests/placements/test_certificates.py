"""A certificate's names stand still once it is issued, and are used only while it may be used."""

import datetime
from typing import Any

import pytest

from placements import services, tasks
from placements.models import Certificate, CertificateEntry, Disposition, Referral
from techforce.accounts.models import OpmRole
from techforce.core.calendar import today
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.parallel import at_once, succeeded
from tests.placements.attacks import refused

DAY = datetime.timedelta(days=1)
STANDS = "only while it is a draft"

pytestmark = pytest.mark.django_db


def issued(**fields: Any) -> tuple[CertificateEntry, Referral, Any]:
    """A name on an issued certificate that was referred, and the agency's HR specialist."""
    entry = made.CertificateEntryFactory(**fields)
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    certificate = services.issue_certificate(certificate=entry.certificate, by=manager)
    opening = PublishedOpeningFactory(cohort=certificate.cohort)
    referral = services.refer_certificate(certificate=certificate, opening=opening, by=manager)
    return entry, referral, agency_member(agency=opening.agency)


def test_names_of_an_issued_certificate_do_not_change() -> None:
    entry, _referral, _hr = issued()
    with refused(STANDS):
        CertificateEntry.objects.filter(pk=entry.pk).update(position=1)
    with refused(STANDS):
        CertificateEntry.objects.filter(pk=entry.pk).delete()
    with refused(STANDS):
        made.CertificateEntryFactory(certificate=entry.certificate)


def test_a_name_is_changed_in_a_draft_and_removed_at_any_time() -> None:
    entry = made.CertificateEntryFactory()
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    assert manager.has_perm("placements.change_certificateentry", entry)
    services.issue_certificate(certificate=entry.certificate, by=manager)
    assert not manager.has_perm("placements.change_certificateentry", entry)
    assert services.remove_entry(entry=entry, by=manager).removed_at is not None


def dispose(referral: Referral, entry: CertificateEntry, hr: Any) -> int:
    return services.record_dispositions(referral=referral, entries=[entry], code="not_considered", by=hr)


def test_an_outcome_is_written_once_with_an_audit_row_and_not_after_the_return() -> None:
    entry, referral, hr = issued()
    assert dispose(referral, entry, hr) == 1
    event = AuditEvent.objects.about(referral).get(action="placements.referral:record_dispositions")
    assert event.detail == {
        "code": "not_considered",
        "entries": [entry.pk],
    }
    services.return_referral(referral=referral, by=hr)
    with pytest.raises(Refused, match="returned"):
        dispose(referral, entry, hr)


def test_an_outcome_is_of_a_name_on_the_referred_certificate() -> None:
    _entry, referral, hr = issued()
    with pytest.raises(Refused, match="not all on"):
        dispose(referral, made.CertificateEntryFactory(), hr)


@pytest.mark.django_db(transaction=True)
def test_two_who_write_the_same_outcome_at_once_get_an_answer_each() -> None:
    entry, referral, hr = issued()
    assert sorted(succeeded(at_once(2, lambda _n: dispose(referral, entry, hr)))) == [0, 1]
    assert Disposition.objects.count() == 1


def propose(referral: Referral, entry: CertificateEntry, hr: Any) -> Any:
    return services.propose_selection(referral=referral, application=entry.application, by=hr)


def test_a_qualified_person_is_considered() -> None:
    entry, referral, hr = issued()
    assert propose(referral, entry, hr).status == "proposed"


def test_nobody_is_considered_from_a_returned_referral() -> None:
    entry, referral, hr = issued()
    dispose(referral, entry, hr)
    services.return_referral(referral=referral, by=hr)
    with pytest.raises(Refused, match="returned"):
        propose(referral, entry, hr)


def test_nobody_is_considered_or_referred_past_the_last_day() -> None:
    entry, referral, hr = issued()
    yesterday = {"issued_at": entry.certificate.issued_at - 9 * DAY, "expires_on": today() - DAY}
    Certificate.objects.filter(pk=referral.certificate_id).update(**yesterday)
    referral = Referral.objects.get(pk=referral.pk)
    with pytest.raises(Refused, match="no longer be used"):
        propose(referral, entry, hr)
    tasks.expire_certificates()
    assert Certificate.objects.get().status == "expired"


def test_only_a_qualified_application_is_considered() -> None:
    entry, referral, hr = issued(application__status="placed")
    with pytest.raises(Refused, match="Only a qualified person"):
        propose(referral, entry, hr)
