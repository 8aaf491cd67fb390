"""Staff and holders of a membership pass no page without a second factor (trust.md §4)."""

import pytest

from techforce.accounts import second_factor
from techforce.accounts.models import OpmRole
from tests.accounts.visitor import PRIVATE, Visitor
from tests.factories.accounts import (
    DelegationFactory,
    OpmMembershipFactory,
    UserFactory,
    app_code,
    give_second_factor,
    opm_staff,
)

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/second-factor/"
PROVE = "/accounts/2fa/reauthenticate/"


@pytest.mark.parametrize("page", [PRIVATE, "/admin/", "/accounts/email/", "/accounts/sessions/"])
@pytest.mark.parametrize("role", OpmRole.values)
def test_staff_without_one_are_led_to_set_it_up(visitor: Visitor, role: str, page: str) -> None:
    visitor.sign_in(opm_staff(role))
    assert visitor.get(page).url.partition("?")[0] == SET_UP
    assert visitor.get(SET_UP).status_code == 200


def test_staff_set_one_up_confirm_it_and_go_on(visitor: Visitor) -> None:
    staff = opm_staff()
    visitor.sign_in(staff)
    form = visitor.get("/accounts/2fa/totp/activate/").context["form"]
    code = code_for(form.secret)
    visitor.post("/accounts/2fa/totp/activate/", {"code": code})
    assert visitor.get(PRIVATE).url.partition("?")[0] == PROVE
    visitor.post(PROVE, {"code": code})
    assert visitor.is_signed_in()
    assert visitor.get("/admin/").status_code == 200


def code_for(secret: str) -> str:
    from allauth.mfa.totp.internal import auth

    counters = list(auth.yield_hotp_counters_from_time())
    return auth.format_hotp_value(auth.hotp_value(secret, counters[len(counters) // 2]))


def test_staff_who_used_theirs_reach_the_admin(visitor: Visitor) -> None:
    staff = opm_staff()
    give_second_factor(staff)
    visitor.sign_in_fully(staff)
    assert visitor.get("/admin/").status_code == 200


def test_a_session_from_before_the_role_must_prove_itself(visitor: Visitor) -> None:
    person = UserFactory()
    visitor.sign_in(person)
    assert visitor.is_signed_in()
    OpmMembershipFactory(user=person)
    give_second_factor(person)
    assert visitor.get("/admin/").url == f"{PROVE}?next=/admin/"
    visitor.post(f"{PROVE}?next=/admin/", {"code": app_code()})
    assert visitor.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    "page", ["/accounts/2fa/totp/deactivate/", "/accounts/2fa/recovery-codes/", "/accounts/reauthenticate/"]
)
def test_with_the_password_alone_nobody_removes_or_reads_the_factor(visitor: Visitor, page: str) -> None:
    person = UserFactory()
    visitor.sign_in(person)
    OpmMembershipFactory(user=person)
    give_second_factor(person)
    assert visitor.post(page).url.partition("?")[0] == PROVE


def test_staff_cannot_remove_their_only_one(visitor: Visitor) -> None:
    staff = opm_staff()
    give_second_factor(staff)
    visitor.sign_in_fully(staff)
    visitor.post(PROVE, {"code": app_code()})
    visitor.post("/accounts/2fa/totp/deactivate/", {})
    assert second_factor.has_one(staff)


def test_an_applicant_may_go_without(visitor: Visitor) -> None:
    visitor.sign_in(UserFactory())
    assert visitor.is_signed_in()


def test_who_acts_for_staff_needs_one_too(visitor: Visitor) -> None:
    taker = UserFactory()
    DelegationFactory(giver=opm_staff(), taker=taker)
    visitor.sign_in(taker)
    assert not visitor.is_signed_in()


@pytest.mark.usefixtures("_registries")
def test_later_apps_register_their_memberships(visitor: Visitor) -> None:
    person = UserFactory(full_name="Holder Of Something")
    second_factor.require_for(lambda user: user.full_name == "Holder Of Something")
    visitor.sign_in(person)
    assert visitor.get(PRIVATE).url.partition("?")[0] == SET_UP


def test_sign_out_health_and_extension_stay_open(visitor: Visitor) -> None:
    visitor.sign_in(opm_staff())
    assert visitor.post("/accounts/extend/").status_code == 200
    assert visitor.get("/healthz").status_code == 200
    assert visitor.post("/accounts/logout/").status_code == 302
    assert visitor.get(PRIVATE).url == f"/accounts/login/?next={PRIVATE}"


def test_a_script_is_told_in_words(visitor: Visitor) -> None:
    visitor.sign_in(opm_staff())
    answer = visitor.get(PRIVATE, headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 403
    assert "second factor" in answer.json()["detail"]
