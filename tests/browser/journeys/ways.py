"""Ways in, and forms that more than one journey fills in."""

from collections.abc import Callable, Iterator

from playwright.sync_api import Page, expect

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


def go_on(page: Page, step: str) -> None:
    page.get_by_role("button", name="Save and continue").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(step)


def nominate(page: Page, base: str, address: str) -> None:
    page.goto(base + "/partner/nominate/")
    page.get_by_label("Name", exact=True).fill("Nora Example")
    page.get_by_label("E-mail address for the invitation").fill(address)
    page.get_by_label("Role in your company now").fill("Engineering manager")
    for number in range(2):
        page.get_by_label("No", exact=True).nth(number).check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page).to_have_url(base + "/partner/")
