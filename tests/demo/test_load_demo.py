"""The demonstration's data: there at the first start, untouched at the next, legal throughout."""

import datetime

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.utils import timezone

from agencies.models import Opening, OpeningStatus
from applicants.models import Applicant, Application, Snapshot
from applicants.services.blind import blind_sections
from partners.models import Nomination, Partner
from placements.conflicts import RULE_BLOCK
from placements.models import (
    CertificateEntry,
    ChecklistItem,
    Determination,
    Outcome,
    Placement,
    PlacementKind,
    Selection,
)
from placements.workflow import LIVE_STATES, OPEN_ITEM_STATES
from techforce.accounts.models import User
from techforce.core import invariants
from techforce.core.calendar import today
from techforce.core.models import AuditEvent, OutboxMessage
from techforce.core.workflow import all_workflows, workflow_of
from techforce.demo.loading.story import Story
from techforce.demo.people import PEOPLE
from techforce.program.models import Cohort

EVERY_STATE = (
    "applicants.Application",
    "partners.Nomination",
    "placements.Certificate",
    "placements.Referral",
    "placements.Selection",
    "placements.Offer",
    "placements.Placement",
    "placements.ChecklistItem",
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_loaded")]


def row_counts() -> dict[str, int]:
    """Of every table, history included."""
    counts = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def states(label: str) -> set[str]:
    return set(apps.get_model(label)._base_manager.order_by().values_list("status", flat=True).distinct())


def test_loading_again_changes_nothing() -> None:
    before = row_counts()
    call_command("load_demo", verbosity=0)
    assert row_counts() == before


def test_what_a_tester_changed_stays() -> None:
    User.objects.filter(email=PEOPLE["auditor"].email).update(full_name="Somebody Else")
    call_command("load_demo", verbosity=0)
    assert User.objects.get(email=PEOPLE["auditor"].email).full_name == "Somebody Else"


def test_refused_where_this_is_no_demonstration(settings: LazySettings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")


def test_openings_of_a_dozen_agencies_in_every_stage() -> None:
    current = Opening.objects.filter(cohort__slug="cohort-1")
    assert current.count() >= 25
    assert current.order_by().values("agency").distinct().count() >= 12
    assert states("agencies.Opening") == set(OpeningStatus.values)


def test_published_openings_are_open_now_and_pay_inside_the_band() -> None:
    cohort = Cohort.objects.get(slug="cohort-1")
    published = Opening.objects.published()
    assert cohort.is_accepting
    assert all(timezone.now() < opening.closes_at <= cohort.closes_at for opening in published)
    assert all(
        cohort.pay_min <= opening.pay_low <= opening.pay_high <= cohort.pay_max for opening in published
    )


def test_companies_are_all_there_and_a_few_take_part() -> None:
    assert Partner.objects.count() == 28
    assert Partner.objects.filter(status="active").count() == 6


def test_a_hundred_and_twenty_people_apply() -> None:
    current = Application.objects.filter(cohort__slug="cohort-1")
    assert current.count() == 120
    assert current.values("applicant").distinct().count() == 120


def test_their_addresses_are_their_own() -> None:
    names = Applicant.objects.values_list("legal_name", flat=True)
    assert len(set(names)) == len(names) == User.objects.filter(email__endswith="@mail.example").count()


@pytest.mark.parametrize("label", EVERY_STATE)
def test_every_state_is_there_to_be_seen(label: str) -> None:
    assert states(label) == set(workflow_of(apps.get_model(label)).states.values)


def test_every_outcome_of_a_term_is_there_to_be_seen() -> None:
    found = Placement.objects.filter(status="closed").values_list("outcome", flat=True)
    assert set(found) == set(Outcome.values)


def test_placements_of_every_kind() -> None:
    found = Placement.objects.filter(status__in=["pending_checks", "active"]).values_list("kind", flat=True)
    assert set(found) == set(PlacementKind.values)


def test_whoever_submitted_has_something_to_read() -> None:
    for snapshot in Snapshot.objects.select_related("application__applicant__user"):
        assert len(blind_sections(snapshot.application)) > 1
        assert snapshot.content["answers"]["experience"]["jobs"]
        assert snapshot.content["documents"]


def test_what_is_decided_was_rated_twice() -> None:
    decided = Application.objects.filter(decided_at__isnull=False)
    assert decided.count() == decided.with_ratings().filter(ratings_in=2).count()


def test_whoever_is_considered_stands_on_the_certificate() -> None:
    for selection in Selection.objects.select_related("referral"):
        names = CertificateEntry.objects.filter(certificate=selection.referral.certificate_id)
        assert names.filter(application=selection.application_id).exists(), selection


def test_nominations_of_both_kinds() -> None:
    kinds = Nomination.objects.filter(status="active").values_list("loan_terms__kind", flat=True)
    assert set(kinds) == {"leave_of_absence", "separation"}


def test_a_return_right_to_a_party_blocks() -> None:
    blocked = Selection.objects.get(status="conflict_blocked")
    determination = Determination.objects.get(selection=blocked)
    assert determination.rule_codes == [RULE_BLOCK]
    assert determination.signed_result == "block"


def test_steps_are_late_today_and_next_week() -> None:
    steps = ChecklistItem.objects.filter(
        checklist__placement__status__in=LIVE_STATES, status__in=OPEN_ITEM_STATES
    )
    assert steps.filter(due_on__lt=today()).count() >= 10
    assert steps.filter(due_on__range=(today(), today() + datetime.timedelta(days=7))).count() >= 3


def test_people_are_about_to_begin() -> None:
    soon = Placement.objects.filter(status="ready", starts_on__gt=today())
    assert soon.filter(starts_on__lte=today() + datetime.timedelta(days=18)).count() >= 2


def test_mail_waits_for_the_worker() -> None:
    waiting = OutboxMessage.objects.filter(delivery="pending")
    assert set(waiting.values_list("template_key", flat=True)) >= {
        "application_received", "nomination_invitation", "offer_sent", "determination_waiting", "placement_ready"
    }  # fmt: skip


def test_every_row_past_its_first_state_has_a_history() -> None:
    for flow in all_workflows():
        if flow.model == "placements.ChecklistItem":
            continue  # its template may say that a step was decided before the placement
        model = apps.get_model(flow.model)
        moved = model._base_manager.exclude(status__in=flow.initial).values_list("pk", flat=True)
        told = AuditEvent.objects.filter(subject_type=model._meta.label_lower).values_list(
            "subject_id", flat=True
        )
        assert set(moved) <= set(told), flow.model


def test_nothing_happened_in_the_future() -> None:
    assert not AuditEvent.objects.filter(at__gt=timezone.now()).exists()


def test_nobody_certified_what_was_submitted_before() -> None:
    assert not Application.objects.filter(certified_at__gt=F("submitted_at")).exists()


def test_no_invariant_is_broken() -> None:
    assert invariants.broken() == {}


def test_nothing_is_refused_at_commit() -> None:
    """Deferred constraints and triggers, which the transaction of the tests never reaches."""
    connection.check_constraints()


def test_a_story_that_the_table_does_not_allow_is_refused() -> None:
    story, opening = Story(), Opening(title="Straight to the public")
    with pytest.raises(ValueError, match="publish"):
        story.take(
            opening, "publish", at=Cohort.objects.get(slug="cohort-1").opens_at, by=User.objects.system()
        )
