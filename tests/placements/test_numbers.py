"""The public numbers: counted, read by the agencies for five business days, published, and never about a few people."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from placements import services
from placements.models import Measure, NumbersEdition, NumbersFigure
from techforce.accounts.models import User
from techforce.core.calendar import add_business_days, today
from techforce.core.closures import forget_closures
from techforce.core.errors import Conflict, NotPermitted, Refused, TransitionRefused
from techforce.core.models import AuditEvent, Closure, OutboxMessage
from techforce.core.workflow import transition
from tests.factories import placements as made
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import SubmittedApplicationFactory
from tests.placements.agency_room import HR, MANAGER, VIEWER, desk
from tests.placements.people import words_of
from tests.placements.vetting_cases import in_vetting, promise

pytestmark = pytest.mark.django_db

MONDAY = datetime.date(2026, 11, 30)
DAY = datetime.timedelta(days=1)


def system() -> User:
    return User.objects.system()


def counted(time_machine: Any, day: datetime.date = MONDAY) -> NumbersEdition:
    time_machine.move_to(datetime.datetime.combine(day, datetime.time(17), datetime.UTC))
    edition = services.draw_up_numbers(by=system())
    assert edition is not None
    return edition


def published(time_machine: Any, edition: NumbersEdition) -> str:
    """The page that everybody reads from its day on."""
    time_machine.move_to(datetime.datetime.combine(edition.publish_on, datetime.time(17), datetime.UTC))
    services.publish_numbers(by=system())
    return words_of(Client().get("/numbers/"))


def figure(edition: NumbersEdition, measure: Measure, **which: Any) -> NumbersFigure:
    return edition.figures.get(measure=measure, **which)


def cleared_in(opening: Any, *, kept: int, missed: int) -> None:
    """People who accepted fifty days ago; the promise is twenty days."""
    promise(opening, 20)
    for used in [15] * kept + [30] * missed:
        in_vetting(opening, days_ago=50, item=made.DoneItemFactory, effective_on=today() - (50 - used) * DAY)


# ── Counting ──────────────────────────────────────────────────────────────────────────────────────
def test_nine_people_are_hidden_and_ten_are_not(time_machine: Any) -> None:
    SubmittedApplicationFactory.create_batch(9)
    assert figure(counted(time_machine), Measure.IN_REVIEW).amount is None
    SubmittedApplicationFactory()
    assert figure(counted(time_machine, MONDAY + 7 * DAY), Measure.IN_REVIEW).amount == 10


def test_the_table_has_no_place_for_a_small_group(time_machine: Any) -> None:
    edition = counted(time_machine)
    for measure, fields in ((Measure.SERVING, {"amount": 9}), (Measure.KEPT, {"amount": 9, "cases": 9})):
        edition.figures.filter(measure=measure).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            made.FigureFactory(edition=edition, measure=measure, **fields)
    made.FigureFactory(edition=edition, measure=Measure.SERVING, amount=10)


def test_an_agencys_record_stands_beside_its_promise(time_machine: Any) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 30, 17, tzinfo=datetime.UTC))
    opening = PublishedOpeningFactory()
    cleared_in(opening, kept=12, missed=11)
    edition = counted(time_machine)
    kept = figure(edition, Measure.KEPT, agency=opening.agency)
    assert (kept.amount, kept.cases) == (12, 23)
    assert "12 of 23 – 50 % of 20 or more" in words_of(desk(HR, opening).get("/agency/numbers/"))
    assert "12" not in published(time_machine, edition)
    assert "20 days 50 % of 20 or more" in published(time_machine, edition)
    assert figure(edition, Measure.PROMISED, agency=opening.agency).amount == 20


@pytest.mark.parametrize(("kept", "missed"), [(6, 3), (9, 3), (3, 10), (12, 1)])
def test_a_record_that_tells_of_fewer_than_ten_is_hidden(time_machine: Any, kept: int, missed: int) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 30, 17, tzinfo=datetime.UTC))
    opening = PublishedOpeningFactory()
    cleared_in(opening, kept=kept, missed=missed)
    edition = counted(time_machine)
    row = figure(edition, Measure.KEPT, agency=opening.agency)
    assert (row.amount, row.cases) == (None, None)
    assert "20 days Hidden: too few people" in published(time_machine, edition)


def test_it_is_counted_once_a_week_and_late_rather_than_never(time_machine: Any) -> None:
    counted(time_machine, MONDAY + 2 * DAY)  # beat was away on Monday and Tuesday
    assert services.draw_up_numbers(by=system()) is None
    time_machine.move_to(datetime.datetime(2026, 12, 5, 17, tzinfo=datetime.UTC))
    assert services.draw_up_numbers(by=system()) is None  # a Saturday
    assert NumbersEdition.objects.count() == 1


# ── Publishing ────────────────────────────────────────────────────────────────────────────────────
def test_everybody_reads_them_five_business_days_later(time_machine: Any) -> None:
    SubmittedApplicationFactory.create_batch(12)
    edition = counted(time_machine)
    for day in (edition.as_of, add_business_days(edition.as_of, 4)):
        time_machine.move_to(datetime.datetime.combine(day, datetime.time(17), datetime.UTC))
        assert services.publish_numbers(by=system()) == 0
        assert "Applications under review" not in words_of(Client().get("/numbers/"))
    time_machine.move_to(datetime.datetime(2026, 12, 7, 17, tzinfo=datetime.UTC))
    assert services.publish_numbers(by=system()) == 1
    page = words_of(Client().get("/numbers/"))
    assert "Applications under review 10" in page
    assert "Serving Fewer than 10" in page


@pytest.mark.usefixtures("_closures_read_anew")
def test_neither_a_holiday_nor_a_day_closed_by_order_shortens_the_reading(time_machine: Any) -> None:
    """Thanksgiving is one of the days, and snow closes the next Monday."""
    Closure.objects.create(on=MONDAY, reason="Snow")
    forget_closures()
    edition = counted(time_machine, datetime.date(2026, 11, 23))
    assert edition.publish_on == datetime.date(2026, 12, 2)


def test_nobody_publishes_them_earlier(time_machine: Any) -> None:
    with pytest.raises(TransitionRefused):
        transition(counted(time_machine), "publish", by=system())


def test_what_is_published_stays(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    edition = counted(time_machine)
    time_machine.move_to(datetime.datetime(2026, 12, 7, 17, tzinfo=datetime.UTC))
    services.publish_numbers(by=system())
    row = figure(edition, Measure.OPENINGS, agency=opening.agency)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumbersFigure.objects.filter(pk=row.pk).update(amount=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


def test_before_the_first_edition_the_page_says_what_is_coming() -> None:
    assert "The first figures will be published" in words_of(Client().get("/numbers/"))


def test_the_public_page_costs_the_same_with_one_agency_and_with_three(time_machine: Any) -> None:
    costs = []
    for week, count in enumerate((1, 2)):
        for _number in range(count):
            PublishedOpeningFactory()
        edition = counted(time_machine, MONDAY + 7 * week * DAY)
        time_machine.move_to(datetime.datetime.combine(edition.publish_on, datetime.time(17), datetime.UTC))
        services.publish_numbers(by=system())
        with CaptureQueriesContext(connection) as caught:
            Client().get("/numbers/")
        costs.append(len(caught))
    assert costs[0] == costs[1] <= 3


# ── Correcting ────────────────────────────────────────────────────────────────────────────────────
def correct(seat: Any, row: NumbersFigure, **answers: Any) -> Any:
    data = {"corrected_to": 7, "note": "Two were counted twice.", "version": row.version} | answers
    return seat.post(f"/agency/numbers/{row.public_id}/", data)


def test_an_agency_puts_its_own_figure_right_and_everybody_reads_both(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    edition = counted(time_machine)
    row = figure(edition, Measure.OPENINGS, agency=opening.agency)
    seat = desk(HR, opening)
    assert str(row.public_id) in seat.get("/agency/numbers/").content.decode()
    assert correct(seat, row).status_code == 302
    time_machine.move_to(datetime.datetime(2026, 12, 7, 17, tzinfo=datetime.UTC))
    services.publish_numbers(by=system())
    page = words_of(Client().get("/numbers/"))
    assert f"{opening.agency} 7 *" in page
    assert "counted 1, corrected to 7. Two were counted twice." in page
    assert AuditEvent.objects.get(action="placements.numbersfigure:correct").detail == {"from": 1, "to": 7}


def test_another_agency_does_not_find_it_and_a_viewer_only_reads(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    row = figure(counted(time_machine), Measure.OPENINGS, agency=opening.agency)
    stranger = desk(HR, PublishedOpeningFactory())
    assert correct(stranger, row).status_code == 404
    assert str(row.public_id) not in stranger.get("/agency/numbers/").content.decode()
    for role in (VIEWER, MANAGER):
        seat = desk(role, opening)
        assert "Openings that take people" in words_of(seat.get("/agency/numbers/"))
        assert correct(seat, row).status_code == 404
        with pytest.raises(NotPermitted):
            services.correct_figure(figure=row, corrected_to=7, note="Two.", version=1, by=seat.user)


def test_after_the_day_it_is_too_late(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    row = figure(counted(time_machine), Measure.OPENINGS, agency=opening.agency)
    time_machine.move_to(datetime.datetime(2026, 12, 7, 17, tzinfo=datetime.UTC))
    services.publish_numbers(by=system())
    assert correct(desk(HR, opening), row).status_code == 404


def test_of_two_who_correct_at_once_the_second_is_told(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    row = figure(counted(time_machine), Measure.OPENINGS, agency=opening.agency)
    by = agency_member(HR, agency=opening.agency)
    services.correct_figure(figure=row, corrected_to=2, note="One.", version=1, by=by)
    with pytest.raises(Conflict):
        services.correct_figure(figure=row, corrected_to=3, note="Two.", version=1, by=by)


def test_a_hidden_figure_and_an_impossible_one_are_refused(time_machine: Any) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 30, 17, tzinfo=datetime.UTC))
    opening = PublishedOpeningFactory()
    cleared_in(opening, kept=10, missed=0)
    by = agency_member(HR, agency=opening.agency)
    row = figure(counted(time_machine), Measure.KEPT, agency=opening.agency)
    with pytest.raises(Refused, match="Not more can be kept"):
        services.correct_figure(figure=row, corrected_to=11, note="x", version=1, by=by)


def test_a_correction_that_would_tell_of_a_few_hides_the_figure(time_machine: Any) -> None:
    time_machine.move_to(datetime.datetime(2026, 11, 30, 17, tzinfo=datetime.UTC))
    opening = PublishedOpeningFactory()
    cleared_in(opening, kept=10, missed=0)
    edition, seat = counted(time_machine), desk(HR, opening)
    row = figure(edition, Measure.KEPT, agency=opening.agency)
    answer = seat.post(
        f"/agency/numbers/{row.public_id}/", {"corrected_to": 9, "note": "One.", "version": 1}, follow=True
    )
    assert "hidden now" in words_of(answer)
    row.refresh_from_db()
    assert (row.amount, row.cases, row.corrected_to, row.correction_note) == (None, None, None, "")
    assert AuditEvent.objects.get(action="placements.numbersfigure:correct").detail == {"from": 10, "to": 9}
    with pytest.raises(Refused, match="hidden"):
        services.correct_figure(figure=row, corrected_to=10, note="x", version=2, by=seat.user)
    page = published(time_machine, edition)
    assert "Hidden: too few people" in page
    assert "One." not in page


def test_those_who_may_correct_are_told_once(time_machine: Any) -> None:
    opening = PublishedOpeningFactory()
    specialist = agency_member(HR, agency=opening.agency)
    viewer = agency_member(VIEWER, agency=opening.agency)
    counted(time_machine)
    told = OutboxMessage.objects.filter(template_key="numbers_preview")
    assert told.filter(recipient=specialist).count() == 1
    assert not told.filter(recipient=viewer).exists()
