"""An agency opens the résumé of a candidate (experience.md, "An agency"): the clean file, as it was rewritten, of a
person who is qualified, agreed to be shown to agencies and does not leave, as long as a certificate with their name is
referred to the reader's office, open and in date. Whoever considers people for that opening reads it; nobody who is
that person or stands aside from them, and nobody where ties block the person, because nothing of them is shown there.

Raters stay blind: a person is qualified only after the ratings are in, and a review that is reopened ends this access.

`may_be_read` is the condition on documents, `reads` says the same of one in memory."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from applicants.models import Application, ApplicationStatus, Document, DocumentKind, DocumentStatus
from applicants.permissions import recused_from
from applicants.querysets import CONSIDERS, register_file_readers, stands_aside
from placements.models import CertificateEntry, Referral, Selection
from placements.permissions.acting import works_at
from placements.querysets import concerns, referred_to
from techforce.core.querysets import is_known

PERSON = "application__applicant"


def may_be_read(user: Any) -> Q:
    named = CertificateEntry.objects.filter(
        certificate=OuterRef("certificate"),
        application=OuterRef(OuterRef("application")),
        removed_at__isnull=True,
    )
    blocked = Selection.objects.filter(
        opening=OuterRef("opening"),
        application=OuterRef(OuterRef("application")),
        status="conflict_blocked",
    )
    here = referred_to(user, *CONSIDERS).in_use().filter(Exists(named), ~Exists(blocked))
    to_be_had = Q(
        application__status=ApplicationStatus.QUALIFIED,
        application__withdraws_at__isnull=True,
        application__is_shareable=True,
    )
    resume = Q(kind=DocumentKind.RESUME, status=DocumentStatus.CLEAN)
    return resume & to_be_had & Q(Exists(here)) & ~concerns(user, PERSON) & ~stands_aside(user, PERSON)


def reads(user: Any, document: Document) -> bool:
    if not is_known(user) or (document.kind, document.status) != (DocumentKind.RESUME, DocumentStatus.CLEAN):
        return False
    application = document.application
    if not is_to_be_had(application) or not _is_a_stranger(user, application):
        return False
    wanted = frozenset(str(role) for role in CONSIDERS)
    return any(works_at(user, referral.opening, wanted) for referral in referrals_of(application))


def is_to_be_had(application: Application) -> bool:
    """Whether agencies may consider the person now."""
    is_staying = application.withdraws_at is None
    return application.status == ApplicationStatus.QUALIFIED and is_staying and application.is_shareable


def _is_a_stranger(user: Any, application: Application) -> bool:
    person = application.applicant
    return person.user_id not in user.stands_for and person.pk not in recused_from(user)


def referrals_of(application: Application) -> Any:
    """Those in use that name the person, without openings that their ties block."""
    blocked = application.selections.filter(status="conflict_blocked").values("opening")
    named = Referral.objects.in_use().filter(
        certificate__entries__application=application, certificate__entries__removed_at__isnull=True
    )
    return named.exclude(opening__in=blocked).select_related("opening").order_by("pk")


def resume_for(user: Any, application: int) -> Document | None:
    """The one that `user` may open now."""
    rows = Document.objects.visible_to(user).filter(application=application, kind=DocumentKind.RESUME)
    found: Document | None = rows.filter(status=DocumentStatus.CLEAN).first()
    return found


register_file_readers(may_be_read, reads)
