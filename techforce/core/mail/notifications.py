"""Message templates: each app registers a key and a function that loads what the templates of that key show.

The texts are `templates/mail/<key>/subject.txt`, `body.txt` and `body.html`. They hold nothing sensitive: a step, a
date, a link that needs sign-in (domain.md §6.3 rule 7).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from techforce.core.mail import bounces
from techforce.core.mail.smtp import Mail
from techforce.core.models import OutboxMessage

log = structlog.get_logger(__name__)

Loader = Callable[[OutboxMessage], Mapping[str, Any] | None]
"""Loads a message's context from its ids when it is sent; None when there is no reason left to send it."""

Many = Callable[[Sequence[OutboxMessage]], Mapping[int, Mapping[str, Any] | None]]
"""The same for several messages in few queries, by the key of the message."""

FRESH_SECONDS = 1.0
"""So long what was loaded for a whole batch may be said: what is settled meanwhile is cancelled in the outbox too."""


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    key: str
    load: Loader
    load_many: Many | None = None


_TEMPLATES: dict[str, MessageTemplate] = {}


class NothingToSay(Exception):
    """The reason for a message is gone (step done, person withdrew): it is cancelled, not sent."""


def template(key: str, *, many: Many | None = None) -> Callable[[Loader], Loader]:
    """Register the loader of a message key, and one for many messages where there are often many."""

    def register(load: Loader) -> Loader:
        if key in _TEMPLATES and _TEMPLATES[key].load is not load:
            raise ValueError(f"message {key} is registered twice")
        _TEMPLATES[key] = MessageTemplate(key, load, many)
        return load

    return register


def registered_templates() -> tuple[str, ...]:
    return tuple(sorted(_TEMPLATES))


def is_registered(key: str) -> bool:
    return key in _TEMPLATES


def is_loaded_together(key: str) -> bool:
    return key in _TEMPLATES and _TEMPLATES[key].load_many is not None


class Ahead:
    """What the loaders say of the messages of a batch that come next, asked together and just before."""

    def __init__(self, batch: Sequence[OutboxMessage] = ()) -> None:
        self.batch = batch
        self.said: dict[str, tuple[float, Mapping[int, Any]]] = {}
        self._refused: tuple[float, frozenset[str]] = (0.0, frozenset())
        self._written: tuple[int | None, float, Mail | None] = (None, 0.0, None)

    @property
    def refused(self) -> frozenset[str]:
        """Addresses that take no mail."""
        if time.monotonic() > self._refused[0]:
            self._refused = time.monotonic() + FRESH_SECONDS, bounces.refused_now()
        return self._refused[1]

    def forget_refused(self) -> None:
        self._refused = (0.0, frozenset())
        self._written = (None, 0.0, None)

    def write_after(self, message: OutboxMessage) -> None:
        """The mail behind `message`, before its turn: only where what it says is asked for many together, which is
        said for a moment anyhow. What goes wrong here goes wrong again, and is told, in its turn."""
        following = next(iter(self._behind(message)[1:]), None)
        known = _TEMPLATES.get(following.template_key) if following else None
        if following is None or known is None or known.load_many is None:
            return
        try:
            self._write(following)
        except NothingToSay:
            return
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # the message that was just sent must not suffer from the next one
            log.exception("write_ahead_failed", message=str(following.public_id))

    def _write(self, message: OutboxMessage) -> None:
        mail = render(message, self)
        mail.parcel  # noqa: B018 (made now, and kept)
        until, said = self.said[message.template_key]
        if message.pk in said:
            self._written = message.pk, min(until, self._refused[0]), mail

    def written(self, message: OutboxMessage) -> Mail | None:
        """What was written before its turn, as long as it may be said; once."""
        (key, until, mail), self._written = self._written, (None, 0.0, None)
        return mail if key == message.pk and time.monotonic() <= until else None

    def _behind(self, message: OutboxMessage) -> Sequence[OutboxMessage]:
        """From this one on."""
        return self.batch[self.batch.index(message) :] if message in self.batch else []

    def load(self, message: OutboxMessage) -> Mapping[str, Any] | None:
        key = message.template_key
        until, said = self.said.get(key, (0.0, {}))
        if message.pk not in said or time.monotonic() > until:
            said = self._ask(message)
            self.said[key] = time.monotonic() + FRESH_SECONDS, said
        return said[message.pk] if message.pk in said else _TEMPLATES[key].load(message)

    def _ask(self, message: OutboxMessage) -> Mapping[int, Any]:
        """Of this one and of those behind it. Where one of them breaks the loader, each is asked by itself."""
        many = _TEMPLATES[message.template_key].load_many
        alike = [one for one in self._behind(message) if one.template_key == message.template_key]
        if many is None or len(alike) < 2:
            return {}
        try:
            return many(alike)
        except SoftTimeLimitExceeded:
            raise
        except Exception:  # the broken one is found when it is asked alone
            log.exception("load_many_failed", template=message.template_key)
            return {}


def render(message: OutboxMessage, ahead: Ahead | None = None) -> Mail:
    """The mail as it would leave now, in the recipient's language and time zone.

    Raises NothingToSay when its loader finds no reason left, and for whoever closed their account.
    """
    person = message.recipient
    if person is not None and not person.is_active:
        raise NothingToSay("closed account")
    ahead = ahead or Ahead()
    loaded = ahead.load(message)
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
        return _compose(message, {**surroundings, **loaded}, bounces.destination(message, ahead.refused))


def _compose(message: OutboxMessage, context: Mapping[str, Any], address: str) -> Mail:
    folder = f"mail/{message.template_key}"
    mail = Mail(
        subject=" ".join(render_to_string(f"{folder}/subject.txt", dict(context)).split()),
        body=render_to_string(f"{folder}/body.txt", dict(context)),
        to=[address],
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{folder}/body.html", dict(context)), "text/html")
    return mail
