"""Message templates: each app registers a key and a function that loads what the templates of that key show.

The texts are `templates/mail/<key>/subject.txt`, `body.txt` and `body.html`. They hold nothing sensitive: a step, a
date, a link that needs sign-in (domain.md §6.3 rule 7).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from techforce.core import bounces
from techforce.core.models import OutboxMessage

Loader = Callable[[OutboxMessage], Mapping[str, Any] | None]
"""Loads a message's context from its ids when it is sent; None when there is no reason left to send it."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    key: str
    load: Loader


_TEMPLATES: dict[str, MessageTemplate] = {}


class NothingToSay(Exception):
    """The reason for a message is gone (step done, person withdrew): it is cancelled, not sent."""


def template(key: str) -> Callable[[Loader], Loader]:
    """Register the loader of a message key."""

    def register(load: Loader) -> Loader:
        if key in _TEMPLATES and _TEMPLATES[key].load is not load:
            raise ValueError(f"message {key} is registered twice")
        _TEMPLATES[key] = MessageTemplate(key, load)
        return load

    return register


def registered_templates() -> tuple[str, ...]:
    return tuple(sorted(_TEMPLATES))


def is_registered(key: str) -> bool:
    return key in _TEMPLATES


def render(message: OutboxMessage) -> EmailMultiAlternatives:
    """The mail as it would leave now, in the recipient's language and time zone.

    Raises NothingToSay when its loader finds no reason left, and for whoever closed their account.
    """
    person = message.recipient
    if person is not None and not person.is_active:
        raise NothingToSay("closed account")
    loaded = _TEMPLATES[message.template_key].load(message)
    if loaded is None:
        raise NothingToSay(message.template_key)
    zone = person.time_zone if person else settings.TIME_ZONE
    language = person.language if person else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone):
        surroundings = {
            "base_url": settings.BASE_URL,
            "is_official_site": settings.OFFICIAL_SITE,
            "recipient": person,
        }
        return _compose(message, {**surroundings, **loaded})


def _compose(message: OutboxMessage, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    folder = f"mail/{message.template_key}"
    mail = EmailMultiAlternatives(
        subject=" ".join(render_to_string(f"{folder}/subject.txt", dict(context)).split()),
        body=render_to_string(f"{folder}/body.txt", dict(context)),
        to=[bounces.destination(message)],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{folder}/body.html", dict(context)), "text/html")
    return mail
