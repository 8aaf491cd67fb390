"""Courses, and who takes them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from placements.models.placement import Placement
from placements.querysets import EnrollmentQuerySet
from placements.workflow import ENROLLMENT, EnrollmentStatus
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Deadline, Row, Versioned
from techforce.core.querysets import PublicQuerySet


@track("is_legal", "is_active")
@record("A course of the program.", keep="GRS 2.6/010, 3 years", sensitivity=Sensitivity.PUBLIC)
class TrainingCourse(Row):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.TextField(_("summary"), blank=True)
    is_legal = models.BooleanField(_("required by law"), default=False)
    law = models.CharField(_("rule"), max_length=120, blank=True)
    is_active = models.BooleanField(_("offered"), default=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("training course")
        verbose_name_plural = _("training courses")
        ordering = ("title",)
        constraints = [
            models.CheckConstraint(
                condition=Q(is_legal=False) | ~Q(law=""), name="legal_course_names_its_rule"
            )
        ]

    def __str__(self) -> str:
        return self.title


@track("status", "course", "placement", "due_on", "completed_on")
@record("A person's place in a course.", keep="GRS 2.6/030, 6 years")
class TrainingEnrollment(Row, Versioned, Deadline):
    course = models.ForeignKey(
        TrainingCourse, models.PROTECT, related_name="enrollments", verbose_name=_("training course")
    )
    placement = models.ForeignKey(
        Placement,
        models.PROTECT,
        related_name="training_enrollments",
        verbose_name=_("placement"),
        db_index=False,
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=EnrollmentStatus,
        default=EnrollmentStatus.ASSIGNED,
        editable=False,
    )
    completed_on = models.DateField(_("completed on"), null=True, blank=True, editable=False)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("training enrollment")
        verbose_name_plural = _("training enrollments")
        ordering = ("-id",)
        constraints = [
            ENROLLMENT.constraint(),
            models.UniqueConstraint(
                fields=["placement", "course"],
                condition=Q(status="assigned"),
                name="one_open_enrollment_a_course",
            ),
            models.CheckConstraint(
                condition=Q(status="completed", completed_on__isnull=False)
                | (~Q(status="completed") & Q(completed_on__isnull=True)),
                name="enrollment_completed_with_day",
            ),
        ]
        triggers = [ENROLLMENT.trigger()]

    def __str__(self) -> str:
        return f"{self.placement}: {self.course}"
