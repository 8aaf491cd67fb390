"""The mailbox shows what the sink has received, and trusts none of it."""

from email.message import EmailMessage

import pytest
from django.conf import LazySettings
from django.test import Client

from techforce.demo.sink import Mailbox

pytestmark = pytest.mark.django_db


def receive(mailbox: Mailbox, to: str = "maya@mail.example", **parts: str) -> str:
    """Store a message as the sink does; returns its address in the mailbox."""
    message = EmailMessage()
    message["To"], message["Subject"] = to, parts.get("subject", "Your code")
    message["Message-ID"], message["Date"] = f"<{to}@sink>", "Sun, 22 Nov 2026 15:04:05 +0000"
    message.set_content(parts.get("text", "Your code is 123456."))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return f"/demo/mail/{mailbox.store(message.as_bytes()).stem}/"


def test_an_empty_mailbox_says_how_to_fill_it(client: Client, mailbox: Mailbox) -> None:
    assert "No mail yet" in client.get("/demo/mail/").content.decode()


def test_a_message_is_listed_and_opens(client: Client, mailbox: Mailbox) -> None:
    address = receive(mailbox)
    assert address in client.get("/demo/mail/").content.decode()
    page = client.get(address).content.decode()
    assert "maya@mail.example" in page
    assert "Your code is 123456." in page
    assert "10:04" in page  # in Washington


def test_the_newest_comes_first(client: Client, mailbox: Mailbox) -> None:
    older, newer = receive(mailbox, subject="Older"), receive(mailbox, subject="Newer")
    page = client.get("/demo/mail/").content.decode()
    assert page.index(newer) < page.index(older)


def test_only_one_recipients_mail(client: Client, mailbox: Mailbox) -> None:
    hers, his = receive(mailbox, "maya@mail.example"), receive(mailbox, "tomas@docusign.example")
    page = client.get("/demo/mail/", {"to": "maya@mail.example"}).content.decode()
    assert hers in page
    assert his not in page
    assert "tomas@docusign.example</option>" in page


def test_what_a_mail_says_is_shown_as_text(client: Client, mailbox: Mailbox) -> None:
    address = receive(mailbox, subject="<b>Hello</b>", text="<script>alert(1)</script>")
    page = client.get(address).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<b>Hello" not in page


def test_links_work_under_the_name_by_which_the_mailbox_was_opened(
    client: Client, mailbox: Mailbox, settings: LazySettings
) -> None:
    settings.BASE_URL = "http://localhost:8000"
    address = receive(mailbox, text="See http://localhost:8000/openings/?a=1&b=2")
    page = client.get(address, headers={"host": "127.0.0.1:8000"}).content.decode()
    assert 'href="http://127.0.0.1:8000/openings/?a=1&amp;b=2"' in page


def test_html_is_shut_off_from_the_site(client: Client, mailbox: Mailbox) -> None:
    address = receive(mailbox, html="<p>Hello</p><script>alert(1)</script>")
    answer = client.get(f"{address}html/")
    assert "<p>Hello</p>" in answer.content.decode()
    policy = answer["Content-Security-Policy"].split("; ")
    assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= set(policy)
    assert not any("script" in directive for directive in policy)


def test_the_page_around_it_keeps_the_sites_own_policy(client: Client, mailbox: Mailbox) -> None:
    answer = client.get(receive(mailbox, html="<p>Hello</p>"))
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_a_message_without_html_has_no_html_page(client: Client, mailbox: Mailbox) -> None:
    address = receive(mailbox)
    assert f"{address}html/" not in client.get(address).content.decode()
    assert client.get(f"{address}html/").status_code == 404


@pytest.mark.parametrize("id", ["1-2", "secret_key", "..", "%2e%2e%2fsecret"])
def test_there_is_nothing_else_to_read(client: Client, mailbox: Mailbox, id: str) -> None:
    (mailbox.directory.parent / "secret.eml").write_text("Subject: no\n\nno")
    assert client.get(f"/demo/mail/{id}/").status_code == 404
