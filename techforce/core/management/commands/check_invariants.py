from typing import Any

from django.core.management.base import BaseCommand, CommandError

from techforce.core import invariants


class Command(BaseCommand):
    help = "Asks the database whether every invariant holds; fails with the offenders where one does not."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.broken()
        for invariant in invariants.all_invariants():
            mark = "BROKEN" if invariant in broken else "ok"
            self.stdout.write(f"{mark:7} {invariant.code:4} {invariant.sentence}")
            for line in broken.get(invariant, [])[:20]:
                self.stdout.write(f"          {line}")
        if broken:
            raise CommandError(f"{len(broken)} invariants do not hold.")
