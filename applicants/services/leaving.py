"""What becomes of applications when their person closes the account."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from applicants.models import Applicant, Application, ApplicationStatus, CaseThread
from applicants.privacy import answered
from applicants.services.cases.ending import end_cases
from applicants.workflow import WITHDRAWABLE_STATES
from techforce.accounts.models import User
from techforce.accounts.registry import Departure, register_departure
from techforce.core.workflow import transition_many


def _own(user: Any) -> Any:
    return Application.objects.filter(applicant__user=user).select_related("cohort").order_by("pk")


def consequences(user: Any) -> Iterator[str]:
    for application in _own(user):
        words = {"cohort": application.cohort.name, "number": application.reference_number}
        if application.status == ApplicationStatus.DRAFT:
            yield _("Your draft for %(cohort)s is destroyed at once, with its files.") % words
        elif application.status in WITHDRAWABLE_STATES:
            yield (
                _(
                    "Your application %(number)s for %(cohort)s is withdrawn at once, without a day to undo it."
                )
                % words
            )
    if CaseThread.objects.not_closed().filter(applicant__user=user).exists():
        yield _(
            "Your conversations with the program office end, also a request for an accommodation or a review."
        )
    unsent = Q(application__isnull=True) | Q(application__status=ApplicationStatus.DRAFT)
    if answered(CaseThread.objects.filter(unsent, applicant__user=user)).exists():
        yield _(
            "What we answered you is a federal record. We keep it for one year (GRS 6.5/010), then it is destroyed."
        )
    if _own(user).exclude(status=ApplicationStatus.DRAFT).filter(destroyed_at__isnull=True).exists():
        yield _(
            "What you submitted is a federal record. We must keep it until one year after the last action of its "
            "cohort (GRS 2.1/060); then it is destroyed. Nobody can change it until then."
        )


def lock(user: Any) -> None:
    """Whoever makes an offer, or accepts one, waits."""
    list(Applicant.objects.filter(user=user).order_by("pk").select_for_update(of=("self",), no_key=True))
    list(Application.objects.filter(applicant__user=user).order_by("pk").select_for_update(of=("self",)))


def leave(user: Any, by: Any) -> None:
    """Withdraw what still runs. The person asked for it on a page that says that it cannot be undone."""
    running = Application.objects.filter(applicant__user=user, status__in=WITHDRAWABLE_STATES)
    leaving = Application.objects.filter(pk__in=list(running.order_by("pk").values_list("pk", flat=True)))
    leaving.update(withdraws_at=timezone.now(), version=F("version") + 1)
    transition_many(leaving, "withdraw", by=User.objects.system(), detail={"because": "account_closed"})
    end_cases(user)


register_departure(Departure(name="applicants", lock=lock, consequences=consequences, leave=leave))
