"""Pages without an address of their own: a person has to do something to see them.

Each journey drives the browser and yields where a page is to be examined.
"""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

from django.db.models import F
from playwright.sync_api import Page, expect

from applicants.models import Application
from techforce.accounts.invitations import token_for
from techforce.accounts.models import OpmMembership, OpmRole, User
from techforce.accounts.services import invite
from techforce.demo.people import PASSWORD, PEOPLE
from techforce.program.models import Cohort, Discipline
from tests.accounts.visitor import code_mailed_to
from tests.browser.pages import ETHICS, HR, MEMBER, PERSON
from tests.factories.accounts import PASSWORD as FACTORY_PASSWORD
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.applicants import ApplicationFactory
from tests.partners.desks import link_mailed_to

Journey = Callable[[Page, str], Iterator[str]]


def enter(page: Page, base: str, role: str) -> None:
    """Sign in by the button of the demonstration; the second factor is supplied."""
    page.goto(base + "/demo/")
    page.locator(f"form[action='/demo/sign-in/{role}/'] button").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_attached()


def type_password(page: Page, base: str, email: str, password: str) -> None:
    page.goto(base + "/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


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


def reading_the_mailbox(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/demo/mail/")
    page.get_by_role("link", name="A message").click()
    yield "one message"


def failing_a_staff_form(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "program-manager")
    page.goto(base + "/admin/agencies/opening/add/")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    yield "failed staff form"


def reading_an_opening(page: Page, base: str) -> Iterator[str]:
    page.goto(base + "/openings/?Keyword=software")
    page.locator(".tf-listing a").first.click()
    yield "opening"
    page.goto(base + "/openings/?Keyword=nothing+at+all+is+called+this")
    yield "search without a result"
    enter(page, base, PERSON)
    page.goto(base + "/openings/")
    page.locator(".tf-listing a").first.click()
    yield "opening of somebody signed in"


def writing_an_opening(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/openings/new/")
    page.get_by_label("Title").fill("Engineer of the journey")
    page.get_by_label("Office").select_option(index=1)
    page.get_by_label("Cohort").select_option(index=1)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_url(re.compile(r"/agency/openings/[0-9a-f-]{36}/edit/$"))
    yield "draft"
    page.get_by_label("Lowest pay").fill("20,000")
    page.get_by_label("Highest pay").fill("30,000")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_role("alert")).to_contain_text("outside the cohort's band")
    yield "refused draft"
    page.get_by_label("We ask OPM for an exception").check()
    page.get_by_role("button", name="Save draft").click()
    yield "draft with open points"
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("alert")).to_contain_text("Still missing")
    yield "refused submission"


def changing_a_published_opening(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/openings/")
    page.get_by_role("row", name="Published").first.get_by_role("link").click()
    yield "published opening of one's agency"
    page.get_by_role("link", name="Propose a change").click()
    yield "change"
    page.get_by_role("button", name="Send to OPM").click()
    yield "refused change"


def applying(page: Page, base: str) -> Iterator[str]:
    type_password(page, base, UserFactory(full_name="").email, FACTORY_PASSWORD)
    page.goto(base + "/apply/")
    yield "start of an application"
    page.get_by_role("button", name="Start your application").click()
    yield "start without a name"
    page.get_by_label("Your legal name").fill("Ada Okoro")
    page.get_by_role("button", name="Start your application").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Eligibility")
    page.get_by_label("Yes").first.check()
    page.get_by_label("No", exact=True).last.check()
    yield "eligibility"
    for step in ("Contact", "Track and disciplines", "Experience"):
        go_on(page, step)
        yield step
    page.get_by_label("What you were").fill("Engineer")
    page.get_by_label("Began in (year)").fill("21")
    page.get_by_role("button", name="Save and continue").last.click()
    yield "failed step"
    page.get_by_label("Began in (year)").fill("2021")
    page.get_by_label("Began in (month)").select_option("April")
    for step in ("Résumé", "Skills", "Preferences", "Employers", "Consent", "Preference and accommodation"):
        go_on(page, step)
        yield step
    go_on(page, "Review and submit")
    yield "review with what is missing"
    page.get_by_role("link", name="Edit Employers").click()
    Application.objects.filter(applicant__legal_name="Ada Okoro").update(
        answers={"employers": {"now": ["Saved elsewhere"], "before": [], "has_none": False}}
    )
    page.get_by_label("For whom do you work now?").fill("Typed here")
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_role("table")).to_contain_text("Saved elsewhere")
    yield "both versions of a step"


def go_on(page: Page, step: str) -> None:
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(step)


def submitting(page: Page, base: str) -> Iterator[str]:
    cohort = Cohort.objects.accepting().order_by("pk").first()
    discipline = Discipline.objects.order_by("pk").first()
    application = ApplicationFactory(cohort=cohort, disciplines=[discipline])
    type_password(page, base, application.applicant.user.email, FACTORY_PASSWORD)
    page.goto(f"{base}/apply/{application.public_id}/review/")
    page.get_by_role("button", name="Certify and submit").click()
    yield "refused submission"
    page.get_by_label("I certify that").check()
    page.get_by_role("button", name="Certify and submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We received your application")
    yield "receipt"
    page.get_by_role("link", name="Change your answers").click()
    yield "what was submitted"
    page.get_by_role("link", name="Edit Employers").click()
    page.get_by_role("button", name="Save and submit again").click()
    yield "change without a certification"


def asking_the_program_office(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "experienced")
    page.goto(base + "/my/questions/ask/")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Your message")
    yield "refused question"
    page.get_by_label("Something on this site does not work").check()
    page.get_by_label("Your message").fill("The page of my offer is blank.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("We have your message")).to_be_visible()
    yield "list of questions"
    page.get_by_role("link", name="Technical problem").first.click()
    yield "conversation"
    enter(page, base, "case-manager")
    page.goto(base + "/admin/questions/")
    yield "queue of questions"
    page.locator("#result_list th a").first.click()
    yield "case of the office"
    page.get_by_role("link", name="Answer").first.click()
    page.get_by_role("button", name="Answer").click()
    yield "refused answer"


def nominating_a_person(page: Page, base: str) -> Iterator[str]:
    enter(page, base, MEMBER)
    page.goto(base + "/partner/nominate/")
    page.get_by_role("button", name="Send the invitation").click()
    yield "refused nomination"
    nominate(page, base, f"nominee-{uuid4().hex[:12]}@mail.example")
    expect(page.get_by_text("an invitation is on its way")).to_be_visible()
    yield "roster with a message"
    page.get_by_role("link", name="Nora Example").first.click()
    yield "invited nominee"
    page.get_by_role("link", name="Take the nomination back").click()
    page.get_by_role("button", name="Take the nomination back").click()
    yield "taking back without a reason"


def recording_the_terms_of_a_loan(page: Page, base: str) -> Iterator[str]:
    enter(page, base, MEMBER)
    page.goto(base + "/partner/")
    page.get_by_role("link", name="Priya Castellan").click()
    yield "nominee whose checks are under way"
    page.get_by_role("link", name="Change the terms").click()
    yield "terms"
    page.get_by_label("Year").last.fill("1999")
    page.get_by_role("button", name="Record the terms of the loan").click()
    yield "refused terms"


def answering_a_nomination(page: Page, base: str) -> Iterator[str]:
    address = f"nominee-{uuid4().hex[:12]}@mail.example"
    enter(page, base, MEMBER)
    nominate(page, base, address)
    page.goto(base + link_mailed_to(address))
    yield "nomination from an address of the company"
    page.get_by_role("button", name="Sign out").click()
    page.goto(base + link_mailed_to(address))
    yield "nomination of a visitor"
    page.get_by_role("link", name="Decline the nomination").click()
    yield "saying no"
    type_password(page, base, UserFactory().email, FACTORY_PASSWORD)
    page.goto(base + link_mailed_to(address))
    page.get_by_role("button", name="Confirm the nomination").click()
    yield "confirmation without answers"
    page.get_by_label("No", exact=True).nth(0).check()
    page.get_by_label("None of these").check()
    page.get_by_label("No", exact=True).nth(1).check()
    page.get_by_label("No", exact=True).nth(2).check()
    page.get_by_label("I am the person named above").check()
    page.get_by_role("button", name="Confirm the nomination").click()
    expect(page.get_by_role("heading", name="Your nomination")).to_be_visible()
    yield "confirmed nomination"
    page.goto(f"{base}/nomination/{uuid4()}/")
    yield "nomination that is gone"


def nominate(page: Page, base: str, address: str) -> None:
    page.goto(base + "/partner/nominate/")
    page.get_by_label("Name", exact=True).fill("Nora Example")
    page.get_by_label("E-mail address for the invitation").fill(address)
    page.get_by_label("Role in your company now").fill("Engineering manager")
    for number in range(2):
        page.get_by_label("No", exact=True).nth(number).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page).to_have_url(base + "/partner/")


def choosing_a_candidate(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "approving-official")
    page.goto(base + "/agency/candidates/?standing=considered")
    page.locator("table a").first.click()
    yield "candidate"
    page.get_by_role("link", name="Do not select").click()
    page.get_by_role("button", name="Do not select").click()
    expect(page.get_by_role("alert")).to_contain_text("Reason")
    yield "refused answer about a candidate"
    page.goto(base + "/agency/candidates/")
    page.get_by_role("main").get_by_role("list").last.get_by_role("link").first.click()
    yield "certificate"


def making_an_offer(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/offers/")
    page.locator("table a").first.click()
    yield "offer"
    page.goto(base + "/agency/candidates/?standing=selected")
    page.locator("table a").first.click()
    page.get_by_role("link", name="Prepare a tentative offer").click()
    page.get_by_label("Rate of pay").fill("20000")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_role("alert")).to_contain_text("The cohort pays")
    yield "refused offer"


def correcting_a_figure(page: Page, base: str) -> Iterator[str]:
    enter(page, base, HR)
    page.goto(base + "/agency/numbers/")
    page.get_by_role("link", name="Correct").first.click()
    page.get_by_role("button", name="Correct the figure").click()
    expect(page.get_by_role("alert")).to_contain_text("Why")
    yield "refused correction of a figure"


def recording_a_step(page: Page, base: str) -> Iterator[str]:
    enter(page, base, "security-officer")
    page.goto(base + "/agency/placements/")
    page.locator("table a").first.click()
    yield "placement of an agency"
    page.goto(base + "/agency/")
    page.locator("table a").first.click()
    yield "step"
    page.get_by_role("link", name="Record the outcome").click()
    page.get_by_label("When it happened").fill("")
    page.get_by_role("button", name="Record the outcome").click()
    expect(page.get_by_role("alert")).to_contain_text("When it happened")
    yield "refused outcome"


def deciding_about_a_conflict(page: Page, base: str) -> Iterator[str]:
    enter(page, base, ETHICS)
    page.goto(base + "/agency/conflicts/")
    page.locator("table a").first.click()
    yield "conflict"
    page.get_by_role("link", name="Screen again").click()
    page.get_by_role("button", name="Screen again").click()
    expect(page.get_by_role("alert")).to_contain_text("Why")
    yield "refused screening"
    page.go_back()
    page.go_back()
    page.get_by_role("link", name="Record another relationship").click()
    yield "relationship of an office"


JOURNEYS: tuple[Journey, ...] = (
    creating_an_account,
    mistyping_the_password,
    signing_in_by_mail,
    forgetting_the_password,
    using_the_second_factor,
    lacking_the_second_factor,
    making_recovery_codes,
    proving_again,
    being_invited,
    saving_a_profile_twice,
    reading_the_mailbox,
    failing_a_staff_form,
    reading_an_opening,
    writing_an_opening,
    changing_a_published_opening,
    applying,
    submitting,
    choosing_a_candidate,
    making_an_offer,
    correcting_a_figure,
    recording_a_step,
    deciding_about_a_conflict,
    asking_the_program_office,
    nominating_a_person,
    recording_the_terms_of_a_loan,
    answering_a_nomination,
)
