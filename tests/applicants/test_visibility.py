"""Who sees what of a person; the rules and the querysets answer alike."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from applicants.models import Applicant, Application
from techforce.accounts.models import OpmRole, User
from tests.factories import applicants as made
from tests.factories.accounts import UserFactory, opm_staff
from tests.factories.agencies import agency_member
from tests.factories.applicants import (
    ApplicationFactory,
    QualifiedApplicationFactory,
    RatingFactory,
    RecusalFactory,
    SubmittedApplicationFactory,
)

pytestmark = pytest.mark.django_db

FACTORIES = [
    name
    for name in vars(made)
    if name.endswith("Factory") and getattr(made, name).__module__ == made.__name__
]


def applicant_of(row: object) -> Applicant | None:
    for name in ("application", "step", "thread", "assessment_step", "applicant"):
        if getattr(row, name, None) is not None:
            return applicant_of(getattr(row, name))
    return row if isinstance(row, Applicant) else None


def readers_of(row: object) -> list[object]:
    """One of each kind of person around a row: the owner, strangers, every OPM role, each recused once."""
    applicant = applicant_of(row)
    recused = [opm_staff(role) for role in OpmRole.values]
    for user in recused if applicant else []:
        RecusalFactory(user=user, applicant=applicant)
    owners = [applicant.user] if applicant else []
    return [
        AnonymousUser(),
        UserFactory(),
        agency_member(),
        User.objects.system(),
        *(opm_staff(role) for role in OpmRole.values),
        opm_staff(OpmRole.REVIEWER, OpmRole.ADMINISTRATOR),
        *recused,
        *owners,
        *(user for user in [getattr(row, "rater", None), getattr(row, "user", None)] if user),
    ]


@pytest.mark.parametrize("name", FACTORIES)
def test_the_rules_and_the_querysets_agree(name: str) -> None:
    row = getattr(made, name)()
    permission = f"{row._meta.app_label}.view_{row._meta.model_name}"

    for user in readers_of(row):
        can_load = type(row).objects.visible_to(user).filter(pk=row.pk).exists()
        assert user.has_perm(permission, row) == can_load, f"{user} {getattr(user, 'opm_roles', '')}"


def test_they_agree_about_a_submitted_rating_too() -> None:
    rating = RatingFactory(submitted_at=timezone.now())
    colleague = opm_staff(OpmRole.REVIEWER)
    RatingFactory(rater=colleague, application=rating.application, submitted_at=timezone.now())

    for user in [*readers_of(rating), colleague]:
        can_load = type(rating).objects.visible_to(user).filter(pk=rating.pk).exists()
        assert user.has_perm("applicants.view_rating", rating) == can_load, f"{user}"


def seen_by(user: object) -> set[Application]:
    return set(Application.objects.visible_to(user))


def test_each_role_sees_its_part() -> None:
    draft, submitted, qualified = (
        ApplicationFactory(),
        SubmittedApplicationFactory(),
        QualifiedApplicationFactory(),
    )

    assert seen_by(draft.applicant.user) == {draft}
    assert seen_by(opm_staff(OpmRole.REVIEWER)) == set()
    for role in (OpmRole.HR_DECIDER, OpmRole.PROGRAM_MANAGER, OpmRole.CASE_MANAGER, OpmRole.AUDITOR):
        assert seen_by(opm_staff(role)) == {submitted, qualified}
    for nobody in (AnonymousUser(), UserFactory(), agency_member(), opm_staff(OpmRole.ADMINISTRATOR)):
        assert seen_by(nobody) == set()


def test_a_reviewer_sees_an_application_once_their_own_and_another_rating_are_in() -> None:
    rating = RatingFactory(rater=opm_staff(OpmRole.REVIEWER), submitted_at=timezone.now())
    RatingFactory(application=rating.application)
    assert seen_by(rating.rater) == set()

    RatingFactory(application=rating.application, submitted_at=timezone.now())

    assert seen_by(rating.rater) == {rating.application}
    assert rating.rater.has_perm("applicants.view_application", rating.application)


def test_a_deactivated_person_sees_nothing() -> None:
    application = SubmittedApplicationFactory()
    user = application.applicant.user
    user.is_active = False
    user.save()

    assert seen_by(user) == set()
    assert not user.has_perm("applicants.view_application", application)
