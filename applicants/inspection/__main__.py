"""The program: judge one file, write it anew, say what it reads."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(path: str, format: str, target: str) -> None:
    # Python starts a folder with that folder as the place where it looks for modules.
    sys.path[0] = str(Path(__file__).resolve().parents[2])
    from applicants.inspection import Refusal
    from applicants.inspection.rewriting import rewrite

    try:
        answer = {"refusal": "", "text": rewrite(path, format, target)}
    except Refusal as refusal:
        answer = {"refusal": str(refusal), "text": ""}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:4])
