"""Fills the database of a demonstration: one file for each aggregate, in the order in which they need each other."""

from collections.abc import Callable, Iterable

from django.db import transaction

from techforce.accounts.models import User
from techforce.core.seeding import Seeded
from techforce.core.services import set_actor
from techforce.demo.loading.accounts import load_accounts, load_roles
from techforce.demo.loading.agencies import load_offices, load_participation, load_relationships
from techforce.demo.loading.applicants import load_applicants
from techforce.demo.loading.cases import load_cases
from techforce.demo.loading.certificates import load_certificates
from techforce.demo.loading.cohorts import load_cohorts
from techforce.demo.loading.drafts import load_drafts
from techforce.demo.loading.mail import load_mail
from techforce.demo.loading.nominations import load_nominations
from techforce.demo.loading.numbers import load_numbers
from techforce.demo.loading.openings import load_openings
from techforce.demo.loading.partners import load_partners
from techforce.demo.loading.placements import load_placements
from techforce.demo.loading.reviews import load_reviewers

Loader = Callable[[Seeded], None]
BEFORE_ANYBODY_APPLIED = (
    load_offices,
    load_accounts,
    load_roles,
    load_partners,
    load_cohorts,
    load_participation,
    load_relationships,
    load_reviewers,
)
"""People in their roles, companies and an open cohort: where a walk through everything begins."""
LOADERS = (
    *BEFORE_ANYBODY_APPLIED,
    load_openings,
    load_applicants,
    load_nominations,
    load_certificates,
    load_placements,
    load_drafts,
    load_cases,
    load_numbers,
    load_mail,
)


def load_demo(loaders: Iterable[Loader] = LOADERS) -> Seeded:
    """Add what is missing, all or nothing. What a tester has changed stays as it is."""
    seeded = Seeded()
    with transaction.atomic():
        set_actor(User.objects.system())
        for load in loaders:
            load(seeded)
    return seeded
