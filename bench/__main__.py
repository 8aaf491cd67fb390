"""`make bench`: requests a second of our pages, each beside its floor in the same minute, three rounds.

Uses the demo's database as it stands. Machines differ and are noisy, so only the ratios mean something.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median

from techforce.demo import places, processes
from techforce.demo.embedded import free_port
from techforce.demo.environment import fill_environment
from techforce.demo.register import wait_until

ROUNDS, SECONDS, CLIENTS = 3, 3.0, 4
# Our page, the floor's page, and the least that performance.md asks for.
PAIRS = (("/", "/rows", 0.5), ("/openings/", "/rows", 0.5), ("/accounts/login/", "/hello", 0.0))


def main() -> int:
    fill_environment()
    from bench import floor

    floor.make_rows()
    try:
        with server("techforce.wsgi") as ours, server("bench.floor") as least:
            print(
                f"{'page':20} {'a second':>9} {'floor':>9} {'ratio: min':>11} {'median':>7} {'max':>6}   goal"
            )
            for page, floor_page, goal in PAIRS:
                show(page, goal, [(speed(ours + page), speed(least + floor_page)) for _ in range(ROUNDS)])
    finally:
        floor.drop_rows()
    return 0


@contextmanager
def server(module: str) -> Iterator[str]:
    """Two sync workers, as in production."""
    port = free_port()
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "LOG_LEVEL": "ERROR"}
    command = [processes.resolve("gunicorn"), module]
    log = subprocess.DEVNULL
    child = subprocess.Popen(command, cwd=places.ROOT, env=environment, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}"
        if not wait_until(lambda: answers(url), 30):
            raise SystemExit(f"{module} does not answer. Does `make run` work?")
        yield url
    finally:
        child.terminate()
        child.wait()


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def speed(url: str) -> float:
    """Requests a second with a few clients at once."""
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = pool.map(lambda _: requests_until(url, end), range(CLIENTS))
    return sum(counts) / SECONDS


def requests_until(url: str, end: float) -> int:
    count = 0
    while time.monotonic() < end:
        with urllib.request.urlopen(url, timeout=30) as answer:
            answer.read()
        count += 1
    return count


def show(page: str, goal: float, rounds: list[tuple[float, float]]) -> None:
    ratios = [ours / floor for ours, floor in rounds]
    ours, floor = (median(column) for column in zip(*rounds, strict=True))
    low, middle, high = min(ratios), median(ratios), max(ratios)
    wanted = f"{goal:.0%}" if goal else "-"
    print(f"{page:20} {ours:9.0f} {floor:9.0f} {low:11.0%} {middle:7.0%} {high:6.0%}   {wanted}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
