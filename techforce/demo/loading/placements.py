"""From the certificate to a placement whose steps have begun, through the services and in their order."""

from typing import Any

from agencies.models import Opening
from applicants.models import Application
from placements import services
from placements.models import (
    Certificate,
    CertificateEntry,
    CertificateMethod,
    ChecklistItem,
    OfferKind,
    Placement,
    Referral,
    Selection,
)
from techforce.core.seeding import Seeded
from techforce.core.workflow import transition
from techforce.demo.loading import cohorts
from techforce.demo.loading.accounts import account
from techforce.demo.loading.content import day, end_of, read
from techforce.demo.people import HOME_AGENCY
from techforce.program.models import Discipline

STAGES = ("proposed", "shortlisted", "interviewing", "selected", "offered", "accepted")
AUTHORITY = "5 CFR 213.3102(r)"
CERTIFICATE_DAYS, ANSWER_DAYS, STARTS_IN_DAYS = 240, 5, 80


def load_placements(seeded: Seeded) -> None:
    content = read("placements")
    for entry in content["certificates"]:
        if not Certificate.objects.filter(number=entry["number"]).exists():
            seeded.count(certify(entry), is_new=True)
    for entry in content["selections"]:
        opening = home_opening(entry["opening"])
        application = Application.objects.live().get(applicant__user__email=entry["email"])
        if not Selection.objects.filter(opening=opening, application=application).exists():
            consider(seeded, entry, Referral.objects.get(opening=opening), application)


def certify(entry: dict[str, Any]) -> Certificate:
    """List everybody qualified in the discipline, issue the list and refer it."""
    manager, cohort = account("program-manager"), cohorts.current()
    certificate = Certificate.objects.create(
        number=entry["number"],
        cohort=cohort,
        discipline=Discipline.objects.get(code=entry["discipline"]),
        method=CertificateMethod.QUALIFIED,
        authority=AUTHORITY,
        expires_on=day(CERTIFICATE_DAYS),
    )
    qualified = Application.objects.filter(
        cohort=cohort,
        status="qualified",
        outcomes__discipline=certificate.discipline,
        outcomes__result="qualified",
    )
    CertificateEntry.objects.bulk_create(
        [CertificateEntry(certificate=certificate, application=one) for one in qualified.order_by("id")]
    )
    services.issue_certificate(certificate=certificate, by=manager)
    for title in entry["openings"]:
        services.refer_certificate(certificate=certificate, opening=home_opening(title), by=manager)
    return certificate


def consider(seeded: Seeded, entry: dict[str, Any], referral: Referral, application: Application) -> None:
    """Take one person as far as the entry says."""
    hr, manager, official = account("hr-specialist"), account("hiring-manager"), account("approving-official")
    selection = services.propose_selection(referral=referral, application=application, by=hr)
    seeded.count(selection, is_new=True)
    reached = STAGES.index(entry["stage"])
    if reached >= STAGES.index("shortlisted"):
        transition(selection, "shortlist", by=manager)
    if reached >= STAGES.index("interviewing"):
        transition(selection, "interview", by=manager)
    if reached >= STAGES.index("selected"):
        services.select_candidate(selection=selection, by=official)
    if reached >= STAGES.index("offered"):
        offer(seeded, entry, selection)


def offer(seeded: Seeded, entry: dict[str, Any], selection: Selection) -> None:
    hr = account("hr-specialist")
    drafted = services.draft_offer(
        selection=selection,
        kind=OfferKind.TENTATIVE,
        pay_rate=entry["pay"],
        starts_on=day(STARTS_IN_DAYS),
        by=hr,
    )
    services.send_offer(offer=drafted, response_due_at=end_of(ANSWER_DAYS), by=hr)
    if entry["stage"] == "accepted":
        placement = services.accept_offer(offer=drafted, by=selection.application.applicant.user)
        seeded.count(placement, is_new=True)
        work_through(placement, entry["steps_done"])


def work_through(placement: Placement, count: int) -> None:
    """Record the first steps of the vetting checklist, and have the rest wait."""
    officer = account("security-officer")
    steps = ChecklistItem.objects.filter(checklist__placement=placement, checklist__area="vetting")
    waiting = steps.filter(status="not_started").select_related("step").order_by("step__position")
    for item in list(waiting[:count]):
        services.complete_item(item=item, outcome=item.accepted_outcomes[0], effective_on=day(-1), by=officer)


def home_opening(title: str) -> Opening:
    opening: Opening = Opening.objects.get(agency__code=HOME_AGENCY, title=title)
    return opening
