"""The demo's mail receiver, with an eye for whoever sends: it can end them while they wait for its answer."""

import asyncio
import logging
import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil

from techforce.demo.sink import Mailbox, Receiver

# Six lines a message, of thousands.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class DeadlyReceiver(Receiver):
    """Kills the sender of the next message when it is told to: right after the answer 250, or just before it."""

    def __init__(self, mailbox: Mailbox, is_ours: Callable[[int], bool]) -> None:
        super().__init__(mailbox)
        self.is_ours, self.order = is_ours, ""
        self.struck: Counter[str] = Counter()

    async def handle_EHLO(  # noqa: N802 (aiosmtpd's name)
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Whose connection it is cannot be asked any more when there is no time to lose."""
        session.host_name, session.sender = hostname, sender_at(session.peer)
        return responses

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if self.order == "before 250":
            self.strike(session.sender)
        elif self.order == "after 250":
            # The answer is written as soon as this returns; what is called soon comes next.
            asyncio.get_running_loop().call_soon(self.strike, session.sender)
        return answer

    def strike(self, sender: int | None) -> None:
        if self.order and sender is not None and self.is_ours(sender):
            self.struck[self.order] += 1
            self.order = ""
            with suppress(ProcessLookupError):
                os.kill(sender, signal.SIGKILL)


def sender_at(peer: tuple[str, int]) -> int | None:
    """The process at the other end of a connection on this machine."""
    for connection in psutil.net_connections("tcp4"):
        if connection.laddr and connection.laddr.port == peer[1]:
            return connection.pid
    return None
