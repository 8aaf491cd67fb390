"""Dates in other tables than the checklist: who hears of each, on which days, until it is settled (domain.md §6.2)."""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from agencies.models import AgencyRole, Opening
from partners.models import PartnerRole
from placements.models import Offer, Placement
from placements.reminders.watched import unreturned
from techforce.accounts.models import OpmRole, User
from techforce.core import reminders
from techforce.core.admin.reminders import preview_url
from techforce.core.calendar import EASTERN
from techforce.core.models import ReminderLedger, Watch
from techforce.core.reminders import watching
from techforce.core.reminders.registry import rule_named, rules
from tests.factories import placements as made
from tests.factories.accounts import opm_staff
from tests.factories.agencies import PublishedOpeningFactory, agency_member
from tests.factories.applicants import (
    AssessmentInvitationFactory,
    InterviewFactory,
    QualifiedApplicationFactory,
)
from tests.factories.partners import (
    ConfirmedNominationFactory,
    EquityDeclarationFactory,
    InvitedNominationFactory,
    PartnerAgreementFactory,
    PartnerMembershipFactory,
)
from tests.factories.program import CohortFactory, SensitivityFactory
from tests.techforce.desk import Desk

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
DUE = datetime.date(2027, 6, 30)  # a Wednesday


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(at(DUE - 100 * DAY), tick=False) as traveller:
        yield traveller


def at(day: datetime.date, hour: int = 10) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=EASTERN)


def in_two_weeks_after(day: datetime.date) -> Iterator[datetime.date]:
    first = timezone.localdate()
    return (first + n * DAY for n in range((day - first).days + 15))


def heard(clock: Any, key: str, who: dict[User, str], until: datetime.date = DUE) -> dict[str, str]:
    """Day by day: who is queued a reminder by this rule. Days count from the date: -60, 0, +7."""
    found: dict[str, str] = {}
    for day in in_two_weeks_after(until):
        clock.move_to(at(day, 1), tick=False)
        before = set(ReminderLedger.objects.values_list("pk", flat=True))
        reminders.sweep()
        new = ReminderLedger.objects.filter(rule=key).exclude(pk__in=before)
        names = sorted(who[entry.recipient] for entry in new.select_related("recipient"))
        if names:
            found[f"{(day - until).days:+d}"] = " ".join(names)
    return found


def people_of(opening: Opening, person: User | None = None) -> dict[User, str]:
    """The agency's members, the program office and the person, by the word for each."""
    found = {agency_member(role, agency=opening.agency): str(role) for role in AgencyRole.values}
    found[opm_staff(OpmRole.CASE_MANAGER)] = "opm"
    return found | ({person: "person"} if person else {})


def serving(**fields: Any) -> Placement:
    return made.ActivePlacementFactory(starts_on=DUE - 200 * DAY, **fields)


def offer(kind: str) -> Offer:
    moment = at(DUE - 6 * DAY)
    return made.SentOfferFactory(kind=kind, sent_at=moment, response_due_at=at(DUE, 23))


Case = tuple[str, Callable[[], Any], Callable[[Any], dict[User, str]], dict[str, str]]


def of_placement(row: Any) -> dict[User, str]:
    return people_of(row.placement.opening, row.placement.applicant.user)


def of_offer(row: Any) -> dict[User, str]:
    return people_of(row.opening, row.applicant.user)


def of_referral(row: Any) -> dict[User, str]:
    return people_of(row.opening)


CASES: list[Case] = [
    (
        "tentative_offer",
        lambda: offer("tentative"),
        of_offer,
        {"-2": "person", "-1": "person", "+0": "hr_specialist person"},
    ),
    (
        "firm_offer",
        lambda: offer("firm"),
        of_offer,
        {"-5": "person", "-1": "person", "+0": "hiring_manager hr_specialist person"},
    ),
    (
        "certificate_unreturned",
        lambda: made.ReferralFactory(due_on=DUE),
        of_referral,
        {
            "-9": "hiring_manager",
            "-2": "hiring_manager",
            "+0": "hiring_manager hr_specialist",
            "+1": "hr_specialist",
            "+7": "hr_specialist opm",
            "+14": "hr_specialist opm",
        },
    ),
    (
        "certificate_expiring",
        lambda: made.ReferralFactory(certificate__expires_on=DUE),
        of_referral,
        {"-33": "hr_specialist", "-7": "hr_specialist"},
    ),
    (
        "ethics_waiver",
        lambda: made.EthicsWaiverFactory(
            selection=serving().selection, issued_on=DUE - 200 * DAY, expires_on=DUE
        ),
        lambda row: people_of(row.selection.opening, row.selection.applicant.user),
        {
            "-61": "ethics_official",
            "-33": "ethics_official",
            "-7": "ethics_official person",
            "+0": "ethics_official hr_specialist person",
            "+1": "ethics_official hr_specialist",
            "+8": "ethics_official hr_specialist",
        },
    ),
    (
        "divestiture",
        lambda: made.DivestitureCertificateFactory(
            placement=serving(),
            number="CD-1",
            requested_on=DUE - 120 * DAY,
            issued_on=DUE - 110 * DAY,
            sold_on=DUE - 60 * DAY,
        ),
        of_placement,
        {"-33": "person", "-13": "person", "+0": "ethics_official person", "+1": "ethics_official"},
    ),
    (
        "recusal_end",
        lambda: made.RecusalStatementFactory(placement=serving(), signed_on=DUE - 100 * DAY, ends_on=DUE),
        of_placement,
        {"-14": "ethics_official person"},
    ),
    (
        "start_exception",
        lambda: made.StartExceptionFactory(placement=serving(), due_on=DUE),
        of_placement,
        {"-2": "hr_specialist", "+0": "hr_specialist", "+1": "hr_specialist opm", "+8": "hr_specialist opm"},
    ),
    (
        "training_course",
        lambda: made.TrainingEnrollmentFactory(placement=serving(), due_on=DUE),
        of_placement,
        {
            "-14": "person",
            "-5": "person",
            "+0": "person",
            "+1": "person supervisor",
            "+8": "hr_specialist supervisor",
        },
    ),
]


