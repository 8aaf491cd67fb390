"""`make check`: everything that must be green beside the tests, each by itself, all of it local.

python -m tests.check            (a name as argument runs only that check: python -m tests.check types)
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
PRODUCTION_LIKE = {
    "SECRET_KEY": "for this check only: Django asks for fifty characters and some variety, 0123456789",
    "BASE_URL": "https://techforce.example",
    "ALLOWED_HOSTS": "techforce.example",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
CHECKS: dict[str, tuple[list[str | Path], dict[str, str]]] = {
    "lint": ([BIN / "ruff", "check", "."], {}),
    "format": ([BIN / "ruff", "format", "--check", "."], {}),
    "types": ([BIN / "mypy"], {"TESTING": "1"}),
    "imports": ([BIN / "lint-imports", "--no-logo"], {}),
    "templates": ([BIN / "djlint", "--lint", "--quiet", "templates"], {}),
    "template syntax": ([PYTHON, "-m", "tests.compile_templates"], {"TESTING": "1"}),
    "migrations": ([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], {"TESTING": "1"}),
    "documents": ([PYTHON, "manage.py", "render_docs", "--check"], {"TESTING": "1"}),
    "deployment": ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION_LIKE),
}


def main(names: list[str]) -> int:
    os.chdir(ROOT)
    os.environ.setdefault("DATABASE_URL", throwaway_database())
    failed = [name for name in names or CHECKS if not passes(name)]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def throwaway_database() -> str:
    """The checks read a database only to see that its migrations are in order."""
    from techforce.demo import places
    from techforce.demo.postgres import CARELESS, Postgres

    postgres = Postgres(places.TESTS / "postgres", CARELESS)
    postgres.acquire()
    return postgres.url()


def passes(name: str) -> bool:
    command, environment = CHECKS[name]
    began = time.monotonic()
    result = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    verdict = "ok" if result.returncode == 0 else "FAILED"
    print(f"{name:16} {verdict:7} {time.monotonic() - began:5.1f} s", flush=True)
    if result.returncode:
        print(result.stdout + result.stderr, flush=True)
    return result.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
