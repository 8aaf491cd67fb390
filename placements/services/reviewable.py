"""Decisions about a person that come after the result: a name taken off a certificate, which the program office reviews
on request, and what agencies decide, which it does not (the rule: applicants/services/cases/decisions.py)."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application, ApplicationStatus
from applicants.services import Decision, Elsewhere, register_decisions
from placements.models import CertificateEntry, ChecklistItem, Offer, Selection
from placements.services.certificate import REMOVE_ENTRY, restore_entry
from placements.services.standing import Case
from placements.services.standing.step_words import NOT_MET, OFFICE
from techforce.core.models import AuditEvent


def removed_names(application: Application) -> Iterable[Decision]:
    """While the person is qualified; whoever left or was placed asks for nothing here."""
    if application.status != ApplicationStatus.QUALIFIED:
        return
    removed = CertificateEntry.objects.filter(application=application, removed_at__isnull=False)
    for entry in removed.select_related("certificate").order_by("pk"):
        yield Decision(
            at=entry.removed_at,
            decided_by=_remover_of(entry),
            words=_("Taken off certificate %(number)s") % {"number": entry.certificate.number},
            set_aside=partial(_restore, entry),
        )


def _remover_of(entry: CertificateEntry) -> int | None:
    events = AuditEvent.objects.about(entry).filter(action=REMOVE_ENTRY)
    found: int | None = events.order_by("-pk").values_list("actor", flat=True).first()
    return found


def _restore(entry: CertificateEntry, *, reason_code: str, by: Any) -> None:
    restore_entry(entry=entry, reason_code=reason_code, by=by)


def decided_by_others(application: Application) -> Iterable[Elsewhere]:
    """In the words that the person knows from their own page; of a conflict of interest nothing is said."""
    selections = Selection.objects.filter(application=application, status="not_selected")
    for selection in selections.select_related("opening__agency").order_by("pk"):
        yield Elsewhere(
            words=_("Not selected: %(opening)s, %(agency)s") % _names(selection.opening),
            ask=_(
                "The agency chose among the people whom we referred, and its choice is not reviewed here. We look at "
                "whether the process was kept."
            ),
            is_ours=True,
        )
    offers = Offer.objects.filter(selection__application=application, status="withdrawn")
    for offer in offers.select_related("opening__agency").order_by("pk"):
        yield Elsewhere(
            words=_("Offer taken back: %(opening)s, %(agency)s") % _names(offer.opening),
            ask=_("Ask the agency that made the offer. It decides about its offers."),
        )
    yield from _requirements(application)


def _requirements(application: Application) -> Iterable[Elsewhere]:
    steps = ChecklistItem.objects.filter(
        checklist__placement__selection__application=application, status="not_met"
    )
    for area in sorted(set(steps.order_by().values_list("checklist__area", flat=True))):
        yield Elsewhere(
            words=str(OFFICE[area]),
            ask=str(NOT_MET[area]),
        )


def _names(opening: Any) -> dict[str, Any]:
    return {"opening": opening.title, "agency": opening.agency}


def has_decisions_of_others(case: Case) -> bool:
    """The same, from what the person's page has loaded."""
    return (
        "not_selected" in case.selections.values()
        or any(offer.status == "withdrawn" for offer in case.offers)
        or any(step.status == "not_met" for step in case.steps)
    )


register_decisions(reviewed=removed_names, elsewhere=decided_by_others)
