"""The program's main job once from end to end, in every role, with a real web server, worker, beat and mail receiver:
an outside applicant, a nominee on leave, and one who separates. Each has an opening and a discipline of their own.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Browser, Playwright
from pytest_django import DjangoDbBlocker

from placements.models import ChecklistItem
from techforce.core import invariants
from techforce.core.calendar import add_business_days, add_months, today
from techforce.core.closures import closures
from techforce.demo.loading import BEFORE_ANYBODY_APPLIED, load_demo
from techforce.demo.people import PEOPLE
from tests.browser.road.agency import ONE_DAY, Opening
from tests.browser.road.applicant import Applicant
from tests.browser.road.checks import placement_of, settle_up_to
from tests.browser.road.clock import is_said_once, time_has_come, wait_for_reminder
from tests.browser.road.database import own_database
from tests.browser.road.partner import Nominee
from tests.browser.road.staff import Everybody
from tests.browser.road.town import Town, running_town

pytestmark = [pytest.mark.slow, pytest.mark.ordered]

HR = PEOPLE["hr-specialist"].email
CONSENT = "Consent given and contact details for vetting confirmed"
VENDOR_DUTY = "Directs a vendor's technical work"
EXPERIENCED = "Experienced engineering manager"


@pytest.fixture(scope="module")
def empty_program(
    playwright: Playwright, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """People in their roles, companies and an open cohort, in a database of its own. Nobody has applied yet, so that
    the raters' queue holds only those who walk; other browser tests keep their data."""
    with django_db_blocker.unblock(), own_database("road"), override_settings(DEMO=True):
        call_command("seed", verbosity=0)
        load_demo(BEFORE_ANYBODY_APPLIED)
        yield


@pytest.fixture(scope="module")
def town(empty_program: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    settings = connection.settings_dict
    place = f"{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    environment = {
        **os.environ,
        "DATABASE_URL": f"postgres://{settings['USER']}:{settings['PASSWORD']}@{place}",
        # A broker database of its own: another run's worker knows nothing of ours.
        "REDIS_URL": f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{os.getpid() % 14 + 1}",
        "MAIL_DIR": str(folder / "mail"),
    }
    with running_town(environment, folder) as running:
        yield running


@pytest.fixture
def everybody(browser: Browser, town: Town) -> Iterator[Everybody]:
    people = Everybody(browser, town)
    yield people
    people.go_home()


# ── Parts of each walk ────────────────────────────────────────────────────────────────────────────
def apply(person: Applicant, folder: Path) -> None:
    person.begins_an_application()
    person.leaves_and_comes_back()
    person.fills_in_the_rest(folder)
    person.submits()


def qualify(everybody: Everybody, person: Applicant) -> None:
    everybody.reviewer.rates(person.reference_number, 4, person.name)
    everybody.second_reviewer.rates(person.reference_number, 3, person.name)
    everybody.hr_decider.qualifies(person.reference_number, person.discipline)
    # A decision rests for a quarter of an hour, in which it can be stopped (I19).
    time_has_come(person.email)
    person.opens_mail("There is a decision on your application")


def publish(everybody: Everybody, opening: Opening) -> None:
    everybody.hr_specialist.writes(opening)
    everybody.hr_specialist.submits(opening)
    everybody.program_manager.publishes(opening)
    everybody.town.wait_for_mail(HR, f"Your opening “{opening.title}” is published")


def refer(everybody: Everybody, person: Applicant, opening: Opening) -> None:
    person.marks(opening.title)
    everybody.program_manager.certifies(person.name, person.discipline)
    everybody.program_manager.refers(opening)
    everybody.town.wait_for_mail(HR, "A certificate of eligibles waits for you")
    person.opens_mail("was referred to an agency")


def start(everybody: Everybody, person: Applicant, opening: Opening) -> None:
    """From the open gates to the first day."""
    settle_up_to("firm_offer", person.email)
    everybody.town.wait_for_mail(HR, "Every step before a firm offer is complete")
    everybody.hr_specialist.offers_firmly(person.name)
    person.accepts(opening.title, "firm")
    settle_up_to("entry_on_duty", person.email)
    everybody.hr_specialist.confirms_readiness(person.name)
    everybody.town.wait_for_mail(HR, "Somebody is ready to start")
    everybody.hr_specialist.records_the_first_day(person.name)
    person.opens_mail("Welcome to Tech Force")


def end(everybody: Everybody, person: Applicant, reason: str, outcome: str) -> None:
    """The last day, the last steps (badge back, exit counseling), and what became of the person."""
    everybody.hr_specialist.records_the_end(person.name, reason)
    settle_up_to("end", person.email)
    everybody.hr_specialist.closes(person.name, outcome)


def check_the_term(person: Applicant) -> None:
    placement = placement_of(person.email)
    assert (placement.starts_on, placement.ends_on) == (today(), add_months(today(), 24) - ONE_DAY)


