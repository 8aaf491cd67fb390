"""Applying, submitting and asking the program office."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from applicants.models import Application
from techforce.program.models import Cohort, Discipline
from tests.browser.journeys.ways import enter, go_on, type_password
from tests.factories.accounts import PASSWORD as FACTORY_PASSWORD
from tests.factories.accounts import UserFactory
from tests.factories.applicants import ApplicationFactory


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
    page.get_by_role("link", name="The page of my offer is blank").first.click()
    yield "conversation"
    enter(page, base, "case-manager")
    page.goto(base + "/admin/questions/")
    yield "queue of questions"
    page.locator("#result_list th a").first.click()
    yield "case of the office"
    page.get_by_role("link", name="Answer").first.click()
    page.get_by_role("button", name="Answer").click()
    yield "refused answer"
