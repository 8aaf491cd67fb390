"""Records of service, vetting and ethics are destroyed each in its own year, all of them, and never under a hold."""

import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db.models import PROTECT
from django.utils import timezone

from applicants.models import Application
from partners.models import LoanTerms
from placements.models import (
    Checklist,
    ChecklistItem,
    Determination,
    Offer,
    Placement,
    RecusalStatement,
    Selection,
    VettingWaiver,
)
from placements.services.numbers import draw_up_numbers
from techforce.accounts.models import OpmRole, User
from techforce.accounts.services import close_account
from techforce.core import invariants
from techforce.core.models import AccessEvent, AuditEvent, Delivery, OutboxMessage, ReminderLedger
from techforce.core.records import disposition
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import ApplicantFactory
from tests.factories.core import (
    AccessEventFactory,
    AuditEventFactory,
    LegalHoldFactory,
    OutboxMessageFactory,
    ReminderLedgerFactory,
)
from tests.factories.placements import ChecklistItemFactory
from tests.techforce.service_trail import served
from tests.techforce.test_destruction import destroyed
from tests.techforce.traces import traces_of

pytestmark = pytest.mark.django_db

WORD = "canary9e4b"
APPROVED = ("--approved-by", "records@opm.example")
IN_TRAIL = {
    "accounts_user.full_name", "applicants_applicant.legal_name", "applicants_application.answers",
    "applicants_snapshot.content", "applicants_rating.notes", "applicants_casemessage.body",
    "partners_nomination.full_name", "partners_loanterms.document_reference", "partners_equitydeclaration.conditions",
    "placements_certificateentry.category", "placements_checklistitem.external_reference",
    "placements_ethicswaiver.scope", "placements_payexception.reason", "placements_recusalstatement.scope",
    "placements_startexception.reason", "placements_vettingwaiver.emergency", "a file",
}  # fmt: skip


