"""`make run`: start everything, say where it is, stop everything.

python -m techforce.demo        (the variable PORT chooses another port)
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping

from techforce.demo import commands, places, processes
from techforce.demo.embedded import EmbeddedServerError, free_port
from techforce.demo.environment import HOST, fill_broker, fill_demo_settings, fill_environment
from techforce.demo.login_gov import launching as login_gov
from techforce.demo.processes import Crew, ServiceFailedError, StopFlag
from techforce.probe import is_well, report

READY_LIMIT_S = 90
SINK_PORT = 1025


class StoppedError(Exception):
    """The user asked to stop while things were still starting."""


class StartError(RuntimeError):
    """The demo cannot start; the message says why."""


def main() -> int:
    has_to_stop = StopFlag()
    try:
        run(int(os.environ.get("PORT", "8000")), has_to_stop)
    except StoppedError:
        say("Stopped before it was ready.")
    except (StartError, EmbeddedServerError, ServiceFailedError) as error:
        print(f"Tech Force cannot start: {error}", file=sys.stderr)
        return 1
    return 0


def run(port: int, has_to_stop: StopFlag) -> None:
    make_room(port)
    say("Starting the database and the broker ...")
    fill_environment()
    fill_broker()
    fill_demo_settings()
    prepare(has_to_stop)
    crew = Crew(child_environment(port))
    try:
        start_services(crew)
        wait_for_ready(port, crew, has_to_stop)
        announce(port)
        watch(crew, has_to_stop)
    finally:
        say("Stopping ...")
        crew.stop()
    say("Stopped. The data is kept for the next `make run`; `make reset` throws it away.")


def make_room(port: int) -> None:
    """One launcher in a directory, and a port for it; what a killed launcher left running is stopped."""
    if processes.running_launcher():
        raise StartError("it is running already from this directory. Stop that one first (Ctrl-C).")
    places.LOGS.mkdir(parents=True, exist_ok=True)
    if count := processes.stop_leftovers():
        say(f"Stopped {count} processes that an earlier run had left behind.")
    if is_taken(port):
        raise StartError(
            f"port {port} is taken by another program. Choose another one: make run PORT={port + 1}"
        )
    processes.sign_in(port)


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def prepare(has_to_stop: StopFlag) -> None:
    command = [sys.executable, "-m", "techforce.demo.prepare"]
    # A migration may take longer than a page is allowed to.
    environment = {**os.environ, "STATEMENT_TIMEOUT_MS": "0"}
    child = subprocess.Popen(
        command, cwd=places.ROOT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True
    )
    code = processes.wait_for_exit(child, has_to_stop)
    if has_to_stop:
        raise StoppedError
    if code:
        raise StartError("the database could not be brought up to date; the reason stands above.")


def child_environment(port: int) -> dict[str, str]:
    """What the services are told. They use the database role that owns nothing."""
    environment = dict(os.environ)
    environment["DATABASE_URL"] = environment.get("APP_DATABASE_URL", environment["DATABASE_URL"])
    environment["BIND"] = f"{HOST}:{port}"
    environment["PYTHONUNBUFFERED"] = "1"
    environment.setdefault("BASE_URL", f"http://{HOST}:{port}")
    if "EMAIL_URL" not in environment:
        environment["SINK_PORT"] = str(free_port() if is_taken(SINK_PORT) else SINK_PORT)
        environment["EMAIL_URL"] = f"smtp://{HOST}:{environment['SINK_PORT']}"
    if "LOGIN_GOV_URL" not in environment:
        environment.update(login_gov.variables(free_port()))
    return environment


def start_services(crew: Crew) -> None:
    say("Starting mail, web, worker and beat ...")
    login_gov.make_keys(places.LOGIN_GOV)
    for service in services(crew.environment):
        crew.start(service)


def services(environment: Mapping[str, str]) -> list[commands.Service]:
    """In the order of their start; they stop in the reverse order."""
    chosen = [commands.WEB, commands.WORKER, commands.BEAT]
    if "SINK_PORT" in environment:
        command = ("python", "-m", "techforce.demo.sink", "--port", environment["SINK_PORT"])
        chosen.insert(0, commands.Service("mail", command))
    if "LOGIN_GOV_PORT" in environment:
        origin, port = environment["BASE_URL"], environment["LOGIN_GOV_PORT"]
        chosen.insert(0, commands.Service("login_gov", login_gov.command(port, origin)))
    return chosen


def wait_for_ready(port: int, crew: Crew, has_to_stop: StopFlag) -> None:
    deadline = time.monotonic() + READY_LIMIT_S
    url = f"http://{HOST}:{port}{commands.HEALTH_PATH}"
    while not is_well(report(url), *commands.PARTS):
        if has_to_stop:
            raise StoppedError
        if time.monotonic() > deadline:
            raise StartError(f"it did not get ready in {READY_LIMIT_S} seconds. The logs are in .local/logs.")
        crew.revive()
        time.sleep(0.2)


def announce(port: int) -> None:
    say(f"Ready: http://{HOST}:{port}/")
    say(f"       http://localhost:{port}/  (passkeys work at this address only)")
    say("Press Ctrl-C to stop.")


def watch(crew: Crew, has_to_stop: StopFlag) -> None:
    while not has_to_stop:
        for service in crew.revive():
            say(f"{service.name} had ended and was started again; see .local/logs/{service.name}.log.")
        time.sleep(0.3)


def say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
