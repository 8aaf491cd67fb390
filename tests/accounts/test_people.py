"""Profiles, leavers, and what staff do in the admin."""

import pytest
import time_machine

from techforce.accounts import registry
from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.accounts.services import reassign_all, update_profile
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted, Refused
from techforce.core.models import AuditEvent
from techforce.core.privacy import erase_person, export_person
from tests.accounts.visitor import PRIVATE, Visitor, mails_to
from tests.factories.accounts import OpmMembershipFactory, UserFactory, give_second_factor, opm_staff

pytestmark = pytest.mark.django_db


def answers(user: User, **changes: str) -> dict[str, str]:
    saved = {"full_name": user.full_name, "language": user.language, "time_zone": user.time_zone}
    return {**saved, "version": str(user.version), **changes}


def test_a_person_changes_name_and_time_zone(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    visitor.post(PRIVATE, answers(user, full_name="Robin A. Reyes", time_zone="America/Chicago"))
    user.refresh_from_db()
    assert (user.full_name, user.time_zone, user.version) == ("Robin A. Reyes", "America/Chicago", 2)


def test_the_second_of_two_windows_sees_both_and_decides(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    visitor.post(PRIVATE, answers(user, full_name="From The First"))
    page = visitor.post(PRIVATE, answers(user, full_name="From The Second"))
    text = page.content.decode()
    assert page.status_code == 409
    assert "From The First" in text
    assert 'value="From The Second"' in text
    user.refresh_from_db()
    assert user.full_name == "From The First"
    visitor.post(PRIVATE, answers(user, full_name="From The Second"))
    user.refresh_from_db()
    assert user.full_name == "From The Second"


@pytest.mark.parametrize(
    "wrong", [{"full_name": ""}, {"time_zone": "Mars/Olympus"}, {"language": "xx"}, {"version": "x"}]
)
def test_wrong_answers_are_kept_and_explained(visitor: Visitor, wrong: dict[str, str]) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    page = visitor.post(PRIVATE, answers(user, **wrong))
    assert page.status_code == 422
    assert "Error:" in page.content.decode()


def test_others_do_not_change_my_profile() -> None:
    user = UserFactory()
    with pytest.raises(NotPermitted):
        update_profile(
            user=user, full_name="X", language="en-us", time_zone="UTC", version=1, by=UserFactory()
        )


@pytest.mark.usefixtures("_registries")
def test_a_leavers_duties_go_to_one_colleague() -> None:
    leaver, colleague = UserFactory(), UserFactory()
    registry.register_reassigner("placements.items", lambda leaver, to, by: 3)
    moved = reassign_all(leaver=leaver, to=colleague, by=opm_staff(OpmRole.ADMINISTRATOR))
    assert moved["placements.items"] == 3
    event = AuditEvent.objects.about(leaver).get()
    assert event.detail == {"to": colleague.pk, "moved": moved}


def test_duties_do_not_go_to_the_leaver_or_to_a_closed_account() -> None:
    leaver, administrator = UserFactory(), opm_staff(OpmRole.ADMINISTRATOR)
    for to in (leaver, UserFactory(is_active=False)):
        with pytest.raises(Refused):
            reassign_all(leaver=leaver, to=to, by=administrator)


@pytest.fixture
def desk(visitor: Visitor) -> Visitor:
    """An administrator at work."""
    administrator = opm_staff(OpmRole.ADMINISTRATOR)
    give_second_factor(administrator)
    visitor.sign_in_fully(administrator)
    return visitor


@pytest.mark.parametrize(
    "page", ["user", "opmmembership", "delegation", "opmmembership/add", "delegation/add"]
)
def test_the_admin_opens_its_pages(desk: Visitor, page: str) -> None:
    assert desk.get(f"/admin/accounts/{page}/").status_code == 200


def test_an_administrator_invites_in_the_admin(desk: Visitor) -> None:
    data = {
        "role": OpmRole.AUDITOR,
        "invited_email": "auditor@opm.example",
        "starts_on": "2026-01-01",
        "ends_on": "",
    }
    desk.post("/admin/accounts/opmmembership/add/", data)
    assert "Auditor" in mails_to("auditor@opm.example")[-1].body


def test_an_administrator_closes_accounts_in_the_admin(desk: Visitor) -> None:
    person, browser = UserFactory(), Visitor()
    browser.sign_in(person)
    desk.post("/admin/accounts/user/", {"action": "deactivate", "_selected_action": [person.pk]})
    assert not browser.is_signed_in()


def test_an_administrator_does_not_prolong_their_own_role(desk: Visitor) -> None:
    own = OpmMembership.objects.get(role=OpmRole.ADMINISTRATOR)
    desk.post(
        f"/admin/accounts/opmmembership/{own.pk}/change/",
        {"starts_on": "2020-01-01", "ends_on": "2099-01-01"},
    )
    own.refresh_from_db()
    assert own.ends_on is None


@pytest.mark.parametrize("model", [User, OpmMembership])
def test_what_one_may_view_is_what_one_is_shown(model: type) -> None:
    own = OpmMembershipFactory(role=OpmRole.REVIEWER).user
    people = [
        User.objects.get(pk=person.pk) for person in (own, UserFactory(), opm_staff(), User.objects.system())
    ]
    for person in people:
        permitted = {
            row
            for row in model.objects.all()
            if person.has_perm(f"accounts.view_{model._meta.model_name}", row)
        }
        assert permitted == set(model.objects.visible_to(person))


def test_the_download_holds_no_secret() -> None:
    user = UserFactory()
    give_second_factor(user)
    given = export_person(user)
    assert given["addresses"] == [{"email": user.email, "verified": True, "primary": True}]
    assert {factor["type"] for factor in given["second_factors"]} == {"totp", "recovery_codes"}
    assert user.password not in str(given)


def test_erasing_takes_the_ways_to_sign_in(visitor: Visitor) -> None:
    user = UserFactory()
    visitor.sign_in(user)
    give_second_factor(user)
    erase_person(user, by=opm_staff(OpmRole.RECORDS_OFFICER))
    given = export_person(user)
    assert (given["second_factors"], given["sessions"]) == ([], [])


def test_pages_show_times_in_the_time_zone_of_the_reader(visitor: Visitor) -> None:
    auditor = opm_staff(OpmRole.AUDITOR, time_zone="Asia/Tokyo")
    give_second_factor(auditor)
    visitor.sign_in_fully(auditor)
    with time_machine.travel("2026-03-02T15:00:00Z", tick=False):
        event = record_event("x", subject=auditor, by=auditor)
    assert visitor.sees("March 3, 2026, midnight", f"/admin/core/auditevent/{event.pk}/change/")
