"""The verdict on a file: what it is, then what is inside, read and written anew by a child process that may use little
memory and little time and knows no secret of ours."""

import json
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from applicants import inspection
from applicants.models.document import LARGEST_DOCUMENT
from applicants.sniffing import sniff

SUFFIXES = {".pdf": "pdf", ".docx": "docx", ".txt": "txt"}
READER = Path(inspection.__file__).parent
MEMORY = 300 * 1024 * 1024
CPU_SECONDS, WALL_SECONDS = 5, 10
LARGEST_REWRITTEN = 4 * LARGEST_DOCUMENT
ACCEPT, WARN, REJECT = "accept", "accept_with_warning", "reject"


@dataclass(frozen=True)
class Verdict:
    """`reason` is a code: of a refusal, or `no_text` for a scan whose text cannot be searched. `rewritten` is what may
    be served of an accepted file."""

    verdict: str
    reason: str = ""
    text: str = ""
    rewritten: bytes = field(default=b"", repr=False)

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
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"document.{found.format}"  # the reader may not understand the name
        shutil.copyfile(path, copy)
        return _look_inside(copy, found.format, Path(folder) / "rewritten")


def refusal_of_name(name: str, found: str) -> str:
    """A name that says something else than the content: one of the two lies."""
    suffix = PurePosixPath(name.strip().lower()).suffix
    if SUFFIXES.get(suffix) == found:
        return ""
    return "misnamed" if suffix in SUFFIXES else "wrong_type"


def _look_inside(path: Path, format: str, target: Path) -> Verdict:
    try:
        child = subprocess.run(
            [sys.executable, "-I", str(READER), str(path), format, str(target)],
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
    has_text = bool(answer["text"].strip())
    verdict, reason = (ACCEPT, "") if has_text else (WARN, "no_text")
    return Verdict(verdict, reason, answer["text"], target.read_bytes())


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_REWRITTEN, LARGEST_REWRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
