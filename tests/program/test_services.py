import datetime

import pytest
from django.utils import timezone

from techforce.accounts.models import OpmRole, User
from techforce.core.errors import NotPermitted, Refused, TransitionRefused
from techforce.core.models import AuditEvent
from techforce.core.workflow import transition
from techforce.program.models import WindowExtension
from techforce.program.services import close_cohort, close_past_cohorts, extend_window, open_cohort
from tests.factories.accounts import opm_staff
from tests.factories.program import CohortDisciplineFactory, CohortFactory, past_window

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def manager() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


def test_a_cohort_with_a_discipline_opens_inside_its_window(manager: User) -> None:
    cohort = CohortDisciplineFactory().cohort

    open_cohort(cohort=cohort, by=manager)

    assert cohort.is_accepting
    assert AuditEvent.objects.about(cohort).get().action == "program.cohort:open"


def test_a_cohort_without_a_discipline_does_not_open(manager: User) -> None:
    with pytest.raises(TransitionRefused, match="discipline"):
        open_cohort(cohort=CohortFactory(), by=manager)


def test_a_cohort_does_not_open_before_the_announced_day(manager: User) -> None:
    cohort = CohortDisciplineFactory(cohort__opens_at=timezone.now() + DAY).cohort

    with pytest.raises(TransitionRefused, match="The window opens on"):
        open_cohort(cohort=cohort, by=manager)


def test_a_cohort_does_not_close_before_its_deadline(manager: User) -> None:
    with pytest.raises(TransitionRefused, match="stays open until"):
        close_cohort(cohort=CohortFactory(status="open"), by=manager)


@pytest.mark.parametrize("role", [OpmRole.REVIEWER, OpmRole.CASE_MANAGER, OpmRole.AUDITOR])
def test_other_staff_neither_open_nor_extend(role: str) -> None:
    staff = opm_staff(role)
    planned, cohort = CohortDisciplineFactory().cohort, CohortFactory(status="open")

    with pytest.raises(NotPermitted):
        open_cohort(cohort=planned, by=staff)
    with pytest.raises(NotPermitted):
        extend_window(cohort=cohort, until=cohort.closes_at + DAY, reason_code="more_time", by=staff)


def test_the_system_closes_what_is_past_and_nothing_else() -> None:
    over, running = past_window(), CohortFactory(status="open")

    assert close_past_cohorts(by=User.objects.system()) == 1

    over.refresh_from_db()
    running.refresh_from_db()
    assert (over.status, running.status) == ("closed", "open")


def test_an_extension_moves_the_deadline_and_is_logged(manager: User) -> None:
    cohort = CohortFactory(status="open")
    before, until = cohort.closes_at, cohort.closes_at + 14 * DAY

    extend_window(cohort=cohort, until=until, reason_code="more_time", by=manager)

    extension = WindowExtension.objects.get(cohort=cohort)
    assert cohort.closes_at == until
    assert (extension.old_closes_at, extension.kind, extension.by) == (before, "planned", manager)
    assert AuditEvent.objects.about(cohort).get().reason_code == "more_time"


@pytest.mark.parametrize("change", [datetime.timedelta(0), -DAY])
def test_a_deadline_never_moves_earlier(manager: User, change: datetime.timedelta) -> None:
    cohort = CohortFactory(status="open")

    with pytest.raises(Refused, match="only move later"):
        extend_window(cohort=cohort, until=cohort.closes_at + change, reason_code="site_outage", by=manager)

    assert not WindowExtension.objects.exists()


@pytest.mark.parametrize("status", ["open", "closed"])
def test_after_the_deadline_more_time_is_no_reason(manager: User, status: str) -> None:
    with pytest.raises(Refused, match="Only an outage"):
        extend_window(
            cohort=past_window(status=status), until=timezone.now() + DAY, reason_code="more_time", by=manager
        )


def test_an_outage_opens_a_closed_window_again(manager: User) -> None:
    cohort = past_window(status="closed")

    extend_window(cohort=cohort, until=timezone.now() + DAY, reason_code="sign_in_outage", by=manager)

    assert cohort.is_accepting
    assert WindowExtension.objects.get(cohort=cohort).kind == "outage"


def test_an_outage_extension_that_is_itself_over_is_refused(manager: User) -> None:
    cohort = past_window(status="closed")
    just_past = timezone.now() - datetime.timedelta(minutes=1)

    with pytest.raises(Refused, match="still to come"):
        extend_window(cohort=cohort, until=just_past, reason_code="site_outage", by=manager)


@pytest.mark.parametrize("status", ["planned", "assessing", "ended"])
def test_only_an_open_or_just_closed_window_is_extended(manager: User, status: str) -> None:
    with pytest.raises(Refused, match="open or just closed"):
        extend_window(
            cohort=past_window(status=status),
            until=timezone.now() + DAY,
            reason_code="site_outage",
            by=manager,
        )


def test_an_unknown_reason_is_refused(manager: User) -> None:
    cohort = CohortFactory(status="open")

    with pytest.raises(Refused, match="Choose a reason"):
        extend_window(cohort=cohort, until=cohort.closes_at + DAY, reason_code="because", by=manager)


def test_a_cohort_runs_through_its_life_in_order(manager: User) -> None:
    cohort = past_window()

    for step in ("close", "start_assessing", "start_placing", "start_serving", "end"):
        transition(cohort, step, by=manager)

    assert cohort.status == "ended"


def test_a_cohort_skips_no_stage(manager: User) -> None:
    with pytest.raises(TransitionRefused):
        transition(past_window(status="closed"), "start_serving", by=manager)
