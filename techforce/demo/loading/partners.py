"""Partner companies: a few take part, some negotiate, most might."""

from partners.models import Partner, PartnerAgreement
from partners.services import activate_partner, begin_agreement
from techforce.core.seeding import Seeded, put
from techforce.core.versions import save_version
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import day, read

AGREEMENT_STARTS, AGREEMENT_DAYS = -54, 1095
PILOT_AGREEMENT_STARTS, PILOT_AGREEMENT_DAYS = -975, 1826


def load_partners(seeded: Seeded) -> None:
    """Move the seeded companies as far as `content/partners.toml` says; the others stay prospective."""
    content = read("partners")
    named = [*content["agreement_pending"], *content["active"]]
    for partner in Partner.objects.filter(company__slug__in=named, status="prospective").order_by("id"):
        takes_part = partner.company.slug in content["active"]
        partner.work_email_domains = f"{partner.company.slug}.example"
        save_version(partner, expected=partner.version, fields=["work_email_domains"])
        begin_agreement(partner=partner, by=account("program-manager"))
        put_agreement(seeded, partner, is_signed=takes_part, is_old=partner.company.slug in content["pilot"])
        if takes_part:
            activate_partner(partner=partner, by=account("program-manager"))
        seeded.count(partner, is_new=False)


def put_agreement(seeded: Seeded, partner: Partner, *, is_signed: bool, is_old: bool) -> None:
    """A draft where the company still negotiates."""
    starts, days = (
        (PILOT_AGREEMENT_STARTS, PILOT_AGREEMENT_DAYS) if is_old else (AGREEMENT_STARTS, AGREEMENT_DAYS)
    )
    initial = {
        "partner": partner,
        "starts_on": day(starts),
        "ends_on": day(starts + days),
        "signed_on": day(starts - 1) if is_signed else None,
        "conflict_contact_email": f"conflicts@{partner.company.slug}.example",
    }
    key = {"reference": f"TFPA-{partner.company.slug.upper()}"}
    put(seeded, PartnerAgreement, key, initial=initial)
