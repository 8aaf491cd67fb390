"""What no honest browser sends gets 400 or a polite page, never 500 (trust.md §5)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import EASTERN
from techforce.core.models import LegalHold
from techforce.program.models import Company
from techforce.wsgi import application
from tests.accounts.visitor import Visitor
from tests.factories.accounts import UserFactory, give_second_factor, opm_staff
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
    assert staff(OpmRole.PROGRAM_MANAGER).post(f"{page}{key}/transition/submit/").status_code == 404


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


def no_parts(shown: Any) -> dict[str, str]:
    """The head of each list of parts on the page, with none in it."""
    prefixes = [parts.formset.prefix for parts in shown["inline_admin_formsets"]]
    return {f"{prefix}-{key}_FORMS": "0" for prefix in prefixes for key in ("TOTAL", "INITIAL")}


@pytest.mark.parametrize(("version", "code", "name"), [("shown", 302, "Renamed"), ("none", 409, "Cohort")])
def test_a_save_without_the_version_of_the_page_is_stale(version: str, code: int, name: str) -> None:
    visitor, cohort = staff(OpmRole.PROGRAM_MANAGER), CohortFactory(name="Cohort")
    page = reverse("admin:program_cohort_change", args=[cohort.pk])
    shown = visitor.get(page).context
    data = {k: value for k, value in shown["adminform"].form.initial.items() if value is not None}
    for field in ("opens_at", "closes_at"):
        day, time = str(data.pop(field).astimezone(EASTERN)).split()
        data |= {f"{field}_0": day, f"{field}_1": time[:8]}
    if version == "shown":
        data["_version"] = cohort.version
    answer = visitor.post(page, {**data, **no_parts(shown), "name": "Renamed"})
    assert answer.status_code == code
    cohort.refresh_from_db()
    assert cohort.name == name


def test_a_rule_that_only_the_database_knows_is_told_politely() -> None:
    visitor, company = staff(OpmRole.ADMINISTRATOR), CompanyFactory()
    page = reverse("admin:program_company_change", args=[company.pk])
    form = {"slug": company.slug, "name": company.name, "parent": company.pk, "_version": company.version}
    answer = visitor.post(page, {**form, **no_parts(visitor.get(page).context)})
    assert answer.status_code == 409
    assert Company.objects.get(pk=company.pk).parent is None


@pytest.mark.parametrize("address", [
    "placements/placement/?starts_on__year=99999", "applicants/application/?submitted_at__year=99999",
])  # fmt: skip
def test_a_filter_that_no_calendar_knows_is_a_bad_request(address: str) -> None:
    assert staff(OpmRole.PROGRAM_MANAGER, OpmRole.HR_DECIDER).get(f"/admin/{address}").status_code == 400


def test_a_blind_reviewer_learns_no_names_from_the_mail_log_or_the_accounts() -> None:
    reviewer, person = staff(OpmRole.REVIEWER), UserFactory(full_name="Keiko Watanabe")
    for page in ("core_outboxmessage", "core_reminderledger"):
        assert reviewer.get(reverse(f"admin:{page}_changelist")).status_code == 403
    assert person.full_name not in reviewer.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert not User.objects.visible_to(opm_staff(OpmRole.REVIEWER)).filter(pk=person.pk).exists()


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
