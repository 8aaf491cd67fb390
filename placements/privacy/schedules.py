"""When records of service, vetting and ethics are destroyed (domain.md §5.3).

| records | rule | period | read or general knowledge |
| offers, selections, certificates | GRS 2.1/050 | two years after the final action, and no longer | read |
| a placed person's application | GRS 2.1/060 | the folder gets it; the copy a year after service | general knowledge |
| vetting | GRS 5.6/181 | five years after service, one when not hired | general knowledge |
| ethics | GRS 2.8/010 | six years after conclusion | read |
| training | GRS 2.6/030 | six years | general knowledge |
| placements, extensions, exceptions | GRS 2.2/010 | four years after service | general knowledge |

What is general knowledge must be confirmed before production. A row that another one still needs waits for it: the
placement itself goes with the last of its trails, the selection after the placement, so that no record stands without
what it rests on.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from applicants.models import Applicant
from applicants.privacy.contents import destroy_application
from applicants.privacy.schedules import APPLYING, subjects_of_application
from partners.models import Nomination
from placements.models import (
    Certificate,
    CertificateEntry,
    Checklist,
    ChecklistItem,
    Determination,
    DisclosureExtension,
    Disposition,
    DivestitureCertificate,
    EthicsAnswers,
    EthicsWaiver,
    Offer,
    PayException,
    Placement,
    PlacementExtension,
    RecusalStatement,
    Referral,
    ScreeningArrangement,
    Selection,
    StartException,
    TrainingEnrollment,
    VettingWaiver,
)
from placements.privacy.over import (
    certificates_over,
    has_offers,
    placements_over,
    selections_over,
    served_applications,
    subjects_of_placement,
    subjects_of_selection,
    vetted_before,
)
from techforce.core.records.destruction import destroy_rows, let_go, register_need
from techforce.core.records.disposition import Schedule, register_schedule

SERVICE, VETTING, ETHICS, HIRING = _("Service"), _("Vetting"), _("Ethics"), _("Selection")


def of_model(model: Any, **fields: Any) -> Schedule:
    """A schedule by which whole rows of one table go."""
    fields.setdefault("subjects", lambda row: subjects_of_placement(row.placement))
    return Schedule(
        gone=(model,), destroy=lambda row: destroy_rows(model.objects.filter(pk=row.pk)), **fields
    )


def ethics(label: str, title: Any, model: Any) -> Schedule:
    """Papers of one placement, six years after it."""
    return of_model(
        model,
        label=label,
        title=title,
        family=ETHICS,
        authority="GRS 2.8/010",
        is_confirmed=True,
        due=lambda day: model.objects.filter(placement__in=placements_over(day, 6)),
    )


def paper(label: str, title: Any, model: Any) -> Schedule:
    """What changed the terms of one placement, four years after it."""
    return of_model(
        model,
        label=label,
        title=title,
        family=SERVICE,
        authority="GRS 2.2/010",
        due=lambda day: model.objects.filter(placement__in=placements_over(day, 4)),
    )


def of_selection(label: str, title: Any, model: Any) -> Schedule:
    return of_model(
        model,
        label=label,
        title=title,
        family=HIRING,
        authority="GRS 2.1/050",
        is_confirmed=True,
        due=lambda day: let_go(model.objects.filter(selection__in=selections_over(day, 2))),
        subjects=lambda row: subjects_of_selection(row.selection),
    )


def checklists(label: str, title: Any, family: Any, area: str, authority: str, over: Any) -> Schedule:
    """Each with its steps, and with what was asked and answered about them."""
    return Schedule(
        label=label,
        title=title,
        family=family,
        authority=authority,
        is_confirmed=area == "ethics",
        due=lambda day: Checklist.objects.filter(area=area, placement__in=over(day)),
        destroy=destroy_checklist,
        subjects=lambda checklist: subjects_of_placement(checklist.placement),
        gone=(Checklist, ChecklistItem, DisclosureExtension),
    )


def destroy_checklist(checklist: Checklist) -> None:
    """Corrections before what they correct."""
    steps = ChecklistItem.objects.filter(checklist=checklist)
    destroy_rows(DisclosureExtension.objects.filter(item__in=steps))
    while steps.exists():
        destroy_rows(steps.filter(corrections__isnull=True))
    destroy_rows(Checklist.objects.filter(pk=checklist.pk))


def old_vetting_waivers(day: Any) -> QuerySet[Any]:
    """Steps that were waited for on a waiver go before it (I7)."""
    steps = Checklist.objects.filter(placement=OuterRef("placement"), area="vetting")
    return VettingWaiver.objects.filter(placement__in=vetted_before(day)).exclude(Exists(steps))


def old_determinations(day: Any) -> QuerySet[Any]:
    """Of selections and of service; an offer that rests on one goes before it (I17)."""
    is_over = Q(selection__in=selections_over(day, 6)) | Q(placement__in=placements_over(day, 6))
    rests = has_offers("selection") | has_offers("placement__selection")
    return Determination.objects.filter(is_over).exclude(rests)


def old_ethics_waivers(day: Any) -> QuerySet[Any]:
    return EthicsWaiver.objects.filter(selection__in=selections_over(day, 6)).exclude(has_offers("selection"))


def subjects_of_determination(row: Determination) -> tuple[Any, ...]:
    return subjects_of_placement(row.placement) if row.placement else subjects_of_selection(row.case)  # type: ignore[arg-type]  # one of the two is there


def destroy_certificate(certificate: Certificate) -> None:
    for part in (Disposition, Referral, CertificateEntry):
        destroy_rows(part._base_manager.filter(certificate=certificate))
    destroy_rows(Certificate.objects.filter(pk=certificate.pk))


ORDER = (
    of_model(
        TrainingEnrollment,
        label="training",
        title=_("Training"),
        family=SERVICE,
        authority="GRS 2.6/030",
        due=lambda day: TrainingEnrollment.objects.filter(placement__in=placements_over(day, 6)),
    ),
    checklists("vetting_steps", _("Vetting checklists"), VETTING, "vetting", "GRS 5.6/181", vetted_before),
    of_model(
        VettingWaiver,
        label="vetting_waivers",
        title=_("Vetting waivers"),
        family=VETTING,
        authority="GRS 5.6/181",
        due=old_vetting_waivers,
    ),
    checklists(
        "ethics_steps",
        _("Ethics checklists"),
        ETHICS,
        "ethics",
        "GRS 2.8/010",
        lambda day: placements_over(day, 6),
    ),
    ethics("ethics_answers", _("Answers to the ethics questions"), EthicsAnswers),
    ethics("recusal_statements", _("Recusal statements"), RecusalStatement),
    ethics("screening_arrangements", _("Screening arrangements"), ScreeningArrangement),
    ethics("divestitures", _("Certificates of divestiture"), DivestitureCertificate),
    of_selection("offers", _("Offers"), Offer),
    of_selection("pay_exceptions", _("Exceptions from the pay band"), PayException),
    of_model(
        Determination,
        label="determinations",
        title=_("Conflict determinations"),
        family=ETHICS,
        authority="GRS 2.8/010",
        is_confirmed=True,
        due=old_determinations,
        subjects=subjects_of_determination,
    ),
    of_model(
        EthicsWaiver,
        label="ethics_waivers",
        title=_("Ethics waivers"),
        family=ETHICS,
        authority="GRS 2.8/010",
        is_confirmed=True,
        due=old_ethics_waivers,
        subjects=lambda waiver: subjects_of_selection(waiver.selection),
    ),
    paper("start_exceptions", _("Starts by exception"), StartException),
    paper("extensions", _("Extensions"), PlacementExtension),
    of_model(
        Placement,
        label="placements",
        title=_("Placements"),
        family=SERVICE,
        authority="GRS 2.2/010",
        due=lambda day: let_go(placements_over(day, 4)),
        subjects=subjects_of_placement,
    ),
    of_model(
        Selection,
        label="selections",
        title=_("Selections"),
        family=HIRING,
        authority="GRS 2.1/050",
        is_confirmed=True,
        due=lambda day: let_go(selections_over(day, 2)),
        subjects=subjects_of_selection,
    ),
    Schedule(
        label="served_applications",
        title=_("Applications of people who served"),
        family=APPLYING,
        authority="GRS 2.1/060",
        due=served_applications,
        destroy=destroy_application,
        subjects=subjects_of_application,
    ),
    Schedule(
        label="certificates",
        title=_("Certificates of eligibles"),
        family=HIRING,
        authority="GRS 2.1/050",
        is_confirmed=True,
        due=lambda day: certificates_over(day, 2),
        destroy=destroy_certificate,
        gone=(Certificate, CertificateEntry, Referral, Disposition),
    ),
)

for schedule in reversed(ORDER):
    register_schedule(schedule)

# The name stays as long as a record of service needs it, and so do the terms on which the person was lent.
register_need(Applicant, lambda: Exists(Placement.objects.filter(applicant=OuterRef("pk"))))
register_need(Nomination, lambda: Exists(Placement.objects.filter(nomination=OuterRef("pk"))))
