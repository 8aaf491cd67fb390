"""Standing aside. A recusal works at once, in queue, list, search and export, because `visible_to` leaves it
out."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Applicant, Recusal, RecusalSource
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted
from techforce.core.services import service
from techforce.program.models import Company


@service
def declare_recusal(
    *, user: Any, basis: str, by: Any, applicant: Applicant | None = None, company: Company | None = None
) -> Recusal:
    """`user` stands aside for a person or a company; found by the system when the system is who says so. A
    second declaration of the same tie changes nothing."""
    if not by.has_perm("applicants.add_recusal"):
        raise NotPermitted(_("Your role does not allow this."))
    source = RecusalSource.DERIVED if by.is_system else RecusalSource.DECLARED
    recusal, is_new = Recusal.objects.live().get_or_create(
        user=user, applicant=applicant, company=company, defaults={"basis": basis, "source": source}
    )
    if is_new:
        record_event("applicants.recusal:declare", subject=recusal, by=by, reason_code=basis)
    return recusal  # type: ignore[no-any-return]


@service
def end_recusal(*, recusal: Recusal, by: Any) -> None:
    """The tie no longer exists. Never by the person who stood aside, nor by whoever acts for them."""
    parties = {by.pk, *(giver.pk for giver in by.givers)}
    if not by.has_perm("applicants.end_recusal", recusal) or recusal.user_id in parties:
        raise NotPermitted(_("Someone else with the right to decide ends a recusal."))
    if Recusal.objects.live().filter(pk=recusal.pk).update(ended_at=timezone.now()):
        record_event("applicants.recusal:end", subject=recusal, by=by)
    recusal.refresh_from_db()
