"""What a person's answers mean for one opening: said where they mark it, and never a refusal."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applicants.models import Application, OpeningInterest
from techforce.program.models import Clearance
from tests.factories.agencies import PublishedOpeningFactory
from tests.factories.applicants import ApplicationFactory
from tests.factories.program import VettingTierFactory

pytestmark = pytest.mark.django_db

ONLY_CITIZENS_ARE_CLEARED = "only U.S. citizens can hold one"
LOOKED_AT = "a person in the program office looks at your case"


def page(application: Application, name: str, key: Any) -> str:
    client = Client()
    client.force_login(application.applicant.user)
    return client.get(reverse(name, args=[key])).content.decode()


@pytest.mark.parametrize(
    ("clearance", "is_required", "is_citizen", "said"),
    [
        (Clearance.SECRET, True, False, ONLY_CITIZENS_ARE_CLEARED),
        (Clearance.NONE, True, False, LOOKED_AT),
        (Clearance.NONE, False, False, ""),
        (Clearance.SECRET, True, True, ""),
    ],
)
def test_an_opening_says_what_the_answers_mean_for_it(
    clearance: str, is_required: bool, is_citizen: bool, said: str
) -> None:
    application = ApplicationFactory(is_us_citizen=is_citizen)
    opening = PublishedOpeningFactory(
        cohort=application.cohort,
        is_citizenship_required=is_required,
        vetting_tier=VettingTierFactory(
            code="NS-S" if clearance == Clearance.SECRET else "M", clearance=clearance
        ),
    )
    text = page(application, "opening", opening.public_id)
    for sentence in (ONLY_CITIZENS_ARE_CLEARED, LOOKED_AT):
        assert (sentence in text) is (sentence == said)


def test_an_opening_that_is_not_open_to_somebody_may_be_marked_and_is_named_before_they_submit() -> None:
    application = ApplicationFactory(is_us_citizen=False)
    opening = PublishedOpeningFactory(
        cohort=application.cohort, vetting_tier=VettingTierFactory(code="NS-S", clearance=Clearance.SECRET)
    )
    client = Client()
    client.force_login(application.applicant.user)
    client.post(reverse("opening_interest", args=[opening.public_id]), {"interested": "yes"})
    assert OpeningInterest.objects.filter(application=application, opening=opening).exists()
    text = page(application, "apply_review", application.public_id)
    assert opening.title in text
    assert ONLY_CITIZENS_ARE_CLEARED in text
    assert "checked against its source" in text
