"""What no honest browser sends gets 400 or a polite page, never 500 (trust.md §5)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from techforce.accounts.models import OpmRole, User
from techforce.core.models import LegalHold
from techforce.program.models import Company
from techforce.wsgi import application
from tests.accounts.visitor import Visitor
from tests.factories.accounts import give_second_factor, opm_staff
from tests.factories.partners import PartnerFactory
from tests.factories.program import CohortFactory, CompanyFactory

pytestmark = pytest.mark.django_db


def staff(*roles: str) -> Visitor:
    member, visitor = opm_staff(*roles), Visitor()
    give_second_factor(member)
    visitor.sign_in_fully(member)
    return visitor


@pytest.mark.parametrize(
    "address",
    ["/%00", "/openings/?q=%00", "/openings/?after=x", "/openings/?after=WyIyMDI2IiwgSW5maW5pdHld"],
)
def test_an_address_that_nobody_could_follow_is_a_bad_request(address: str, client: Client) -> None:
    assert client.get(address).status_code == 400


def test_a_target_that_cannot_be_read_is_ignored(client: Client) -> None:
    assert client.get("/accounts/login/?next=http://[").status_code == 200


@pytest.mark.parametrize("charset", ["hex", "zlib", "utf-7", "iso-8859-1", "idna"])
def test_another_character_set_is_refused_before_anything_is_decoded(charset: str) -> None:
    answers: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "t=%41",
        "CONTENT_TYPE": f"text/plain; charset={charset}",
    }
    body = application(environ, lambda status, headers: answers.append((status, dict(headers))))
    ((status, headers),) = answers
    assert status == "400 Bad Request"
    assert headers["Content-Security-Policy"]
    assert b"UTF-8" in b"".join(body)


@pytest.mark.parametrize("key", ["abc", "1e5", "²", "26/x", "99999999999999999999"])
def test_a_key_that_is_none_is_not_found(key: str) -> None:
    page = reverse("admin:agencies_opening_changelist")
    assert staff(OpmRole.PROGRAM_MANAGER).post(f"{page}{key}/transition/submit/").status_code in (302, 404)


@pytest.mark.parametrize("ticked", [["abc"], [""], ["1", "²"]])
def test_an_action_takes_only_rows_that_the_page_offered(ticked: list[str]) -> None:
    visitor = staff(OpmRole.ADMINISTRATOR)
    answer = visitor.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "deactivate", "index": "0", "_selected_action": ticked},
    )
    assert answer.status_code == 400


def test_nobody_closes_all_accounts_at_once() -> None:
    visitor, page = staff(OpmRole.ADMINISTRATOR), reverse("admin:accounts_user_changelist")
    everybody = [str(pk) for pk in User.objects.values_list("pk", flat=True)] + [str(opm_staff().pk)]
    chosen = {"action": "deactivate", "index": "0", "_selected_action": everybody}
    visitor.post(page, chosen)
    assert visitor.post(page, {**chosen, "select_across": "1"}).status_code == 400
    assert not User.objects.filter(is_active=False).exists()


def test_a_save_without_the_version_of_the_page_is_stale() -> None:
    visitor, cohort = staff(OpmRole.PROGRAM_MANAGER), CohortFactory()
    page = reverse("admin:program_cohort_change", args=[cohort.pk])
    form = visitor.get(page).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value is not None}
    for name in ("opens_at", "closes_at"):
        data |= (
            {f"{name}_0": "2026-11-01", f"{name}_1": "09:00:00"}
            if name == "opens_at"
            else {f"{name}_0": "2027-01-01", f"{name}_1": "09:00:00"}
        )
    inlines = {"disciplines-TOTAL_FORMS": "0", "disciplines-INITIAL_FORMS": "0"}
    answer = visitor.post(page, {**data, **inlines, "name": "Taken over"})
    assert answer.status_code in (200, 409)
    cohort.refresh_from_db()
    assert cohort.name != "Taken over"


def test_a_rule_that_only_the_database_knows_is_told_politely() -> None:
    visitor, company = staff(OpmRole.ADMINISTRATOR), CompanyFactory()
    form = {"slug": company.slug, "name": company.name, "parent": company.pk, "_version": company.version}
    inlines = {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0"}
    page = reverse("admin:program_company_change", args=[company.pk])
    answer = visitor.post(page, {**form, **inlines})
    assert answer.status_code in (200, 409)
    assert Company.objects.get(pk=company.pk).parent is None


def test_who_placed_a_hold_cannot_be_typed_in() -> None:
    visitor, other = staff(OpmRole.RECORDS_OFFICER), opm_staff()
    form = {
        "matter": "GAO 1",
        "subject_type": "program.cohort",
        "starts_on": "2026-11-22",
        "placed_by": other.pk,
    }
    visitor.post(reverse("admin:core_legalhold_add"), form)
    assert LegalHold.objects.get().placed_by != other


def test_someone_without_a_staff_role_is_told_so_instead_of_sent_in_circles(visitor: Visitor) -> None:
    member = opm_staff()
    member.opmmemberships.update(ends_on="2020-01-01", starts_on="2019-01-01")
    visitor.sign_in(member)
    assert visitor.get("/admin/", follow=True).status_code == 403


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def test_a_mistyped_date_is_an_error_of_its_field() -> None:
    visitor, partner = staff(OpmRole.PROGRAM_MANAGER), PartnerFactory()
    form = {"partner": partner.pk, "reference": "A-1", "starts_on": "2026-01-01", "signed_on": "2026-13-99"}
    answer = visitor.post(reverse("admin:partners_partneragreement_add"), form)
    assert answer.status_code == 200
    assert "signed_on" in answer.context["adminform"].form.errors