@pytest.mark.parametrize(("key", "make", "people", "expected"), CASES, ids=[case[0] for case in CASES])
def test_each_date_has_its_ladder(clock: Any, key: str, make: Any, people: Any, expected: Any) -> None:
    """What falls on a weekend is said on the Friday before: -30 on Monday, May 31 (Memorial Day), is -33."""
    row = make()
    assert heard(clock, key, people(row)) == expected


def test_a_waiver_to_start_early_warns_security_and_at_last_everybody(clock: Any) -> None:
    placement = serving(selection__opening__sensitivity=SensitivityFactory(code="critical"))
    made.VettingWaiverFactory(placement=placement, issued_on=DUE - 100 * DAY, expires_on=DUE)
    found = heard(clock, "vetting_waiver", people_of(placement.opening))
    assert found["-7"] == "hr_specialist security_officer"
    assert found["+0"] == "hr_specialist security_officer supervisor"


def test_a_fingerprint_result_that_ages_before_the_start(clock: Any) -> None:
    """Good for 120 days: reminded 90 and 110 days after it was taken."""
    item = made.DoneItemFactory(
        step__code="V08",
        step__valid_days=120,
        effective_on=DUE - 120 * DAY,
        checklist__placement__starts_on=DUE + 20 * DAY,
    )
    found = heard(clock, "result_ageing", people_of(item.checklist.placement.opening))
    assert found == {"-33": "security_officer", "-13": "hr_specialist security_officer"}


def test_an_opening_that_finds_nobody_is_looked_at_twice(clock: Any) -> None:
    opening = PublishedOpeningFactory(published_at=at(DUE - 60 * DAY), closes_at=at(DUE + 60 * DAY))
    people = people_of(opening)
    assert heard(clock, "opening_stale", people) == {"-33": "hr_specialist", "+0": "hr_specialist"}


def test_the_program_office_hears_of_windows_and_agreements(clock: Any) -> None:
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    CohortFactory(status="planned", opens_at=at(DUE), closes_at=at(DUE + 90 * DAY))
    PartnerAgreementFactory(ends_on=DUE, partner__status="active")
    assert heard(clock, "cohort_opening", {manager: "manager"}) == {
        "-14": "manager", "-7": "manager", "-1": "manager",
    }  # fmt: skip
    ends = ReminderLedger.objects.filter(rule="partner_agreement").order_by("pk")
    assert list(ends.values_list("threshold", flat=True)) == ["-90d", "-60d", "-30d", "0d"]


def test_a_company_hears_that_nobody_answered_its_invitation(clock: Any) -> None:
    nomination = InvitedNominationFactory(invited_at=at(DUE - 29 * DAY), expires_at=at(DUE))
    member = PartnerMembershipFactory(partner=nomination.partner, role=PartnerRole.COORDINATOR).user
    assert heard(clock, "nomination_unanswered", {member: "company"}) == {"-7": "company", "-2": "company"}


def test_a_person_is_asked_about_a_vesting_date(clock: Any) -> None:
    application = QualifiedApplicationFactory()
    nomination = ConfirmedNominationFactory(
        status="active",
        nominee=application.applicant.user,
        cohort=application.cohort,
        application=application,
    )
    declaration = EquityDeclarationFactory(nomination=nomination, holds_unvested_units=True, next_vest_on=DUE)
    assert heard(clock, "vesting", {declaration.nomination.nominee: "person"}) == {"-15": "person"}


def test_an_assessment_and_an_interview_remind_the_person(clock: Any) -> None:
    invitation = AssessmentInvitationFactory(
        step__status="invited", invited_at=at(DUE - 8 * DAY), expires_at=at(DUE)
    )
    person = invitation.step.application.applicant.user
    assert heard(clock, "assessment_invitation", {person: "person"}) == {
        "-5": "person", "-3": "person", "-1": "person",
    }  # fmt: skip
    interview = InterviewFactory(
        status="booked", starts_at=at(DUE + 30 * DAY), ends_at=at(DUE + 30 * DAY, 11)
    )
    found = heard(clock, "interview", {interview.application.applicant.user: "person"}, DUE + 30 * DAY)
    assert found == {"-2": "person"}


