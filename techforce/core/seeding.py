"""Reference rows of our own writing. Each app registers one seeder in `ready()`; `manage.py seed` runs them
in the order of the import line. Seeding again changes only what changed in the files.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db import models, transaction

from techforce.core.models import Versioned
from techforce.core.versions import save_version

Seeder = Callable[[], "Seeded"]

_SEEDERS: dict[str, Seeder] = {}


class Seeded:
    """How many rows a seeder made and changed, by model."""

    def __init__(self) -> None:
        self.created: Counter[str] = Counter()
        self.updated: Counter[str] = Counter()

    def __str__(self) -> str:
        made = [f"{count} {name} made" for name, count in self.created.items()]
        changed = [f"{count} {name} changed" for name, count in self.updated.items()]
        return ", ".join([*made, *changed]) or "nothing to change"

    def count(self, row: models.Model, *, is_new: bool) -> None:
        tally = self.created if is_new else self.updated
        tally[type(row).__name__] += 1


def register_seeder(name: str, seeder: Seeder) -> None:
    """Register an app's seeder. Apps are ready in the order of INSTALLED_APPS, so a seeder may count on the
    rows of every app before its own."""
    if _SEEDERS.get(name, seeder) is not seeder:
        raise ValueError(f"seeder {name} is registered twice")
    _SEEDERS[name] = seeder


def run_seeders() -> Iterator[tuple[str, Seeded]]:
    """Run all seeders, each in one transaction, and say what each did."""
    for name, seeder in _SEEDERS.items():
        with transaction.atomic():
            seeded = seeder()
        yield name, seeded


def put(
    seeded: Seeded,
    model: type[models.Model],
    key: Mapping[str, Any],
    values: Mapping[str, Any] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> Any:
    """The row of `model` with the natural key `key`: made if it is new, written only if one of `values`
    differs. `initial` is for a new row only: what staff may have changed since stays as they left it."""
    wanted = dict(values or {})
    row, is_new = model._default_manager.get_or_create(**key, defaults={**wanted, **(initial or {})})
    changed = {} if is_new else {name: value for name, value in wanted.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if isinstance(row, Versioned) and changed:
        save_version(row, expected=row.version, fields=list(changed))
    elif changed:
        row.save(update_fields=list(changed))
    if is_new or changed:
        seeded.count(row, is_new=is_new)
    return row
