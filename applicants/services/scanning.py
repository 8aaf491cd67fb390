"""The verdict on a file: what it is, then what is inside, read by a child process that may use little memory and little
time and knows no secret of ours."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from applicants import inspection
from applicants.models.document import LARGEST_DOCUMENT
from applicants.sniffing import sniff

SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".txt": "txt"}
MEMORY = 300 * 1024 * 1024
CPU_SECONDS, WALL_SECONDS = 5, 10
ACCEPT, WARN, REJECT = "accept", "accept_with_warning", "reject"


@dataclass(frozen=True)
class Verdict:
    """`reason` is a code: of a refusal, or `no_text` for a scan whose text cannot be searched."""

    verdict: str
    reason: str = ""
    text: str = ""

    @property
    def characters(self) -> int:
        return len(self.text)


def check_file(path: Path, name: str = "") -> Verdict:
    """Judge the file at `path`, which a person calls `name`."""
    if path.stat().st_size > LARGEST_DOCUMENT:
        return Verdict(REJECT, "too_large")
    with path.open("rb") as file:
        found = sniff(file)
    if found.refusal:
        return Verdict(REJECT, found.refusal)
    if refusal := refusal_of_name(name or path.name, found.format):
        return Verdict(REJECT, refusal)
    return _look_inside(path, found.format)


def refusal_of_name(name: str, found: str) -> str:
    """A name that says something else than the content: one of the two lies."""
    suffix = PurePosixPath(name.strip().lower()).suffix
    if SUFFIXES.get(suffix) == found:
        return ""
    return "misnamed" if suffix in SUFFIXES else "wrong_type"


def _look_inside(path: Path, format: str) -> Verdict:
    try:
        child = subprocess.run(
            [sys.executable, "-I", inspection.__file__, str(path.resolve()), format],
            capture_output=True,
            timeout=WALL_SECONDS,
            check=True,
            env={},
            preexec_fn=_limit,
        )
        answer = json.loads(child.stdout)
    except (subprocess.SubprocessError, json.JSONDecodeError):
        # Out of memory, out of time, or the reader itself fell: nobody should open this file.
        return Verdict(REJECT, "damaged")
    if answer["refusal"]:
        return Verdict(REJECT, answer["refusal"])
    if not answer["text"].strip():
        return Verdict(WARN, "no_text")
    return Verdict(ACCEPT, text=answer["text"])


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
