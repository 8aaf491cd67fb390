"""Questions and answers between a person and the program office, kept with the application."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applicants.models.application import KEEP, Application
from applicants.querysets import CaseMessageQuerySet, OfApplicationQuerySet
from techforce.core.fences import append_only
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned


class CaseTopic(models.TextChoices):
    QUESTION = "question", _("Question")
    ACCOMMODATION = "accommodation", _("Accommodation")
    REVIEW_REQUEST = "review_request", _("Request for review of a decision")
    TECHNICAL = "technical", _("Technical problem")
    RECORDS = "records", _("Access to records")


@track("application", "topic", "opened_by", "closed_at")
@record("A conversation about an application.", keep=KEEP)
class CaseThread(Row, Versioned):
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="case_threads", verbose_name=_("application")
    )
    topic = models.CharField(_("topic"), max_length=14, choices=CaseTopic, default=CaseTopic.QUESTION)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("opened by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = OfApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ("application", "-id")
        indexes = [models.Index(fields=["id"], name="case_open", condition=Q(closed_at__isnull=True))]
        constraints = [
            models.CheckConstraint(condition=Q(topic__in=CaseTopic.values), name="case_topic_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("created_at")),
                name="case_closed_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.get_topic_display()}"


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