@pytest.fixture(autouse=True)
def officer(settings: Any, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = tmp_path
    return opm_staff(OpmRole.RECORDS_OFFICER, email="records@opm.example")


@pytest.fixture
def person() -> User:
    return UserFactory(full_name=WORD)


def later(years: float) -> Any:
    return time_machine.travel(timezone.now() + datetime.timedelta(days=366 * years))


def test_nothing_is_left_of_somebody_who_served_and_left(
    person: User, officer: User, django_capture_on_commit_callbacks: Any, capfd: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        placement = served(person, WORD)
        close_account(user=person, by=person)
    assert traces_of(WORD) >= IN_TRAIL - {"a file"}
    broken = set(invariants.broken())

    with django_capture_on_commit_callbacks(execute=True), later(8):
        destroyed(*APPROVED)
        destroyed(*APPROVED)  # the certificate in the next month: applications go first

    assert traces_of(WORD) == set()
    assert WORD not in "".join(capfd.readouterr())
    assert not Placement.objects.filter(pk=placement.pk).exists()
    assert not Selection.objects.filter(pk=placement.selection_id).exists()
    assert set(invariants.broken()) <= broken
    approval = AuditEvent.objects.filter(action=disposition.APPROVED, detail__schedule="placements").get()
    assert (approval.actor, approval.detail["destroyed"], approval.detail["held"]) == (officer, 1, 0)


def test_a_paper_that_is_forgotten_is_found_and_keeps_what_it_rests_on(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: no schedule knows recusal statements."""
    served(person, WORD)
    close_account(user=person, by=person)
    known = {key: one for key, one in disposition._SCHEDULES.items() if key != "recusal_statements"}
    monkeypatch.setattr(disposition, "_SCHEDULES", known)

    with later(8):
        destroyed(*APPROVED)

    assert "placements_recusalstatement.scope" in traces_of(WORD)
    assert Placement.objects.exists()


def test_each_goes_in_its_own_year(person: User) -> None:
    served(person, WORD)
    vetting, ethics = Checklist.objects.filter(area="vetting"), Checklist.objects.filter(area="ethics")
    rows = {
        "application": lambda: Application.objects.filter(destroyed_at__isnull=True),
        "offers": Offer.objects.all,
        "vetting": lambda: vetting.all(),
        "waiver": VettingWaiver.objects.all,
        "ethics": lambda: ethics.all(),
        "determinations": Determination.objects.all,
        "terms": LoanTerms.objects.all,
        "placement": Placement.objects.all,
    }
    gone: dict[str, int] = {}
    for year in range(1, 8):
        with later(year - 0.1):
            destroyed(*APPROVED)
        for name in rows:
            if name not in gone and not rows[name]().exists():
                gone[name] = year

    assert gone == {
        "application": 2, "offers": 3, "vetting": 6, "waiver": 6, "ethics": 7, "determinations": 7, "placement": 7,
        "terms": 7,
    }  # fmt: skip


@pytest.mark.parametrize("held", ["placement", "applicant", "person", "application", "nomination", "step"])
def test_under_a_hold_nothing_of_the_vetting_goes_and_the_placement_stays(held: str, person: User) -> None:
    placement = served(person, WORD)
    subject = {
        "placement": placement,
        "applicant": placement.applicant,
        "person": person,
        "application": placement.selection.application,
        "nomination": placement.nomination,
        "step": ChecklistItem.objects.filter(checklist__area="vetting").order_by("pk").first(),
    }[held]
    LegalHoldFactory(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    close_account(user=person, by=person)

    with later(8):
        said = destroyed(*APPROVED)

    assert "vetting_steps: 0 destroyed, 1 under a legal hold" in said
    assert Placement.objects.filter(pk=placement.pk).exists()
    kept = traces_of(WORD)
    assert {"placements_checklistitem.external_reference", "applicants_applicant.legal_name"} <= kept
    assert RecusalStatement.objects.exists() is (held != "step")


def test_correctives_go_before_what_they_correct(person: User) -> None:
    served(person, WORD)
    wrong = ChecklistItem.objects.filter(checklist__area="vetting").order_by("pk").first()
    first = ChecklistItemFactory(checklist=wrong.checklist, step=wrong.step, corrects=wrong, gate="none")
    ChecklistItemFactory(checklist=wrong.checklist, step=wrong.step, corrects=first, gate="none")

    with later(6):
        destroyed(*APPROVED)

    assert not ChecklistItem.objects.filter(checklist__area="vetting").exists()


def test_nothing_that_refers_to_what_goes_stays_for_ever() -> None:
    """A new table that names a placement, a selection or a step needs a line in the schedule too."""
    going = set(disposition.vanishing_models())
    stuck = {
        relation.related_model._meta.label
        for model in going
        for relation in model._meta.get_fields(include_hidden=True)
        if not relation.concrete and getattr(relation, "on_delete", None) is PROTECT
        if relation.related_model not in going
    }
    assert Placement in going
    assert stuck == set()


# ── Logs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_logs_go_after_thirty_months_in_one_batch_of_which_only_the_number_is_noted(officer: User) -> None:
    AccessEventFactory.create_batch(3)
    young = timezone.now() + datetime.timedelta(days=365)
    AccessEventFactory(at=young)

    with later(2.7):
        said = destroyed(*APPROVED)

    assert "access_log: 3 destroyed, 0 under a legal hold" in said
    assert AccessEvent.objects.count() == 1
    noted = AuditEvent.objects.filter(action__startswith="records:", detail__schedule="access_log").get()
    assert (noted.subject_id, noted.detail["destroyed"]) == (officer.pk, 3)
    assert not AuditEvent.objects.filter(subject_type="core.accessevent").exists()


@pytest.mark.parametrize("held", ["the line", "what it tells of", "the person", "the applicant", "the table"])
def test_a_hold_keeps_the_log(held: str) -> None:
    line, other = AccessEventFactory(), AccessEventFactory(subject_id=77)
    scope = {
        "the line": ("core.accessevent", line.pk),
        "what it tells of": (line.subject_type, line.subject_id),
        "the person": ("accounts.user", line.actor_id),
        "the applicant": ("applicants.applicant", ApplicantFactory(user=line.actor).pk),
        "the table": ("core.accessevent", None),
    }[held]
    LegalHoldFactory(subject_type=scope[0], subject_id=scope[1])

    with later(2.7):
        destroyed(*APPROVED)

    assert AccessEvent.objects.filter(pk=line.pk).exists()
    assert AccessEvent.objects.filter(pk=other.pk).exists() is (held == "the table")


def test_the_audit_of_what_stands_stays_and_of_what_is_gone_goes() -> None:
    placement = served(UserFactory(), WORD)
    AuditEventFactory(subject_type="placements.placement", subject_id=placement.pk, action="stands")
    AuditEventFactory(subject_type="placements.placement", subject_id=placement.pk + 999, action="gone")

    with later(2.7):
        destroyed(*APPROVED)

    assert set(AuditEvent.objects.filter(action__in=["stands", "gone"]).values_list("action", flat=True)) == {
        "stands"
    }


def test_a_reminder_that_may_come_again_and_a_mail_under_way_are_not_forgotten() -> None:
    item = ChecklistItemFactory(
        due_on=timezone.now().date(), undated_reason="", next_reminder_at=timezone.now()
    )
    about = {"subject_type": "placements.checklistitem", "rule": "checklist_item"}
    awake = ReminderLedgerFactory(**about, subject_id=item.pk)
    asleep = ReminderLedgerFactory(**about, subject_id=item.pk + 1)
    waiting = OutboxMessageFactory(delivery=Delivery.PENDING)

    with later(2.7):
        destroyed(*APPROVED)

    assert list(ReminderLedger.objects.filter(pk__in=[awake.pk, asleep.pk])) == [awake]
    assert OutboxMessage.objects.filter(pk=waiting.pk).exists()


def test_published_numbers_outlive_the_people_in_them(person: User) -> None:
    served(person, WORD)
    draw_up_numbers(by=User.objects.system())
    with later(8):
        destroyed(*APPROVED)
        draw_up_numbers(by=User.objects.system())
    assert not Placement.objects.exists()
