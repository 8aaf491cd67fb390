"""Conversations between a person and the program office, kept with the application where there is one: questions,
requests for information, accommodation, review of a decision."""

import functools
import operator

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models.applicant import Applicant
from applicants.models.application import KEEP, Application
from applicants.querysets import CaseMessageQuerySet, CaseThreadQuerySet
from applicants.workflow.case import (
    ACCOMMODATION_OUTCOMES,
    CASE,
    MOVING_CASE_STATES,
    REVIEW_REASONS,
    CaseOutcome,
    CaseStatus,
    CaseTopic,
)
from techforce.core.calendar import today
from techforce.core.constraints import CompositeForeignKey
from techforce.core.fences import append_only
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned

LONGEST_SUBJECT = 80

IS_MOVING = Q(status__in=MOVING_CASE_STATES)
IS_CLOSED = Q(status=CaseStatus.CLOSED)
IS_ACCOMMODATION = Q(topic=CaseTopic.ACCOMMODATION)
IS_INFORMATION = Q(topic=CaseTopic.INFORMATION)
IS_REVIEW = Q(topic=CaseTopic.REVIEW_REQUEST)
HAS_NO_APPLICATION = Q(application__isnull=True)
IS_GIVEN_UP = Q(outcome=CaseOutcome.GIVEN_UP, reason_code="")
HAS_DECISION = Q(decided_at__isnull=False, decided_by__isnull=False)
NO_DECISION = Q(decided_at__isnull=True, decided_by__isnull=True)

# A result, its reason, and who answers for it.
IS_SETTLED_REVIEW = functools.reduce(
    operator.or_,
    (
        Q(outcome=outcome, reason_code__in=reasons, owner__isnull=False)
        for outcome, reasons in REVIEW_REASONS.items()
    ),
)
IS_SETTLED_ACCOMMODATION = Q(outcome__in=ACCOMMODATION_OUTCOMES, reason_code="")


# The history keeps neither topic nor outcome, so that it tells nobody who asked for an accommodation.
@track("applicant", "application", "status", "owner", "opened_by", "due_on", "closed_at")
@record(
    "A conversation with a person who applies or wants to.",
    keep=KEEP,
    columns=dict.fromkeys(("topic", "subject", "outcome"), Sensitivity.PERSONAL),
)
class CaseThread(Row, Versioned, Deadline):
    """`due_on` is the day by which we answer, or by which the person does: see the status."""

    applicant = models.ForeignKey(
        Applicant, models.PROTECT, related_name="case_threads", verbose_name=_("person")
    )
    application = models.ForeignKey(
        Application,
        models.PROTECT,
        related_name="case_threads",
        null=True,
        blank=True,
        verbose_name=_("application"),
        help_text=_("Empty where the person asked before applying"),
    )
    topic = models.CharField(_("topic"), max_length=14, choices=CaseTopic, default=CaseTopic.QUESTION)
    subject = models.CharField(
        _("subject"), max_length=LONGEST_SUBJECT, blank=True, help_text=_("In the person’s own few words")
    )
    status = models.CharField(
        _("status"), max_length=8, choices=CaseStatus, default=CaseStatus.OPEN, editable=False
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("owner"),
        help_text=_("Who in the program office answers"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    outcome = models.CharField(_("outcome"), max_length=11, choices=CaseOutcome, blank=True, editable=False)
    reason_code = models.CharField(
        _("reason"), max_length=13, blank=True, editable=False, help_text=_("Why a decision stands or not")
    )
    decided_at = models.DateTimeField(
        _("decision of"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("The decision that is to be reviewed"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("decided by"),
        help_text=_("Who made that decision, and so does not review it"),
    )

    objects = CaseThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("application", "-id")
        indexes = [
            models.Index(fields=["due_on", "id"], name="case_queue", condition=IS_MOVING),
            models.Index(
                fields=["next_reminder_at"],
                name="case_reminders",
                condition=Q(next_reminder_at__isnull=False),
            ),
        ]
        constraints = [
            CASE.constraint(),
            models.CheckConstraint(condition=Q(topic__in=CaseTopic.values), name="case_topic_known"),
            models.CheckConstraint(
                condition=(IS_CLOSED & Q(closed_at__gte=F("created_at"), closed_at__isnull=False))
                | (~IS_CLOSED & Q(closed_at__isnull=True)),
                name="case_closed_at_iff_closed",
            ),
            models.CheckConstraint(
                condition=(IS_MOVING & Q(due_on__isnull=False)) | (~IS_MOVING & Q(due_on__isnull=True)),
                name="case_due_iff_somebody_must_write",
            ),
            models.CheckConstraint(
                condition=(IS_REVIEW & HAS_DECISION) | (~IS_REVIEW & NO_DECISION),
                name="case_review_names_the_decision",
            ),
            # Nobody reviews their own decision.
            models.CheckConstraint(
                condition=~IS_REVIEW | Q(owner__isnull=True) | ~Q(owner=F("decided_by")),
                name="case_review_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=(IS_CLOSED & IS_REVIEW & (IS_SETTLED_REVIEW | IS_GIVEN_UP))
                | (IS_CLOSED & IS_ACCOMMODATION & (IS_SETTLED_ACCOMMODATION | IS_GIVEN_UP))
                | ((~IS_CLOSED | ~(IS_REVIEW | IS_ACCOMMODATION)) & Q(outcome="", reason_code="")),
                name="case_ends_with_its_outcome",
            ),
            models.UniqueConstraint(
                fields=["application", "decided_at"], condition=IS_REVIEW, name="one_review_a_decision"
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=IS_ACCOMMODATION & ~IS_CLOSED,
                name="one_open_accommodation",
            ),
            models.UniqueConstraint(
                fields=["applicant"],
                condition=HAS_NO_APPLICATION & IS_ACCOMMODATION & ~IS_CLOSED,
                name="one_open_accommodation_before",
            ),
            # Information is asked for, and a decision reviewed, only where somebody applied.
            models.CheckConstraint(
                condition=~HAS_NO_APPLICATION | ~(IS_INFORMATION | IS_REVIEW),
                name="case_before_applying_is_a_question",
            ),
            CompositeForeignKey(
                name="case_application_of_person",
                fields=["application", "applicant"],
                to="applicants.Application",
                to_fields=["id", "applicant"],
            ),
            models.UniqueConstraint(
                fields=["application"], condition=IS_INFORMATION & ~IS_CLOSED, name="one_open_information"
            ),
        ]
        triggers = [CASE.trigger()]

    def __str__(self) -> str:
        return f"{self.about} · {self.get_topic_display()}"

    @property
    def about(self) -> str:
        """The application; whoever has none is not named where lists and mails are read."""
        return str(self.application or _("Before applying"))

    @property
    def title(self) -> str:
        return self.subject or self.get_topic_display()

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < today()


@record("One message of a case.", keep=KEEP, columns={"body": Sensitivity.PERSONAL})
class CaseMessage(Row):
    thread = models.ForeignKey(CaseThread, models.PROTECT, related_name="messages", verbose_name=_("case"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    body = models.TextField(_("text"))

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("case message")
        verbose_name_plural = _("case messages")
        ordering = ("thread", "id")
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="case_message_says_something")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.thread} · {self.pk}"