def test_what_is_settled_falls_silent_and_what_moves_begins_anew(clock: Any) -> None:
    referral = made.ReferralFactory(due_on=DUE)
    who = people_of(referral.opening)
    reminders.sweep()
    assert Watch.objects.get(rule="certificate_unreturned").due_on == DUE
    type(referral).objects.filter(pk=referral.pk).update(due_on=DUE + 20 * DAY)
    assert "-9" not in heard(clock, "certificate_unreturned", who, DUE - 5 * DAY)
    referral.delete()
    assert heard(clock, "certificate_unreturned", who, DUE + 20 * DAY) == {}
    watch = Watch.objects.get(rule="certificate_unreturned")
    assert (watch.due_on, watch.next_reminder_at, watch.reminder_cycle) == (None, None, 4)


def test_a_date_that_moves_during_a_slow_comparison_begins_one_cycle(clock: Any) -> None:
    """The slow one read the old date before a faster one wrote the new: it must not go back and forth."""
    referral = made.ReferralFactory(due_on=DUE)
    reminders.sweep()
    rule = rule_named("certificate_unreturned")

    def slowly(rows: Any) -> list[Any]:
        found = list(unreturned(rows))
        if type(referral).objects.filter(pk=referral.pk, due_on=DUE).update(due_on=DUE + 20 * DAY):
            reminders.sweep()
        return found

    watching.compare(rule, type(referral), slowly)
    watch = Watch.objects.get(rule=rule.key)
    assert (watch.due_on, watch.reminder_cycle) == (DUE + 20 * DAY, 3)


def test_the_first_sweep_over_old_rows_and_late_ones_says_nothing_of_early_rungs(clock: Any) -> None:
    manager = opm_staff(OpmRole.PROGRAM_MANAGER)
    for days in (-30, 0, 3):
        PartnerAgreementFactory(ends_on=DUE + days * DAY, partner__status="active")
    clock.move_to(at(DUE, 9), tick=False)
    tonight, earlier = (
        InterviewFactory(status="booked", starts_at=at(DUE, hour), ends_at=at(DUE, hour + 1))
        for hour in (20, 7)
    )
    reminders.sweep()
    said = ReminderLedger.objects.filter(rule__in=("partner_agreement", "interview"), recipient=manager)
    assert set(said.values_list("threshold", flat=True)) <= {"0d"}
    assert said.filter(rule="partner_agreement").exists()
    assert not ReminderLedger.objects.filter(rule="interview").exists()
    assert list(Watch.objects.filter(rule="interview").values_list("subject_id", flat=True)) == [tonight.pk]
    assert earlier.pk != tonight.pk


def test_hr_may_read_where_a_reminder_of_an_ethics_waiver_leads() -> None:
    waiver = made.EthicsWaiverFactory(selection=serving().selection)
    hr = Desk(agency_member("hr_specialist", agency=waiver.selection.opening.agency))
    assert hr.get(rule_named("ethics_waiver").path(watch_of(waiver), hr.user)).status_code == 200


def watch_of(row: Any) -> Watch:
    watch = Watch(subject_id=row.pk)
    watch.subject = row  # type: ignore[attr-defined]
    return watch


def test_the_sweep_of_every_minute_compares_nothing(clock: Any) -> None:
    made.ReferralFactory(due_on=DUE)
    assert reminders.sweep_due() == 0
    assert not Watch.objects.exists()
    reminders.compare_dates()
    assert Watch.objects.filter(rule="certificate_unreturned").exists()


def test_the_preview_shows_the_ladder_and_the_mail(clock: Any) -> None:
    auditor = opm_staff(OpmRole.AUDITOR)
    enrollment = made.TrainingEnrollmentFactory(placement=serving(), due_on=DUE)
    reminders.sweep()
    page = Desk(auditor).get(preview_url("training_course", Watch.objects.get(rule="training_course").pk))
    text = page.content.decode()
    assert "Wednesday, June 16, 2027" in text
    assert enrollment.placement.applicant.user.email in text
    assert "You have a step due June 30 in Tech Force" in text
    assert "14 days before" in text
    assert Desk(auditor).get(f"{page.request['PATH_INFO']}?rule=x&reference=y").status_code == 200
    reviewer = opm_staff(OpmRole.REVIEWER)
    assert Desk(reviewer).get(page.request["PATH_INFO"]).status_code == 403


def test_the_log_of_sends_speaks_in_words(clock: Any) -> None:
    auditor = opm_staff(OpmRole.AUDITOR)
    made.TrainingEnrollmentFactory(placement=serving(), due_on=DUE)
    reminders.sweep()
    clock.move_to(at(DUE - 14 * DAY))
    reminders.sweep()
    text = Desk(auditor).get(reverse("admin:core_reminderledger_changelist")).content.decode()
    assert "Training course" in text
    assert "14 days before" in text


def test_every_rule_can_ask_the_database() -> None:
    """A sweep only logs the rule that fails, so that it does not silence the others."""
    for rule in rules():
        rule.refresh(rule)
        assert rule.open_rows([]) == set()
