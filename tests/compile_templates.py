"""Compiles every template of ours, so that a wrong tag is found without opening its page.

python -m tests.compile_templates
"""

import os
import sys
from pathlib import Path

import django
from django.template import TemplateSyntaxError, engines

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")
    django.setup()
    paths = [*ROOT.glob("templates/**/*"), *ROOT.glob("*/templates/**/*"), *ROOT.glob("*/*/templates/**/*")]
    ours = sorted(path for path in paths if path.is_file() and "node_modules" not in path.parts)
    wrong = [problem for path in ours if (problem := problem_of(path))]
    print("\n".join(wrong or [f"{len(ours)} templates compile."]))
    return 1 if wrong else 0


def problem_of(path: Path) -> str | None:
    try:
        engines["django"].from_string(path.read_text())
    except TemplateSyntaxError as error:
        return f"{path.relative_to(ROOT)}: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
