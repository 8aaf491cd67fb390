"""Signing up, signing in, second factors, invitations and the profile."""

from collections.abc import Iterator
from uuid import uuid4

from django.db.models import F
from playwright.sync_api import Page, expect

from techforce.accounts.invitations import token_for
from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.accounts.services import invite
from techforce.demo.people import PASSWORD, PEOPLE
from tests.accounts.visitor import code_mailed_to
from tests.browser.journeys.ways import enter, type_password
from tests.browser.pages import MEMBER, PERSON
from tests.factories.accounts import PASSWORD as FACTORY_PASSWORD
from tests.factories.accounts import opm_staff


def creating_an_account(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/accounts/signup/")
    page.locator("#id_email").fill("not an address")
    page.locator("main form button[type=submit]").first.click()
    yield "failed account form"
    page.locator("#id_email").fill(f"new-{uuid4().hex[:12]}@mail.example")
    page.locator("#id_password1").fill("eleven brass kettles singing")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(base + "/accounts/confirm-email/")
    yield "code for a new address"
    page.locator("#id_code").fill("WRONG1")
    page.locator("main form button[type=submit]").first.click()
    yield "wrong code"


def mistyping_the_password(page: Page, base: str) -> Iterator[str]:
    type_password(page, base, PEOPLE[PERSON].email, "not this one")
    expect(page.get_by_role("alert").first).to_be_visible()
    yield "failed sign-in"


def signing_in_by_mail(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/accounts/login/code/")
    page.locator("#id_email").fill(PEOPLE[PERSON].email)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(base + "/accounts/login/code/confirm/")
    yield "code by mail"


def forgetting_the_password(page: Page, base: str) -> Iterator[str]:
    email = PEOPLE["experienced"].email
    page.goto(base + "/accounts/password/reset/")
    page.locator("#id_email").fill(email)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(base + "/accounts/password/reset/confirm/")
    yield "code for a new password"
    page.locator("#id_code").fill(code_mailed_to(email))
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(base + "/accounts/password/reset/complete/")
    yield "new password"


def using_the_second_factor(page: Page, base: str) -> Iterator[str]:
    type_password(page, base, PEOPLE[MEMBER].email, PASSWORD)
    expect(page).to_have_url(base + "/accounts/2fa/authenticate/")
    yield "second factor"


def lacking_the_second_factor(page: Page, base: str) -> Iterator[str]:
    type_password(page, base, opm_staff(OpmRole.CASE_MANAGER).email, FACTORY_PASSWORD)
    expect(page).to_have_url(base + "/accounts/second-factor/?next=/admin/")
    yield "second factor explained"


def making_recovery_codes(page: Page, base: str) -> Iterator[str]:
    enter(page, base, MEMBER)
    page.goto(base + "/accounts/2fa/recovery-codes/generate/")
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(base + "/accounts/2fa/recovery-codes/")
    yield "recovery codes"


def proving_again(page: Page, base: str) -> Iterator[str]:
    for role, way in ((PERSON, "reauthenticate"), (MEMBER, "2fa/reauthenticate")):
        enter(page, base, role)
        page.goto(f"{base}/accounts/{way}/")
        expect(page).to_have_url(f"{base}/accounts/{way}/")
        yield way


def being_invited(page: Page, base: str) -> Iterator[str]:
    page.goto(f"{base}/accounts/invitations/{uuid4()}/")
    yield "invitation that is gone"
    administrator = User.objects.get(email=PEOPLE["administrator"].email)
    invited = OpmMembership(role=OpmRole.REVIEWER, invited_email="invited@opm.example")
    row = invite(membership=invited, by=administrator)
    link = f"{base}/accounts/invitations/{row.public_id}/?token={token_for(row)}"
    page.goto(link)
    yield "invitation"
    enter(page, base, PERSON)
    page.goto(link)
    yield "invitation of somebody signed in"


def saving_a_profile_twice(page: Page, base: str) -> Iterator[str]:
    enter(page, base, PERSON)
    page.goto(base + "/accounts/profile/")
    User.objects.filter(email=PEOPLE[PERSON].email).update(
        full_name="Changed Elsewhere", version=F("version") + 1
    )
    page.get_by_label("Name").fill("Changed Here")
    page.get_by_role("button", name="Save").click()
    yield "merge page"
