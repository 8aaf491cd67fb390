"""SMTP that uses the time in which the server stores a message: meanwhile the next one is written."""

import smtplib
import time
from collections.abc import Callable, Sequence
from typing import Any, cast

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.functional import cached_property

LEAST_SECONDS = 0.1
"""For an answer that has long come."""


class Mail(EmailMultiAlternatives):
    """Its bytes and its addresses are made once, and may be made before its turn comes."""

    @cached_property
    def parcel(self) -> tuple[str, list[str], bytes]:
        encoding = self.encoding or "utf-8"
        from_email, *recipients = (
            sanitize_address(address, encoding) for address in (self.from_email, *self.recipients())
        )
        made: Any = self.message()
        return from_email, recipients, made.as_bytes(linesep="\r\n")


class _Line(smtplib.SMTP):
    meanwhile: Callable[[], object] | None = None
    """Done once, between the last byte of the next message and the server's answer."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        step_seconds = self.sock.gettimeout() if self.sock else None
        try:
            return super().data(msg)
        finally:
            self.meanwhile = None
            if self.sock:
                self.sock.settimeout(step_seconds)

    def send(self, s: Any) -> None:
        """Commands are text; only a message is bytes. The server's time runs meanwhile, so that the step does not
        become longer."""
        super().send(s)
        meanwhile = self.meanwhile
        if meanwhile and self.sock and isinstance(s, bytes):
            began = time.monotonic()
            meanwhile()
            left = (self.sock.gettimeout() or 0.0) - (time.monotonic() - began)
            self.sock.settimeout(max(left, LEAST_SECONDS))


class _SecureLine(_Line, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Backend(EmailBackend):
    """Django's, with lines of ours."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SecureLine if self.use_ssl else _Line

    def send_while(self, mail: Mail, meanwhile: Callable[[], object]) -> None:
        """Send it, and do something else while its server stores it. An error there is one of the sending."""
        line = cast(_Line, self.connection)
        line.meanwhile = meanwhile
        try:
            self.send_messages([mail])
        finally:
            line.meanwhile = None

    def _send(self, email_message: EmailMessage) -> bool:
        if not isinstance(email_message, Mail) or self.fail_silently:
            return bool(super()._send(email_message))  # type: ignore[misc]
        from_email, recipients, content = email_message.parcel
        cast(smtplib.SMTP, self.connection).sendmail(from_email, cast(Sequence[str], recipients), content)
        return True
