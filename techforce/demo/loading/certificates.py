"""Certificates of eligibles: who was on them, to whom they went, and what came back."""

from typing import Any

from agencies.models import Opening
from applicants.models import Application
from placements.models import Certificate, CertificateEntry, CertificateMethod, Disposition, Referral
from techforce.core.seeding import Seeded
from techforce.demo.loading import cohorts
from techforce.demo.loading.cast import Cast
from techforce.demo.loading.content import day, happened, moment, read
from techforce.demo.loading.story import Step, Story
from techforce.program.models import Discipline

AUTHORITY = "5 CFR 213.3102(r)"
PREPARED_BEFORE, REFERRED_AFTER = 1, 1


def load_certificates(seeded: Seeded) -> None:
    story, cast = Story(), Cast()
    for entry in read("placements")["certificates"]:
        if not Certificate.objects.filter(number=entry["number"]).exists():
            certificate = certify(story, cast, entry)
            for referral in entry["referrals"]:
                refer(story, cast, certificate, referral)
            story.write()
            seeded.count(certificate, is_new=True)


def certify(story: Story, cast: Cast, entry: dict[str, Any]) -> Certificate:
    """The names go on while it is a draft, then it takes its path."""
    steps = [Step.parse(text) for text in entry["path"]]
    begun = moment(steps[0].day - PREPARED_BEFORE if steps else -1, hour=15)
    certificate = Certificate.objects.create(
        number=entry["number"],
        cohort=cohorts.by_slug(entry.get("cohort", cohorts.CURRENT)),
        discipline=Discipline.objects.get(code=entry["discipline"]),
        method=CertificateMethod.QUALIFIED,
        authority=AUTHORITY,
        expires_on=day(entry["expires"]),
        created_at=begun,
        replaces=Certificate.objects.filter(number=entry.get("replaces")).first(),
    )
    CertificateEntry.objects.bulk_create(
        CertificateEntry(certificate=certificate, application=one, created_at=begun)
        for one in qualified(certificate)
    )
    manager = cast.at_opm("program-manager")
    story.tell(certificate, entry["path"], lambda arrow: cast.system if arrow == "expire" else manager)
    return certificate


def qualified(certificate: Certificate) -> Any:
    """Everybody who had a result in the discipline by then."""
    return Application.objects.filter(
        cohort=certificate.cohort,
        decided_at__lt=certificate.created_at,
        outcomes__discipline=certificate.discipline,
        outcomes__result="qualified",
    ).order_by("id")


def refer(story: Story, cast: Cast, certificate: Certificate, entry: dict[str, Any]) -> None:
    opening = opening_of(entry, certificate.cohort_id)
    referral = Referral(
        certificate=certificate,
        opening=opening,
        cohort_id=certificate.cohort_id,
        created_at=happened(certificate.issued_at),
    )
    specialist = cast.at_agency("hr-specialist", entry["agency"])
    story.tell(referral, entry["path"], lambda _arrow: specialist)
    referral.save()
    if referral.returned_at:
        dispose(referral, entry, specialist)


def dispose(referral: Referral, entry: dict[str, Any], by: Any) -> None:
    """Every name has an outcome before a certificate is returned."""
    chosen = {
        row["name"]
        for row in read("placements")["selections"]
        if row["opening"] == entry["opening"] and "tentative" in row
    }
    names = referral.certificate.entries.select_related("application__applicant").order_by("pk")
    Disposition.objects.bulk_create(
        Disposition(
            referral=referral,
            entry=one,
            certificate_id=referral.certificate_id,
            code="selected" if one.application.applicant.legal_name in chosen else "not_selected",
            decided_by=by,
            decided_at=happened(referral.returned_at),
        )
        for one in names
    )


def opening_of(entry: dict[str, Any], cohort: Any) -> Opening:
    """The opening that an entry names; of the home agency unless it says otherwise."""
    opening: Opening = Opening.objects.select_related("agency", "cohort", "office", "sensitivity").get(
        agency__code=entry.get("agency", "VA"), title=entry["opening"], cohort=cohort
    )
    return opening
