"""What a person types into the page of a draft: all of it, as the page shows it."""

from typing import Any

from django.test import Client

from agencies.models import Opening

PAGE = "/agency/openings/"


def page_of(opening: Opening, part: str = "") -> str:
    return f"{PAGE}{opening.public_id}/{part}"


def shown(client: Client, opening: Opening) -> dict[str, Any]:
    """The answers that the form of the draft holds, ready to be sent back."""
    return filled(client.get(page_of(opening, "edit/")).context["form"])


def filled(form: Any) -> dict[str, Any]:
    """As a browser sends it: nothing for an empty choice or a box without a tick."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def save(client: Client, opening: Opening, **typed: Any) -> Any:
    return client.post(page_of(opening, "edit/"), {**shown(client, opening), **typed})


def text(answer: Any) -> str:
    """What the page says, spaces and apostrophes as one reads them."""
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())
