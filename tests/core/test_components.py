"""Components as they arrive in the page."""

import datetime
from typing import Any

import pytest
import time_machine
from django.template import Context, Template
from django.template.loader import get_template

from techforce.core import navigation
from techforce.core.navigation import NavItem

TODAY = datetime.datetime(2026, 10, 14, 16, 0, tzinfo=datetime.UTC)


def rendered(source: str, **context: Any) -> str:
    return Template("{% load components %}" + source).render(Context(context))


def test_an_icon_is_silent() -> None:
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')
    assert "dist/img/icons.svg#check" in rendered('{% icon "check" %}')


def test_a_table_without_rows_says_so_instead() -> None:
    html = rendered(
        '{% table caption="Offers" columns=columns empty="No offers yet." %} {% endtable %}', columns=["Who"]
    )
    assert "No offers yet." in html
    assert "<table" not in html


def test_a_table_has_caption_and_column_heads() -> None:
    source = '{% table caption="Offers" columns=columns %}<tr><td>{{ who }}</td></tr>{% endtable %}'
    html = rendered(source, columns=["Who & what"], who="<Jo>")
    assert "<caption>Offers</caption>" in html
    assert '<th scope="col">Who &amp; what</th>' in html
    assert "<td>&lt;Jo&gt;</td>" in html


def test_an_alert_with_a_title_has_a_heading() -> None:
    assert "<h2" in rendered('{% alert kind="error" title="Stop" %}No.{% endalert %}')
    assert "<h2" not in rendered("{% alert %}Fine.{% endalert %}")


@pytest.mark.parametrize(
    ("tags", "kind"), [("success", "success"), ("safe error", "error"), ("", "info"), ("debug", "info")]
)
def test_messages_find_their_kind_of_alert(tags: str, kind: str) -> None:
    assert rendered("{{ tags|alert_kind }}", tags=tags) == kind


@pytest.mark.parametrize(("days", "urgency"), [(-1, "late"), (0, "soon"), (3, "soon"), (4, "later")])
def test_a_due_date_shows_how_urgent_it_is(days: int, urgency: str) -> None:
    with time_machine.travel(TODAY, tick=False):
        html = rendered("{% due moment %}", moment=TODAY + datetime.timedelta(days=days))
    assert f"tf-due--{urgency}" in html


def test_the_step_indicator_names_the_current_step() -> None:
    html = rendered("{% step_indicator steps 2 %}", steps=["Eligibility", "Contact", "Review"])
    assert html.count('aria-current="step"') == 1
    assert '<span class="usa-step-indicator__heading-text">Contact</span>' in html
    assert "of 3" in html


def test_paging_offers_only_the_pages_that_exist() -> None:
    assert rendered("{% pagination %}").strip() == ""
    html = rendered('{% pagination next="?after=9" %}')
    assert 'href="?after=9"' in html
    assert "Previous" not in html


def test_a_summary_says_what_was_not_answered() -> None:
    html = rendered("{% summary_list rows %}", rows=[{"label": "Start", "value": "", "url": "/edit/"}])
    assert "Not answered" in html
    assert '<span class="usa-sr-only"> Start</span>' in html


def test_the_timeline_tells_done_from_ahead_in_words() -> None:
    events = [{"title": "Received", "state": "done", "when": TODAY}, {"title": "Decision", "state": "ahead"}]
    html = rendered("{% timeline events %}", events=events)
    assert "(done)" in html
    assert "(still to come)" in html


class Reader:
    is_authenticated = True
    is_staff = False


@pytest.fixture
def _menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", set())
    navigation.register(
        NavItem(20, "home", "Home"), NavItem(10, "account_login", "Staff", navigation.is_staff)
    )


@pytest.mark.usefixtures("_menu")
def test_the_menu_shows_only_what_the_reader_may_open() -> None:
    source = "{% navigation_items as items %}{% for item in items %}[{{ item.label }}]{% endfor %}"
    staff = Reader()
    staff.is_staff = True
    assert rendered(source, user=Reader()) == "[Home]"
    assert rendered(source, user=staff) == "[Staff][Home]"


def test_the_server_error_page_needs_no_context() -> None:
    assert "not your fault" in get_template("500.html").render()


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example\\@teams.microsoft.com/x",
        "https://evil.example\\.teams.microsoft.com/",
        "https://teams.microsoft.com@evil.example/",
        "https://evil\t.example/",
        "https://teams.microsoft.com/\u202egpj",
    ],
)
def test_a_place_that_may_lead_elsewhere_than_it_says_is_no_link(text: str) -> None:
    assert "<a" not in rendered("{% place text %}", text=text)


def test_a_place_on_the_web_is_a_link_that_names_its_host() -> None:
    html = rendered("{% place text %}", text="https://teams.microsoft.com/l/19:meeting@thread.v2/0?a=b")
    assert ">teams.microsoft.com</a>" in html
