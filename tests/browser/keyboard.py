"""Somebody who has a keyboard and nothing else: every control is reached with Tab, on a telephone's width."""

from pathlib import Path

from playwright.sync_api import Page, expect

MOST_STOPS = 260
"""Stops of the Tab key on the longest page, the one with all the skills, with room to spare."""

WHERE_AM_I = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return {name: '', group: '', kind: ''};
    const labels = here.labels ? [...here.labels].map(label => label.innerText).join(' ') : '';
    const legend = here.closest('fieldset')?.querySelector('legend')?.innerText ?? '';
    const own = here.matches('a, button, summary') ? here.innerText : '';
    return {
        name: [here.getAttribute('aria-label') ?? '', labels, own].join(' ').trim(),
        group: legend,
        kind: here.type ?? here.tagName.toLowerCase(),
        box: (({top, bottom}) => [top, bottom])(here.getBoundingClientRect()),
    };
}"""


class Keyboard:
    def __init__(self, page: Page) -> None:
        self.page = page
        # Somebody listens from the start: the browser asks us for files only when it has been told so, and would open
        # a dialog of its own, which nobody sees, when a key is pressed before that.
        page.on("filechooser", lambda chooser: None)

    def reach(self, name: str, *, group: str = "") -> None:
        """Press Tab until the focus is on the control of this name; fails when it never comes there."""
        passed = []
        for _stop in range(MOST_STOPS):
            here = self.page.evaluate(WHERE_AM_I)
            if name in here["name"] and group in here["group"]:
                return
            passed.append(here["name"][:40])
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {name!r} on {self.page.url}; it passes {passed[-30:]}")

    def write(self, label: str, text: str) -> None:
        self.reach(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str) -> None:
        """In a list that folds: a letter at a time, as keyboards do."""
        self.reach(label)
        self.page.keyboard.type(option)

    def tick(self, label: str) -> None:
        self.reach(label)
        self.page.keyboard.press("Space")

    def answer(self, question: str, answer: str) -> None:
        """Radio buttons: Tab comes to the group, arrows move inside it."""
        self.reach("", group=question)
        self.page.keyboard.press("Space")
        for _option in range(12):
            if self.page.evaluate(WHERE_AM_I)["name"] == answer:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{question!r} has no answer {answer!r}")

    def press(self, name: str) -> None:
        """A button or a link that leads to another page."""
        self.reach(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def give_file(self, label: str, file: Path) -> None:
        self.reach(label)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(file)

    def stands_on(self, heading: str) -> None:
        """A new page: the next Tab begins at its top."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
