"""Fills the database of a demonstration: one file for each aggregate, in the order in which they need each other."""

from django.db import transaction

from techforce.accounts.models import User
from techforce.core.seeding import Seeded
from techforce.core.services import set_actor
from techforce.demo.loading.accounts import load_accounts, load_roles
from techforce.demo.loading.agencies import load_offices, load_participation
from techforce.demo.loading.applicants import load_applicants
from techforce.demo.loading.cohorts import load_cohort
from techforce.demo.loading.nominations import load_nominations
from techforce.demo.loading.openings import load_openings
from techforce.demo.loading.partners import load_partners
from techforce.demo.loading.placements import load_placements

LOADERS = (
    load_offices,
    load_accounts,
    load_roles,
    load_partners,
    load_cohort,
    load_participation,
    load_openings,
    load_applicants,
    load_nominations,
    load_placements,
)


def load_demo() -> Seeded:
    """Add what is missing, all or nothing. What a tester has changed stays as it is."""
    seeded = Seeded()
    with transaction.atomic():
        set_actor(User.objects.system())
        for load in LOADERS:
            load(seeded)
    return seeded
