"""Work done at the same moment, each worker with its own database connection."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(workers: int, work: Callable[[int], Any]) -> list[Any]:
    """Call `work(n)` in threads that start together; returns what each returned, or the exception that it raised."""
    barrier = threading.Barrier(workers)

    def run(number: int) -> Any:
        barrier.wait()
        try:
            return work(number)
        except Exception as error:  # noqa: BLE001 (the caller counts and judges what was refused)
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers)))


def succeeded(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, Exception)]
