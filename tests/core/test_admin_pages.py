"""The admin's pages say in words what the tables keep as codes, and ask only for what a person can answer."""

from typing import Any

import pytest

from agencies.models import Opening
from applicants.models import Application
from partners.models import Partner
from techforce.accounts.models import OpmRole, User
from techforce.core.admin.wording import reason_in_words, timeline_of
from techforce.core.audit import record_event
from techforce.core.models import AuditEvent
from tests.accounts.visitor import Visitor
from tests.factories.accounts import give_second_factor, opm_staff
from tests.factories.agencies import ApiClientFactory, OpeningFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


@pytest.fixture
def staff(manager: User) -> Visitor:
    visitor = Visitor()
    give_second_factor(manager)
    visitor.sign_in_fully(manager)
    return visitor


def test_a_reason_is_shown_by_its_words() -> None:
    assert reason_in_words(Application(), "dates_unclear") == "Dates do not fit together"
    assert reason_in_words(Partner(), "agreement_ended") == "Agreement ended"
    assert reason_in_words(Opening(), "") == ""


def test_the_timeline_names_the_step_that_was_taken(manager: User) -> None:
    opening = OpeningFactory()
    AuditEvent.objects.create(
        actor=manager,
        action="agencies.opening:submit",
        subject_type="agencies.opening",
        subject_id=opening.pk,
        from_state="draft",
        to_state="submitted",
    )
    (event,) = timeline_of(opening)
    assert (event["title"], event["state"]) == ("Submit for approval", "Submitted for approval")


def test_the_timeline_names_the_fields_that_were_changed(manager: User) -> None:
    opening = OpeningFactory()
    record_event(
        "agencies.opening:changed", subject=opening, by=manager, detail={"fields": ["seats", "Title"]}
    )
    (event,) = timeline_of(opening)
    assert event["title"] == "Changed: seats, Title"


def fields_of(page: Any) -> set[str]:
    groups = page.context["adminform"].fieldsets
    return {name for _title, options in groups for name in options["fields"]}


def test_a_page_to_add_a_record_asks_for_nothing_that_is_fixed(staff: Visitor) -> None:
    asked = fields_of(staff.get("/admin/agencies/opening/add/"))
    assert "title" in asked
    assert not asked & {"public_id", "created_at", "status", "seats_filled", "cohort_pay_min"}


def test_what_is_left_out_of_a_page_is_not_shown_as_read_only_either(staff: Visitor) -> None:
    client = ApiClientFactory()
    shown = fields_of(staff.get(f"/admin/agencies/apiclient/{client.pk}/change/"))
    assert "name" in shown
    assert "key_hash" not in shown


def test_the_history_leads_to_the_timeline_of_the_record(staff: Visitor) -> None:
    record = f"/admin/agencies/opening/{OpeningFactory().pk}"
    answer = staff.get(f"{record}/history/")
    assert answer.headers["Location"] == f"{record}/change/#history-title"
