"""The lists of the staff: pages without gaps, nothing counted, and an index for whatever is searched or sorted."""

import json
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, AgencyLevel
from techforce.accounts.models import OpmRole, User
from techforce.core.admin.base import Admin
from techforce.core.admin.checks import ListChecks
from techforce.core.admin.searching import SearchedColumn
from techforce.core.models import AuditEvent, Closure
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import AgencyFactory, OpeningFactory
from tests.factories.applicants import ApplicantFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db
LISTS = [found for found in admin.site._registry.values() if isinstance(found, Admin)]
SEARCHED = [(each, name) for each in LISTS for name in each.search_fields]
EVENTS = "/admin/core/auditevent/"
AGENCIES = "/admin/agencies/agency/"


@pytest.fixture
def desk() -> Desk:
    return Desk(opm_staff(OpmRole.PROGRAM_MANAGER, OpmRole.AUDITOR, OpmRole.ADMINISTRATOR))


def add_events(user: User, count: int) -> None:
    event = {"actor": user, "action": "tests.row:seen", "subject_type": "tests.row", "subject_id": 1}
    AuditEvent.objects.bulk_create(AuditEvent(**event) for _ in range(count))


def shown(desk: Desk, url: str) -> Any:
    answer = desk.get(url)
    assert answer.status_code == 200
    return answer.context["cl"]


def keys(page: Any) -> list[int]:
    return [row.pk for row in page.result_list]


# ── Pages ───────────────────────────────────────────────────────────────────────────────────────
def test_every_row_is_met_once_while_others_are_added(desk: Desk) -> None:
    add_events(desk.user, 120)
    there = set(AuditEvent.objects.values_list("pk", flat=True))
    page = shown(desk, EVENTS)
    met = keys(page)
    while page.next_url:
        add_events(desk.user, 3)
        page = shown(desk, EVENTS + page.next_url)
        met += keys(page)
    assert met == sorted(there, reverse=True)


def test_the_way_back_shows_the_same_pages(desk: Desk) -> None:
    add_events(desk.user, 120)
    first = shown(desk, EVENTS)
    second = shown(desk, EVENTS + first.next_url)
    third = shown(desk, EVENTS + second.next_url)
    again = shown(desk, EVENTS + third.previous_url)
    assert keys(again) == keys(second)
    assert keys(shown(desk, EVENTS + again.previous_url)) == keys(first)
    assert keys(shown(desk, EVENTS + third.first_url)) == keys(first)


def test_a_list_says_how_much_it_shows_and_no_more(desk: Desk) -> None:
    Closure.objects.create(on="2027-01-04", reason="Snow")
    assert "1 in all" in desk.get("/admin/core/closure/").content.decode()
    add_events(desk.user, 60)
    first = desk.get(EVENTS)
    assert "50 shown, more follow" in first.content.decode()
    assert "shown, the last ones" in desk.get(EVENTS + first.context["cl"].next_url).content.decode()


@pytest.mark.parametrize("cursor", ["!", "e30=", "WzFd:1:x"])
def test_a_cursor_that_no_page_gave_out_is_refused(desk: Desk, cursor: str) -> None:
    assert desk.get(EVENTS, {"after": cursor}).status_code == 400


def test_a_cursor_of_another_list_is_refused(desk: Desk) -> None:
    add_events(desk.user, 51)
    assert desk.get("/admin/accounts/user/" + shown(desk, EVENTS).next_url).status_code == 400


def test_links_to_filters_and_orders_begin_at_the_top(desk: Desk) -> None:
    UserFactory.create_batch(51)
    first = shown(desk, "/admin/accounts/user/?kind__exact=person")
    second = desk.get("/admin/accounts/user/" + first.next_url)
    page = second.content.decode()
    assert "kind__exact=person" in first.next_url
    filters = page[page.index('id="changelist-filter"') :]
    assert "after=" not in filters
    assert 'name="after"' not in page


# ── Order ───────────────────────────────────────────────────────────────────────────────────────
def test_a_list_is_sorted_by_the_heading_that_is_followed(desk: Desk) -> None:
    for name in ("Mint", "Census", "Labor"):
        AgencyFactory(name=name)
    column = 1 + list(admin.site._registry[Agency].list_display).index("name")
    offset = 0 if shown(desk, AGENCIES).list_display[0] == "action_checkbox" else 1
    page = shown(desk, f"{AGENCIES}?o=-{column - offset}")
    assert [agency.name for agency in page.result_list] == ["Mint", "Labor", "Census"]


def test_pages_of_a_sorted_list_hold_every_row_once(desk: Desk) -> None:
    names = [f"Office of {number:03}" for number in range(60)]
    Agency.objects.bulk_create(
        Agency(code=f"{number:04}", name=name, level=AgencyLevel.DEPARTMENT)
        for number, name in enumerate(names)
    )
    first = shown(desk, AGENCIES)
    second = shown(desk, AGENCIES + first.next_url)
    assert [agency.name for agency in [*first.result_list, *second.result_list]] == names


