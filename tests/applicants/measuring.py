"""What judging a file costs: a program of its own, because the system counts the children of a whole process.

python -m tests.applicants.measuring FILE …  →  a line of JSON for each file
"""

import json
import multiprocessing
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import django


@dataclass(frozen=True)
class Cost:
    """The verdict on one file, and what the child that looked inside took at most. Memory is never below that of the
    process from which the child was split off."""

    file: str
    verdict: str
    reason: str
    text: str
    peak_bytes: int
    cpu_seconds: float


def cost_of(path: str) -> Cost:
    from applicants.services.scanning import check_file

    verdict = check_file(Path(path))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(
        file=Path(path).name,
        verdict=verdict.verdict,
        reason=verdict.reason,
        text=verdict.text,
        peak_bytes=used.ru_maxrss * 1024,
        cpu_seconds=used.ru_utime + used.ru_stime,
    )


def main(paths: list[str]) -> None:
    django.setup()
    # A process for each file: what RUSAGE_CHILDREN counts is never set back.
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        for cost in pool.imap(cost_of, paths, chunksize=1):
            print(json.dumps(asdict(cost)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
