"""The cohort that is open now, and the pilot before it, whose people serve or have served."""

from techforce.core.seeding import Seeded
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import end_of, moment
from techforce.demo.loading.story import Story
from techforce.program.models import Cohort, CohortDiscipline, Discipline
from techforce.program.services import open_cohort
from techforce.program.workflow import CohortStatus

CURRENT, PILOT = SLUGS = ("cohort-1", "pilot")
OPENED, CLOSES = -62, 24
"""The window of the current cohort began some weeks ago and ends some weeks from now."""
PILOT_OPENED, PILOT_CLOSES = -962, -926
PILOT_PATH = ("open -962", "close -925", "start_assessing -920", "start_placing -905", "start_serving -840")


def load_cohorts(seeded: Seeded) -> None:
    open_current(seeded)
    if not Cohort.objects.filter(slug=PILOT).exists():
        put_pilot(seeded)


def open_current(seeded: Seeded) -> None:
    """Open the seeded cohort. Whoever has opened it already set its window."""
    cohort = by_slug(CURRENT)
    if cohort.status != CohortStatus.PLANNED:
        return
    Cohort.objects.filter(pk=cohort.pk).update(opens_at=moment(OPENED, hour=9), closes_at=end_of(CLOSES))
    cohort.refresh_from_db()
    open_cohort(cohort=cohort, by=account("program-manager"))
    seeded.count(cohort, is_new=False)


def put_pilot(seeded: Seeded) -> None:
    """A small round, on lower pay, that began some two and a half years ago."""
    story, manager = Story(), account("program-manager")
    pilot = Cohort(
        slug=PILOT,
        name="Pilot",
        opens_at=moment(PILOT_OPENED, hour=9),
        closes_at=end_of(PILOT_CLOSES),
        seats=20,
        pay_min=130_000,
        pay_max=185_000,
        created_at=moment(PILOT_OPENED - 30),
    )
    story.tell(pilot, PILOT_PATH, lambda _arrow: manager)
    pilot.save()
    CohortDiscipline.objects.bulk_create(
        CohortDiscipline(cohort=pilot, discipline=discipline)
        for discipline in Discipline.objects.order_by("pk")
    )
    story.write()
    seeded.count(pilot, is_new=True)


def by_slug(slug: str) -> Cohort:
    return Cohort.objects.get(slug=slug)


def current() -> Cohort:
    return by_slug(CURRENT)