# ── The walks ─────────────────────────────────────────────────────────────────────────────────────
def test_an_outside_applicant(everybody: Everybody, tmp_path: Path) -> None:
    opening = Opening(
        title="Software Engineer, Forms", duty="None of these", discipline="Software engineering"
    )
    ada = everybody.joined_by(Applicant, "Ada Okoro", "Software engineering")
    ada.creates_an_account()
    apply(ada, tmp_path)
    qualify(everybody, ada)
    publish(everybody, opening)
    refer(everybody, ada, opening)
    everybody.hiring_manager.shortlists(ada.name, opening)
    everybody.hiring_manager.interviews(ada.name, opening)
    everybody.approving_official.selects(ada.name, opening)
    everybody.hr_specialist.offers_tentatively(ada.name, opening)
    ada.accepts(opening.title, "tentative")
    everybody.town.wait_for_mail(HR, "An offer was answered")

    steps = ChecklistItem.objects.filter(checklist__placement=placement_of(ada.email))
    assert set(steps.values_list("checklist__template__kind", flat=True)) == {"vetting", "outside"}
    assert steps.get(code="V02").due_on == add_business_days(today(), 2, closures())
    # The ethics notice is due on the day of the offer: beat finds it, the worker mails it, once.
    wait_for_reminder(steps.get(code="C01"), HR)
    everybody.hr_specialist.opens_mail("You have a step due")
    everybody.hr_specialist.does_not_read(ada.name)
    assert is_said_once(steps.get(code="C01"), HR)
    assert len(everybody.town.mails_to(HR, "You have a step due")) == 1

    ada.hands_in(CONSENT)
    everybody.security_officer.records(ada.name, "V02")
    everybody.hr_specialist.cannot_offer_firmly_yet(ada.name)
    everybody.ethics_official.signs(ada.name, "Clear")
    start(everybody, ada, opening)
    check_the_term(ada)
    # Nobody waits two years here: the one end that may be recorded today is an early one.
    end(everybody, ada, "The person resigned", "Left")
    assert invariants.broken() == {}


def test_a_nominee_on_leave(everybody: Everybody, tmp_path: Path) -> None:
    """With a right to return to a company that is a party to the office: nobody selects her before a waiver (I17)."""
    opening = Opening(
        title="Engineering Manager, Access Services",
        office="Office of Information Security",
        discipline="Cybersecurity",
        duty=VENDOR_DUTY,
        track=EXPERIENCED,
    )
    nora = everybody.joined_by(Nominee, "Nora Lindqvist", "Cybersecurity")
    everybody.coordinator.nominates(nora)
    nora.opens_the_invitation()
    nora.creates_an_account()
    nora.confirms(expects_return=True)
    everybody.town.wait_for_mail(PEOPLE["coordinator"].email, "A nomination of your company is confirmed")
    everybody.coordinator.records_a_leave(nora.name, today() + ONE_DAY)
    nora.opens_mail("The terms of your loan are recorded")
    nora.goes_to_apply()
    apply(nora, tmp_path)
    qualify(everybody, nora)
    publish(everybody, opening)
    refer(everybody, nora, opening)
    everybody.hiring_manager.shortlists(nora.name, opening)
    everybody.approving_official.is_refused(nora.name, opening)
    everybody.town.wait_for_mail(PEOPLE["ethics-official"].email, "A review waits for your signature")
    everybody.ethics_official.signs(nora.name, "Blocked")
    everybody.hiring_manager.cannot_have(nora.name, opening)
    everybody.ethics_official.records_a_waiver(nora.name, "Docusign")
    everybody.hiring_manager.shortlists_again(nora.name, opening)
    everybody.approving_official.selects(nora.name, opening)
    everybody.hr_specialist.offers_tentatively(nora.name, opening)
    nora.accepts(opening.title, "tentative")
    start(everybody, nora, opening)
    check_the_term(nora)
    everybody.coordinator.reads_the_state(nora.name, "Serving")
    end(everybody, nora, "The partner company asked the person back", "Returned to the partner company")
    everybody.coordinator.reads_the_state(nora.name, "Closed")
    assert invariants.broken() == {}


def test_one_who_separates(everybody: Everybody, tmp_path: Path) -> None:
    """Without a right to return: the tie waits for the ethics official's signature, and stops no selection."""
    opening = Opening(
        title="Data Engineer, Wait Times",
        discipline="Data science, analytics and engineering",
        duty=VENDOR_DUTY,
        track=EXPERIENCED,
    )
    seth = everybody.joined_by(Nominee, "Seth Marlowe", "Data science, analytics and engineering")
    everybody.coordinator.nominates(seth)
    seth.opens_the_invitation()
    seth.creates_an_account()
    seth.confirms(expects_return=False)
    everybody.coordinator.records_a_separation(seth.name, today())
    seth.goes_to_apply()
    apply(seth, tmp_path)
    qualify(everybody, seth)
    publish(everybody, opening)
    refer(everybody, seth, opening)
    everybody.hiring_manager.shortlists(seth.name, opening)
    everybody.approving_official.selects(seth.name, opening)
    everybody.hr_specialist.offers_tentatively(seth.name, opening)
    seth.accepts(opening.title, "tentative")
    everybody.hr_specialist.cannot_offer_firmly_yet(seth.name)
    everybody.ethics_official.signs(seth.name, "Only with recusal and a screening arrangement")
    start(everybody, seth, opening)
    check_the_term(seth)
    end(everybody, seth, "The person resigned", "Stayed in government")
    everybody.coordinator.reads_the_state(seth.name, "Closed")
    assert invariants.broken() == {}
