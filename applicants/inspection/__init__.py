"""Looking inside a file and writing it anew (trust.md §3). This is a program of its own: it runs in a child process
with little memory and little time, knows nothing of the site, and prints one line of JSON.

python inspection FILE FORMAT TARGET  →  {"refusal": "", "text": "…"}, and the rewritten file at TARGET

Nobody is ever served what arrived. What is served was written here, from the parts that a résumé needs.
"""

from __future__ import annotations

MOST_CHARACTERS = 200_000
# The line that every virus scanner reports and that does nothing; joined here so that none reports this program.
TEST_VIRUS = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
HARMLESS_SCHEMES = ("http://", "https://", "mailto:", "tel:")


class Refusal(Exception):
    """The file is not taken; the message is the code of the reason."""


def refuse_virus(content: bytes) -> None:
    if TEST_VIRUS in content:
        raise Refusal("malware")


def is_harmless_link(address: str) -> bool:
    """To a page, a mailbox or a telephone: nothing that starts or fetches a file of a machine."""
    return address.strip().lower().startswith(HARMLESS_SCHEMES)