@pytest.mark.parametrize("order", ["99", "-", "²", "1.2.3", "-1e5"])
def test_an_order_that_no_heading_offers_is_the_usual_one(desk: Desk, order: str) -> None:
    add_events(desk.user, 2)
    assert keys(shown(desk, f"{EVENTS}?o={order}")) == keys(shown(desk, EVENTS))


def test_what_no_index_orders_is_no_link(desk: Desk) -> None:
    OpeningFactory()
    page = desk.get("/admin/agencies/opening/").content.decode()
    assert 'scope="col" class="column-title"' in page
    assert "sortable column-title" not in page


# ── Search ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("typed", "is_found"), [("lopez", True), ("MARIA lop", True), ("maria smith", False), ('"a lo"', True)]
)
def test_people_are_found_by_parts_of_their_name(desk: Desk, typed: str, is_found: bool) -> None:
    person = UserFactory(full_name="Maria Lopez")
    assert (person.pk in keys(shown(desk, f"/admin/accounts/user/?q={typed}"))) is is_found


def test_a_code_is_found_in_capitals_or_small_letters(desk: Desk) -> None:
    agency = AgencyFactory(code="OMQ", name="Office")
    for typed in ("OMQ", "omq"):
        assert keys(shown(desk, f"{AGENCIES}?q={typed}")) == [agency.pk]
    assert keys(shown(desk, f"{AGENCIES}?q=OM")) == []


def test_letters_in_a_number_find_nothing(desk: Desk) -> None:
    add_events(desk.user, 1)
    assert keys(shown(desk, f"{EVENTS}?q=one")) == []
    assert len(keys(shown(desk, f"{EVENTS}?q=1"))) > 0


def test_nothing_is_counted(desk: Desk) -> None:
    add_events(desk.user, 60)
    AgencyFactory.create_batch(3)
    suggest = {"app_label": "agencies", "model_name": "opening", "field_name": "agency", "term": "Agency"}
    with CaptureQueriesContext(connection) as queries:
        shown(desk, EVENTS)
        shown(desk, f"{AGENCIES}?q=Agency&is_active__exact=1")
        suggested = desk.get("/admin/autocomplete/", suggest)
    assert len(suggested.json()["results"]) == 3
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]


def test_suggestions_go_on_where_the_first_page_ended(desk: Desk) -> None:
    AgencyFactory.create_batch(25)
    suggest = {"app_label": "agencies", "model_name": "opening", "field_name": "agency", "term": "Agency"}
    pages = [desk.get("/admin/autocomplete/", {**suggest, "page": number}).json() for number in (1, 2)]
    assert [len(page["results"]) for page in pages] == [20, 5]
    assert [page["pagination"]["more"] for page in pages] == [True, False]


# ── Indexes ─────────────────────────────────────────────────────────────────────────────────────
def conditions(plan: dict[str, Any]) -> str:
    """What the indexes of a plan are asked for."""
    own = f"{plan.get('Index Cond', '')} {plan.get('Recheck Cond', '')}"
    return " ".join([own, *(conditions(part) for part in plan.get("Plans", []))])


@pytest.mark.parametrize(("listing", "declared"), SEARCHED, ids=lambda value: str(value))
def test_an_index_answers_a_search(listing: Admin, declared: str) -> None:
    column = SearchedColumn.of(listing.model, declared)
    samples = ("Washington", "7", "6f1c2a7e-0000-4000-8000-000000000000", "somebody@example.org")
    match = next(found for sample in samples if (found := column.matches(sample)) is not None)
    with connection.cursor() as cursor:
        # Nor may it walk a whole index row by row: only a condition on the index itself is left.
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        (plan,) = json.loads(listing.model._base_manager.filter(match).order_by().explain(format="json"))
    assert column.steps[-1].column in conditions(plan["Plan"])


def test_a_list_that_no_index_serves_is_an_error() -> None:
    class Unserved(Admin):
        search_fields = ("comments", "=title", "agency__code")
        ordering = ("seats",)

    opening = type(OpeningFactory.build(office=None, agency=None, cohort=None))
    found = {fault.id for fault in ListChecks().check(Unserved(opening, admin.site))}
    assert found == {"core.E004", "core.E005"}


def test_a_name_across_tables_is_found_with_its_own_row_only(desk: Desk) -> None:
    person = ApplicantFactory(legal_name="Olga Novák")
    column = SearchedColumn.of(admin.site._registry[type(person)].model, "legal_name")
    match = column.matches("novák")
    assert match is not None
    assert list(type(person).objects.filter(match)) == [person]
