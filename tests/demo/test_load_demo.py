"""The demonstration's data: there at the first start, untouched at the next, legal throughout."""

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from agencies.models import Agency, Opening
from applicants.models import Application
from partners.models import Nomination, Partner
from techforce.accounts.models import User
from techforce.core import invariants
from techforce.core.models import AuditEvent
from techforce.core.workflow import all_workflows
from techforce.demo.loading.story import Story
from techforce.demo.people import PEOPLE
from techforce.program.models import Cohort

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
    assert Opening.objects.count() >= 25
    assert Agency.objects.filter(openings__isnull=False).distinct().count() >= 12
    assert states("agencies.Opening") == {
        "draft", "submitted", "published", "paused", "closed", "cancelled"
    }  # fmt: skip


def test_published_openings_are_open_now_and_pay_inside_the_band() -> None:
    cohort = Cohort.objects.get(slug="cohort-1")
    published = Opening.objects.published()
    assert cohort.is_accepting
    assert all(opening.closes_at <= cohort.closes_at for opening in published)
    assert all(
        cohort.pay_min <= opening.pay_low <= opening.pay_high <= cohort.pay_max for opening in published
    )


def test_companies_are_all_there_and_a_few_take_part() -> None:
    assert Partner.objects.count() == 28
    assert Partner.objects.filter(status="active").count() == 6


def test_people_apply_in_all_stages() -> None:
    assert Application.objects.count() >= 40
    assert states("applicants.Application") >= {
        "draft", "submitted", "in_review", "needs_information", "qualified", "not_qualified", "withdrawn"
    }  # fmt: skip


def test_nominations_of_both_kinds() -> None:
    kinds = Nomination.objects.filter(status="active").values_list("loan_terms__kind", flat=True)
    assert set(kinds) == {"leave_of_absence", "separation"}


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


def test_no_invariant_is_broken() -> None:
    assert invariants.broken() == {}


def test_a_story_that_the_table_does_not_allow_is_refused() -> None:
    story, opening = Story(), Opening(title="Straight to the public")
    with pytest.raises(ValueError, match="publish"):
        story.take(
            opening, "publish", at=Cohort.objects.get(slug="cohort-1").opens_at, by=User.objects.system()
        )
