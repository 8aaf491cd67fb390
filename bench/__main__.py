"""`make bench`: requests a second of our pages, each beside its floor in the same minute, three rounds.

Uses the demo's database as it stands. Machines differ and are noisy, so only the ratios mean something.
"""

import json
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

import psycopg2

from techforce.demo import places, processes
from techforce.demo.embedded import free_port
from techforce.demo.environment import fill_environment
from techforce.demo.register import wait_until

ROUNDS, SECONDS, CLIENTS = 3, float(os.environ.get("SECONDS_A_ROUND", 3)), 4
VOLUMES = (10_000, 100_000)
ITEMS = int(os.environ.get("ITEMS", 1_000_000))
# Our page, the floor's page, and the least that performance.md asks for.
PAIRS = (("/", "/rows", 0.5), ("/openings/", "/rows", 0.5), ("/accounts/login/", "/hello", 0.0))
# Pages of the staff with many people, and the same of Django's own admin: at most 1.5 times its time.
STAFF_PAIRS = (
    ("/admin/applicants/application/", "/admin/bench/row/", 1 / 1.5),
    ("/admin/applicants/application/?q=lopez+77", "/admin/bench/row/?q=lopez+77", 1 / 1.5),
    ("/admin/review/", "/admin/bench/row/", 1.0),
)


def main() -> int:
    fill_environment()
    print(f"{'page':44} {'a second':>9} {'floor':>9} {'ratio: min':>11} {'median':>7} {'max':>6}   goal")
    compare_public_pages()
    for count in VOLUMES:
        compare_staff_pages(count)
    compare_sweeps(ITEMS)
    return 0


def compare_public_pages() -> None:
    from bench import floor

    floor.make_rows()
    try:
        with server("techforce.wsgi") as ours, server("bench.floor") as least:
            for page, floor_page, goal in PAIRS:
                show(page, goal, [(speed(ours + page), speed(least + floor_page)) for _ in range(ROUNDS)])
    finally:
        floor.drop_rows()


def compare_staff_pages(count: int) -> None:
    """In databases of their own, which are dropped afterwards."""
    with database("bench_ours") as ours_url, database("bench_stock") as stock_url:
        ours_cookie = prepared("bench.volume", count, ours_url)
        stock_cookie = prepared("bench.stock", count, stock_url)
        with server("techforce.wsgi", ours_url) as ours, server("bench.stock", stock_url) as stock:
            for page, stock_page, goal in STAFF_PAIRS:
                rounds = [
                    (speed(ours + page, ours_cookie), speed(stock + stock_page, stock_cookie))
                    for _ in range(ROUNDS)
                ]
                show(f"{count:,} {page.removeprefix('/admin')}", goal, rounds)


def compare_sweeps(count: int) -> None:
    """Of reminders over so many checklist items; the goals are 2 ms for an empty one and 20,000 claims a second."""
    with database("bench_sweep") as url:
        rounds = json.loads(prepared("bench.sweep", count, url))
    show(f"{count:,} items: empty sweep", 0.0, rounds["empty"])
    show(f"{count:,} items: due steps, claimed", 0.0, rounds["claimed"])
    show(f"{count:,} items: due steps, with mails queued", 0.0, rounds["due"])
    show("mails sent by one worker", 0.6, rounds["mail"])
    show("mails in finished bytes, a commit before each", 0.0, rounds["announced"])


@contextmanager
def database(name: str) -> Iterator[str]:
    """An empty one on the same server."""
    url = os.environ["DATABASE_URL"]
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{url.rpartition('/')[0]}/{name}"
        finally:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    connection.close()


def prepared(module: str, count: int, database_url: str) -> str:
    """The last word that it prints."""
    command = [sys.executable, "-c", f"import {module}; {module}.prepare({count})"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    made = subprocess.run(
        command, cwd=places.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return made.stdout.split()[-1]


@contextmanager
def server(module: str, database_url: str = "") -> Iterator[str]:
    """Two sync workers, as in production."""
    port = free_port()
    environment = {**os.environ, "BIND": f"127.0.0.1:{port}", "LOG_LEVEL": "ERROR"}
    environment["DATABASE_URL"] = database_url or os.environ["DATABASE_URL"]
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


def speed(url: str, cookie: str = "") -> float:
    """Requests a second with a few clients at once."""
    request = urllib.request.Request(url, headers={"Cookie": cookie})
    end = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = pool.map(lambda _: requests_until(request, end), range(CLIENTS))
    return sum(counts) / SECONDS


def requests_until(request: urllib.request.Request, end: float) -> int:
    count = 0
    while time.monotonic() < end:
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()
            if answer.url != request.full_url:
                raise SystemExit(f"{request.full_url} leads to {answer.url}")
        count += 1
    return count


def show(page: str, goal: float, rounds: list[tuple[float, float]]) -> None:
    ratios = [ours / floor for ours, floor in rounds]
    ours, floor = (median(column) for column in zip(*rounds, strict=True))
    low, middle, high = min(ratios), median(ratios), max(ratios)
    wanted = f"{goal:.0%}" if goal else "-"
    print(f"{page:44} {ours:9.0f} {floor:9.0f} {low:11.0%} {middle:7.0%} {high:6.0%}   {wanted}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
