"""A whole installation for one test: web server, worker, beat and mail receiver, each a process of its own."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from techforce.demo import commands, places
from techforce.demo.embedded import free_port
from techforce.demo.processes import resolve, stop_group
from techforce.demo.register import wait_until
from techforce.demo.sink import Mailbox, StoredMessage
from techforce.probe import is_well, report

READY_LIMIT_S = 90
MAIL_LIMIT_S = 60


class Town:
    """Where it is, and its mail."""

    def __init__(self, url: str, mailbox: Mailbox) -> None:
        self.url, self.mailbox = url, mailbox

    def mails_to(self, address: str, about: str = "") -> list[StoredMessage]:
        """The newest first; `about` is part of the subject."""
        return [
            mail
            for mail in self.mailbox.messages()
            if mail.to == address and about.lower() in mail.subject.lower()
        ]

    def wait_for_mail(self, address: str, about: str, limit_s: float = MAIL_LIMIT_S) -> StoredMessage:
        """The newest message to this person about this, as soon as the worker has sent it."""
        wait_until(lambda: bool(self.mails_to(address, about)), limit_s)
        found = self.mails_to(address, about)
        subjects = [mail.subject for mail in self.mails_to(address)]
        assert found, f"no mail to {address} about “{about}”, only {subjects}"
        return found[0]


@contextmanager
def running_town(environment: Mapping[str, str], folder: Path) -> Iterator[Town]:
    """`environment` names database, broker and mail directory; logs and files go into `folder`."""
    port, sink = free_port(), free_port()
    # By this name the site is on this machine, and links in mail lead back to where people are signed in.
    url = f"http://127.0.0.1:{port}"
    settings = {
        "DEMO": "1",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BIND": f"127.0.0.1:{port}",
        "WEB_CONCURRENCY": "2",
        "BASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{sink}",
        "MAIL_RECEIPTS": "techforce.demo.sink.has_message",
        "MEDIA_ROOT": str(folder / "media"),
        "DJANGO_SETTINGS_MODULE": "techforce.settings",
    }
    mail = commands.Service("mail", ("python", "-m", "techforce.demo.sink", "--port", str(sink)))
    with ExitStack() as stack:
        for service in (mail, commands.WEB, commands.WORKER, commands.BEAT):
            stack.enter_context(running(service, {**environment, **settings}, folder))
        wait_for_ready(url, folder)
        yield Town(url, Mailbox(Path(environment["MAIL_DIR"])))


@contextmanager
def running(service: commands.Service, environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    command = [resolve(service.command[0]), *service.command[1:]]
    with (
        (folder / f"{service.name}.log").open("wb") as log,
        subprocess.Popen(
            command, cwd=places.ROOT, env=dict(environment), stdout=log, stderr=log, start_new_session=True
        ) as process,
    ):
        try:
            yield
        finally:
            stop_group(process.pid, service.stop_limit_s)


def wait_for_ready(url: str, folder: Path) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    while not is_well(report(url + commands.HEALTH_PATH), *commands.PARTS):
        logs = {path.name: path.read_text()[-2000:] for path in folder.glob("*.log")}
        assert time.monotonic() < deadline, logs
        time.sleep(0.2)
