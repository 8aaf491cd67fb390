"""From the draft to the archive, and changes to what is published."""

import datetime

import pytest
from django.utils import timezone

from agencies.models import AgencyRole, Opening, OpeningRevision
from agencies.services import (
    allow_pay_outside_band,
    approve_revision,
    close_past_openings,
    propose_revision,
    publish_opening,
    return_opening,
    return_revision,
    submit_opening,
    withdraw_revision,
)
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from techforce.core.errors import Conflict, NotPermitted, Refused, TransitionRefused
from techforce.core.models import AuditEvent
from techforce.core.workflow import transition
from tests.factories.accounts import OpmMembershipFactory, UserFactory, opm_staff
from tests.factories.agencies import (
    AgencyMembershipFactory,
    AgencyParticipationFactory,
    OpeningFactory,
    PublishedOpeningFactory,
    agency_member,
)
from tests.factories.program import SensitivityFactory, VettingTierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Opening:
    opening = OpeningFactory(
        vetting_tier=VettingTierFactory(),
        sensitivity=SensitivityFactory(),
        designated_on=today(),
        designation_record="PD-7",
        disclosure_filer="oge_450",
    )
    AgencyParticipationFactory(agency=opening.agency, cohort=opening.cohort)
    return opening


@pytest.fixture
def hr(draft: Opening) -> User:
    return agency_member(AgencyRole.HR_SPECIALIST, agency=draft.agency)


@pytest.fixture
def opm() -> User:
    return opm_staff(OpmRole.PROGRAM_MANAGER)


def test_an_agency_submits_and_opm_publishes(draft: Opening, hr: User, opm: User) -> None:
    submit_opening(opening=draft, by=hr)
    publish_opening(opening=draft, by=opm)

    assert draft.published_at is not None
    assert Opening.objects.published().get() == draft
    assert [event.to_state for event in AuditEvent.objects.about(draft)] == ["submitted", "published"]


def test_the_agency_cannot_publish_for_itself(draft: Opening, hr: User) -> None:
    submit_opening(opening=draft, by=hr)

    with pytest.raises(NotPermitted):
        publish_opening(opening=draft, by=hr)


def test_nobody_approves_what_they_submitted(draft: Opening, hr: User) -> None:
    OpmMembershipFactory(user=hr, role=OpmRole.PROGRAM_MANAGER)
    both = User.objects.get(pk=hr.pk)
    submit_opening(opening=draft, by=both)

    with pytest.raises(TransitionRefused, match="Someone else approves"):
        publish_opening(opening=draft, by=both)


@pytest.mark.parametrize("role", [AgencyRole.VIEWER, AgencyRole.SUPERVISOR, AgencyRole.ETHICS_OFFICIAL])
def test_other_members_do_not_submit(draft: Opening, role: str) -> None:
    with pytest.raises(NotPermitted):
        submit_opening(opening=draft, by=agency_member(role, agency=draft.agency))


def test_what_is_missing_is_named(draft: Opening, hr: User) -> None:
    Opening.objects.filter(pk=draft.pk).update(summary="", pay_low=None, has_no_vendor_duties=False)

    with pytest.raises(TransitionRefused, match="lowest pay, summary, what the duties touch"):
        submit_opening(opening=draft, by=hr)


def test_pay_outside_the_band_needs_an_exception(draft: Opening, hr: User, opm: User) -> None:
    Opening.objects.filter(pk=draft.pk).update(pay_low=100_000, pay_high=120_000)
    with pytest.raises(TransitionRefused, match="outside the cohort's band of \\$135,000 to \\$195,000"):
        submit_opening(opening=draft, by=hr)

    allow_pay_outside_band(opening=draft, authority="5 CFR 302.103", reason="A low locality.", by=opm)
    submit_opening(opening=draft, by=hr)

    assert draft.band_exception.approved_by == opm


def test_the_agency_does_not_except_itself_from_the_band(draft: Opening, hr: User) -> None:
    with pytest.raises(NotPermitted):
        allow_pay_outside_band(opening=draft, authority="Ours", reason="We like it.", by=hr)


def test_an_agency_that_has_not_confirmed_its_funding_waits(draft: Opening, hr: User) -> None:
    draft.agency.participations.update(is_funding_confirmed=False)

    with pytest.raises(TransitionRefused, match="confirmed its funding"):
        submit_opening(opening=draft, by=hr)


def test_an_undesignated_position_is_not_published(draft: Opening, hr: User, opm: User) -> None:
    Opening.objects.filter(pk=draft.pk).update(designation_record="")
    submit_opening(opening=draft, by=hr)

    with pytest.raises(TransitionRefused, match="not designated yet"):
        publish_opening(opening=draft, by=opm)


def test_a_national_security_tier_needs_a_sensitive_position(draft: Opening, hr: User, opm: User) -> None:
    Opening.objects.filter(pk=draft.pk).update(vetting_tier=VettingTierFactory(code="NS3"))
    submit_opening(opening=draft, by=hr)

    with pytest.raises(TransitionRefused, match="do not go together"):
        publish_opening(opening=draft, by=opm)


