"""What this app holds of a person: given out in full, destroyed where it may be, moved between accounts."""

from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from applicants.models import (
    Applicant,
    Application,
    ApplicationStatus,
    CaseMessage,
    CaseThread,
    Document,
    OpeningInterest,
    Recusal,
)
from techforce.core import privacy
from techforce.core.errors import Refused


def export(user: Any) -> dict[str, Any]:
    """All that the person gave, and what was decided about them; never a rater's notes."""
    own = Application.objects.filter(applicant__user=user).order_by("pk")
    return {
        "profile": list(
            Applicant.objects.filter(user=user)
            .order_by("pk")
            .values("legal_name", "preferred_name", "phone", "city", "state")
        ),
        "applications": [_application(application) for application in own.select_related("cohort")],
    }


def _application(application: Application) -> dict[str, Any]:
    messages = CaseMessage.objects.filter(thread__application=application).order_by("pk")
    return {
        "reference_number": application.reference_number,
        "cohort": application.cohort.name,
        "status": application.status,
        "answers": application.answers,
        "is_us_citizen": application.is_us_citizen,
        "is_adult": application.is_adult,
        "veterans_preference": application.veterans_preference,
        "disciplines": list(application.choices.order_by("rank").values_list("discipline__name", flat=True)),
        "openings": list(application.interests.order_by("pk").values_list("opening__title", flat=True)),
        "snapshots": list(application.snapshots.order_by("sequence").values_list("content", flat=True)),
        "results": list(
            application.outcomes.order_by("pk").values("discipline__name", "result", "expires_on")
        ),
        "files": list(application.documents.order_by("pk").values("label", "kind", "status", "size")),
        "messages": list(messages.values("author__full_name", "body", "created_at")),
    }


def erase(user: Any) -> None:
    """Drafts that were never submitted go at once; a submitted application is a federal record and stays
    until its disposition date. The profile stays as long as an application needs it."""
    destroy_drafts(Application.objects.filter(applicant__user=user))
    if not Application.objects.filter(applicant__user=user).exists():
        _destroy(Recusal.objects.filter(applicant__user=user))
        _destroy(Applicant.objects.filter(user=user))


def destroy_drafts(applications: QuerySet[Any]) -> None:
    """Those of the applications that were never submitted, with all that hangs on them; files go after the commit."""
    drafts = applications.filter(status=ApplicationStatus.DRAFT)
    documents = Document.objects.filter(application__in=drafts)
    for name in [document.stored_name for document in documents.order_by("pk")]:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
    _destroy(CaseMessage.objects.filter(thread__application__in=drafts))
    _destroy(CaseThread.objects.filter(application__in=drafts))
    _destroy(OpeningInterest.objects.filter(application__in=drafts))
    _destroy(documents)
    _destroy(drafts)


def _destroy(rows: QuerySet[Any]) -> None:
    """Refused for all of them when a hold covers one."""
    for row in rows.order_by("pk"):
        privacy.refuse_if_held(row)
    rows.delete()


def repoint(old: Any, new: Any) -> None:
    """Move the person to another of their accounts. Two people are never merged silently."""
    if Applicant.objects.filter(user=new).exists():
        raise Refused(_("That account already applies for itself."))
    Applicant.objects.filter(user=old).update(user=new)


privacy.register("applicants", export=export, erase=erase, repoint=repoint)
