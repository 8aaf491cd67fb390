"""The companies that announced first that they take part. Their onboarding is data from then on."""

from partners.models import Partner
from techforce.core.seeding import Seeded, put
from techforce.program.models import Company
from techforce.program.seed.load import partner_slugs


def seed_partners() -> Seeded:
    """One prospective partner for each of them; whom staff moved on stays where they are."""
    seeded = Seeded()
    for company in Company.objects.filter(slug__in=partner_slugs()).order_by("pk"):
        put(seeded, Partner, {"company": company})
    return seeded