def test_opm_returns_with_comments_and_the_agency_submits_again(draft: Opening, hr: User, opm: User) -> None:
    submit_opening(opening=draft, by=hr)
    with pytest.raises(TransitionRefused, match="what has to change"):
        return_opening(opening=draft, comments="  ", by=opm)

    return_opening(opening=draft, comments="Name the team.", by=opm)
    submit_opening(opening=draft, by=hr)

    assert (draft.status, draft.comments) == ("submitted", "Name the team.")


def test_cancelling_needs_a_reason_from_the_list(opm: User) -> None:
    opening = PublishedOpeningFactory()

    with pytest.raises(TransitionRefused, match="funding_lost"):
        transition(opening, "cancel", by=opm)
    transition(opening, "cancel", by=opm, reason_code="funding_lost")

    assert opening.status == "cancelled"


def test_what_is_past_its_deadline_closes_by_itself() -> None:
    past = PublishedOpeningFactory(closes_at=timezone.now() - datetime.timedelta(minutes=1))
    running = PublishedOpeningFactory()

    assert close_past_openings(by=User.objects.system()) == 1

    past.refresh_from_db()
    running.refresh_from_db()
    assert (past.status, running.status) == ("closed", "published")


@pytest.fixture
def published() -> Opening:
    return PublishedOpeningFactory(title="Software Engineer")


def proposal(opening: Opening, by: User | None = None, **changes: object) -> OpeningRevision:
    by = by or agency_member(agency=opening.agency)
    return propose_revision(opening=opening, changes=changes, reason="A better text.", by=by)


def test_published_values_stay_in_force_until_a_change_is_approved(published: Opening, opm: User) -> None:
    revision = proposal(published, title="Data Engineer", pay_high=185_000)
    published.refresh_from_db()
    assert published.title == "Software Engineer"

    approve_revision(revision=revision, by=opm)

    published.refresh_from_db()
    assert (published.title, published.pay_high, published.version) == ("Data Engineer", 185_000, 2)


def test_a_returned_change_leaves_the_opening_as_it_was(published: Opening, opm: User) -> None:
    revision = proposal(published, title="Data Engineer")

    return_revision(revision=revision, comments="The duties are another series.", by=opm)

    published.refresh_from_db()
    assert (published.title, revision.status) == ("Software Engineer", "returned")


def test_one_change_waits_at_a_time(published: Opening) -> None:
    member = agency_member(agency=published.agency)
    first = proposal(published, by=member, title="Data Engineer")

    with pytest.raises(Conflict, match="Another change"):
        proposal(published, by=member, title="AI Engineer")
    withdraw_revision(revision=first, by=member)

    assert proposal(published, by=member, title="AI Engineer").number == 2


@pytest.mark.parametrize("changes", [{"agency": 1}, {"status": "closed"}, {"seats": 9}, {"cohort": 2}])
def test_some_things_are_not_changed_once_published(published: Opening, changes: dict[str, object]) -> None:
    with pytest.raises(Refused, match="cannot be changed once published"):
        proposal(published, **changes)


@pytest.mark.parametrize(
    "changes", [{"pay_high": "much"}, {"closes_at": "soon"}, {"title": ""}, {"pay_low": -1}]
)
def test_a_value_that_the_column_does_not_take_is_refused(
    published: Opening, changes: dict[str, object]
) -> None:
    with pytest.raises(Refused):
        proposal(published, **changes)
    published.refresh_from_db()
    assert published.title == "Software Engineer"


def test_a_deadline_moves_later_and_opm_may_correct_an_error(published: Opening, opm: User) -> None:
    earlier = published.closes_at - datetime.timedelta(days=2)
    with pytest.raises(TransitionRefused, match="only move later"):
        approve_revision(revision=proposal(published, closes_at=earlier), by=opm)
    OpeningRevision.objects.all().delete()

    correction = propose_revision(
        opening=published, changes={"closes_at": earlier}, reason="A wrong month.", by=opm, is_correction=True
    )
    approve_revision(revision=correction, by=opm_staff(OpmRole.PROGRAM_MANAGER))

    published.refresh_from_db()
    assert published.closes_at == earlier


def test_nobody_approves_their_own_change(published: Opening, opm: User) -> None:
    revision = proposal(published, by=opm, title="Data Engineer")

    with pytest.raises(TransitionRefused, match="You proposed"):
        approve_revision(revision=revision, by=opm)


def test_a_change_made_on_an_older_version_is_not_forced_in(published: Opening, opm: User) -> None:
    revision = proposal(published, title="Data Engineer")
    Opening.objects.filter(pk=published.pk).update(version=9)

    with pytest.raises(Conflict):
        approve_revision(revision=revision, by=opm)


def test_strangers_propose_nothing(published: Opening) -> None:
    for stranger in (
        UserFactory(),
        agency_member(),
        AgencyMembershipFactory(agency=published.agency, role="viewer").user,
    ):
        with pytest.raises(NotPermitted):
            proposal(published, by=stranger, title="Mine")
