"""Who takes which course."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from placements.models import Placement, TrainingCourse, TrainingEnrollment
from techforce.core.errors import NotPermitted
from techforce.core.services import service
from techforce.core.workflow import transition


@service
def enroll(
    *, placement: Placement, course: TrainingCourse, due_on: datetime.date | None = None, by: Any
) -> TrainingEnrollment:
    """Give a person a place in a course."""
    if not by.has_perm("placements.add_trainingenrollment", placement):
        raise NotPermitted(_("Your role does not allow assigning courses."))
    return TrainingEnrollment.objects.create(placement=placement, course=course, due_on=due_on)


@service
def complete_training(
    *, enrollment: TrainingEnrollment, completed_on: datetime.date, by: Any
) -> TrainingEnrollment:
    """Record the day on which the course was completed."""
    completed: TrainingEnrollment = transition(
        enrollment, "complete", by=by, values={"completed_on": completed_on}
    )
    return completed
