"""What of applications goes into a person's download: all that they gave and what was decided; no rater's word."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, CharField, F, Q, Value, When
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from applicants.models import (
    Applicant,
    Application,
    ApplicationDiscipline,
    CaseMessage,
    CaseThread,
    DeadlineExtension,
    DisciplineOutcome,
    Document,
    DocumentStatus,
    DocumentText,
    Interview,
    OpeningInterest,
    Rating,
    Recusal,
    RecusalSource,
    Snapshot,
)
from techforce.core.privacy.readable import read_as
from techforce.core.privacy.shares import Topic, give, give_files, withhold

MINE = "application__applicant__user"
NUMBER = "application__reference_number"
TOLD = ("qualified", "not_qualified", "placed", "lapsed")
"""What is recorded before a decision stays back until it is made."""

give(
    "contact",
    _("How we reach you"),
    Applicant,
    owner="user",
    under=Topic.APPLYING,
    columns=("legal_name", "preferred_name", "phone", "city", "state"),
)
give(
    "applications",
    _("Your applications and drafts"),
    Application,
    owner="applicant__user",
    under=Topic.APPLYING,
    columns=(
        "reference_number",
        "status",
        "track",
        "answers",
        "is_us_citizen",
        "is_adult",
        "is_shareable",
        "is_shareable_later",
        "veterans_preference",
        "has_accommodation_request",
        "certified_at",
        "submitted_at",
        "decided_at",
        "withdrawn_at",
    ),
    cohort="cohort__name",
)
give(
    "submissions",
    _("What you submitted, each time"),
    Snapshot,
    owner=MINE,
    under=Topic.APPLYING,
    columns=("sequence", "created_at", "content"),
    application=NUMBER,
)
give(
    "disciplines",
    _("Disciplines that you chose"),
    ApplicationDiscipline,
    owner=MINE,
    under=Topic.APPLYING,
    columns=("rank",),
    application=NUMBER,
    discipline="discipline__name",
)
give(
    "interests",
    _("Openings that you are interested in"),
    OpeningInterest,
    owner=MINE,
    under=Topic.APPLYING,
    columns=("rank",),
    application=NUMBER,
    opening="opening__title",
)
give(
    "documents",
    _("Your files"),
    Document,
    owner=MINE,
    under=Topic.APPLYING,
    columns=("label", "kind", "format", "status", "size", "created_at"),
    application=NUMBER,
)
give(
    "cases",
    _("Your conversations with the program office"),
    CaseThread,
    owner="applicant__user",
    under=Topic.LETTERS,
    columns=("topic", "subject", "status", "outcome", "created_at", "closed_at"),
    application=NUMBER,
)
give(
    "messages",
    _("Messages by you and to you"),
    CaseMessage,
    owner="thread__applicant__user",
    under=Topic.LETTERS,
    columns=("created_at", "body"),
    application=f"thread__{NUMBER}",
    topic="thread__topic",
    written_by=Case(
        When(author=F("thread__applicant__user"), then=Value("you")),
        default=Value("the program office"),
        output_field=CharField(),
    ),
)
give(
    "interviews",
    _("Your interviews"),
    Interview,
    owner=MINE,
    under=Topic.LETTERS,
    columns=("status", "mode", "starts_at", "ends_at", "time_zone", "place"),
    application=NUMBER,
)
give(
    "more_time",
    _("More time that you were given to submit"),
    DeadlineExtension,
    owner=MINE,
    under=Topic.APPLYING,
    columns=("reason_code", "old_closes_at", "new_closes_at", "created_at"),
    application=NUMBER,
)
give(
    "results",
    _("Results"),
    DisciplineOutcome,
    owner=MINE,
    under=Topic.RESULTS,
    only=Q(application__status__in=TOLD)
    | Q(application__status="withdrawn", application__decided_at__isnull=False),
    columns=("result", "reason_code", "decided_on", "expires_on"),
    application=NUMBER,
    discipline="discipline__name",
)
give(
    "declared_recusals",
    _("Ties that you declared as a member of staff"),
    Recusal,
    owner="user",
    under=Topic.ROLES,
    only=Q(source=RecusalSource.DECLARED),
    columns=("basis", "starts_at", "ended_at"),
)

withhold(DocumentText, "what the scanner read in the person's own file, which is given itself")
withhold(Rating, "what raters think, in confidence (GRS 2.1/090)")
withhold(Recusal, "who else stands aside, and why")


def files(user: Any) -> Iterator[tuple[str, str]]:
    """Files that were found clean, also those that a newer one replaced: what was submitted with them is kept too. The
    others are listed, and not handed on."""
    clean = Document.objects.filter(
        application__applicant__user=user, status__in=[DocumentStatus.CLEAN, DocumentStatus.REPLACED]
    )
    for document in clean.select_related("application").order_by("pk"):
        name = f"{document.pk}-{document.label.replace('/', '_')}"
        yield f"files/{document.application.reference_number}/{name}", document.stored_name


give_files("applicants", files)
read_as("documents", "size", filesizeformat)
