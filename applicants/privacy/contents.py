"""What hangs on an application, and how it is destroyed: files, messages, what was submitted."""

from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from applicants.models import (
    Applicant,
    Application,
    ApplicationStatus,
    CaseMessage,
    CaseThread,
    Document,
    OpeningInterest,
    Snapshot,
)
from techforce.accounts.models import User
from techforce.core.records.destruction import destroy_rows, needed

NO_NAME = "—"
"""Stands where the name of a person was."""


def destroy_drafts(applications: QuerySet[Any]) -> None:
    """Those of the applications that were never submitted, with all that hangs on them; files go after the commit. What
    the office answered is a record of its own and stays, without the draft."""
    drafts = applications.filter(status=ApplicationStatus.DRAFT)
    answered(CaseThread.objects.filter(application__in=drafts)).update(application=None)
    _destroy_contents(drafts)
    destroy_rows(drafts)


def _destroy_contents(applications: QuerySet[Any]) -> None:
    documents = Document.objects.filter(application__in=applications)
    for name in [name for document in documents.order_by("pk") for name in document.stored_names]:
        transaction.on_commit(partial(default_storage.delete, name), robust=True)
    destroy_cases(CaseThread.objects.filter(application__in=applications))
    destroy_rows(OpeningInterest.objects.filter(application__in=applications))
    destroy_rows(documents)
    destroy_rows(Snapshot.objects.filter(application__in=applications))


def answered(threads: QuerySet[Any]) -> QuerySet[Any]:
    """Of `threads` those in which the office wrote. That a conversation ended with its account is said by nobody."""
    said = CaseMessage.objects.filter(thread=OuterRef("pk")).exclude(author__kind=User.Kind.SYSTEM)
    return threads.filter(Exists(said.exclude(author=OuterRef("applicant__user"))))


def destroy_cases(threads: QuerySet[Any]) -> None:
    destroy_rows(CaseMessage.objects.filter(thread__in=threads))
    destroy_rows(threads)


def destroy_application(application: Application) -> None:
    """Content, files and messages go; a row without content stays for the certificates that name it."""
    own = Application.objects.filter(pk=application.pk)
    _destroy_contents(own)
    personal = {"is_us_citizen": None, "is_adult": None, "veterans_preference": ""}
    own.update(
        answers={},
        has_accommodation_request=False,
        destroyed_at=timezone.now(),
        version=F("version") + 1,
        **personal,
    )
    application.history.update(**personal)  # type: ignore[attr-defined]
    empty_profile(application.applicant)


def empty_profile(applicant: Applicant) -> None:
    """Nothing is left that needs to know how to reach the person; who still has an account keeps the name in it."""
    empty = unneeded_profiles().filter(pk=applicant.pk)
    name = applicant.user.full_name if applicant.user.is_active else ""
    empty.update(
        legal_name=name or NO_NAME, preferred_name="", phone="", city="", state="", version=F("version") + 1
    )


def profile_is_needed() -> Q:
    """Applicants of whom an application, a case or a record of service still speaks."""
    whole = Application.objects.filter(applicant=OuterRef("pk"), destroyed_at__isnull=True)
    asked = CaseThread.objects.filter(applicant=OuterRef("pk"))
    return Exists(whole) | Exists(asked) | needed(Applicant)


def unneeded_profiles() -> QuerySet[Applicant]:
    return Applicant.objects.exclude(profile_is_needed())
