"""The cohort that is open now: its window began some weeks ago and ends some weeks from now."""

from techforce.core.seeding import Seeded
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import end_of, moment
from techforce.program.models import Cohort
from techforce.program.services import open_cohort
from techforce.program.workflow import CohortStatus

SLUG = "cohort-1"
OPENED, CLOSES = -30, 24


def load_cohort(seeded: Seeded) -> None:
    """Open the seeded cohort. Whoever has opened it already set its window."""
    cohort = Cohort.objects.get(slug=SLUG)
    if cohort.status != CohortStatus.PLANNED:
        return
    Cohort.objects.filter(pk=cohort.pk).update(opens_at=moment(OPENED, hour=9), closes_at=end_of(CLOSES))
    cohort.refresh_from_db()
    open_cohort(cohort=cohort, by=account("program-manager"))
    seeded.count(cohort, is_new=False)


def current() -> Cohort:
    return Cohort.objects.get(slug=SLUG)
