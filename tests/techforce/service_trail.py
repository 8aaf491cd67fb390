"""A person who served, with everything that hangs on it, and a word in every column that takes one."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from placements.models import Placement
from techforce.accounts.models import User
from techforce.core.calendar import today
from techforce.core.privacy import records_mark
from tests.factories import applicants, partners, placements
from tests.factories.agencies import OfficeFactory, PublishedOpeningFactory
from tests.factories.core import AuditEventFactory
from tests.factories.program import SensitivityFactory
from tests.techforce.world import Side, build_case, build_certificate

WRITABLE = (models.CharField, models.TextField, models.JSONField, ArrayField)
OUTSIDE = ("core", "account", "mfa", "socialaccount", "usersessions", "admin")


def served(person: User, word: str) -> Placement:
    """Somebody who was lent, served for a year until today, and left; their cohort chooses nobody any more."""
    opening = PublishedOpeningFactory(sensitivity=SensitivityFactory(code="critical"))
    placement = _placement(person, opening)
    _application(placement, word)
    side = _side(placement)
    build_certificate(side)
    build_case(side)
    partners.LeaveFactory(nomination=side.nomination)
    partners.EquityDeclarationFactory(nomination=side.nomination)
    placements.AcceptedFirmOfferFactory(selection=placement.selection)
    AuditEventFactory(subject_type="program.cohort", subject_id=opening.cohort_id, to_state="serving")
    with records_mark("redact"):
        for row in trail_of(person):
            plant(row, word)
    placement.refresh_from_db()
    return placement


def _placement(person: User, opening: Any) -> Placement:
    application = applicants.QualifiedApplicationFactory(
        cohort=opening.cohort, applicant__user=person, status="placed"
    )
    nomination = partners.ConfirmedNominationFactory(
        cohort=opening.cohort,
        nominee=person,
        status="closed",
        closed_at=timezone.now(),
        application=application,
    )
    return placements.EndedPlacementFactory(
        selection=placements.SelectionFactory(opening=opening, application=application, status="accepted"),
        kind="leave_of_absence",
        nomination=nomination,
        starts_on=today() - datetime.timedelta(days=366),
        ended_on=today() - datetime.timedelta(days=1),
    )


def _application(placement: Placement, word: str) -> None:
    application = placement.selection.application
    applicants.SnapshotFactory(application=application)
    document = applicants.CleanDocumentFactory(application=application)
    default_storage.save(document.stored_name, ContentFile(word.encode()))
    applicants.DocumentTextFactory(document=document)
    applicants.InterviewFactory(assessment_step__application=application)
    applicants.RatingFactory(application=application, submitted_at=timezone.now())
    applicants.CaseMessageFactory(thread__application=application)


def _side(placement: Placement) -> Side:
    office = placement.opening.office
    return Side(
        person=placement.applicant.user,
        agency=office.agency,
        office=office,
        other_office=OfficeFactory(agency=office.agency),
        opening=placement.opening,
        partner=placement.nomination.partner,
        nomination=placement.nomination,
        selection=placement.selection,
        placement=placement,
        reader=placement.applicant.user,
    )


def trail_of(person: User) -> Iterator[Any]:
    """Every row that points to the person, to what points to them, and so on."""
    seen: set[tuple[str, int]] = set()
    waiting: list[Any] = [person]
    while waiting:
        row = waiting.pop()
        if (row._meta.label, row.pk) not in seen:
            seen.add((row._meta.label, row.pk))
            yield row
            waiting += pointing_to(row)


def pointing_to(row: Any) -> Iterator[Any]:
    relations: list[Any] = [each for each in row._meta.get_fields(include_hidden=True) if not each.concrete]
    for relation in relations:
        model = relation.related_model
        is_ours = model._meta.app_label not in OUTSIDE and not model.__name__.endswith("History")
        if hasattr(relation, "on_delete") and is_ours and not model._meta.proxy:
            yield from model._base_manager.filter(**{relation.field.name: row.pk}).order_by("pk")


def plant(row: Any, word: str) -> None:
    """In each column that takes a free word."""
    for column in row._meta.local_concrete_fields:
        is_free = isinstance(column, WRITABLE) and not column.choices and not column.generated
        if is_free and column.name not in ("language", "time_zone", "password", "code"):
            _write(row, column.name, _value(column, word))


def _value(column: Any, word: str) -> Any:
    if isinstance(column, models.EmailField):
        return f"{word}@mail.example"
    if isinstance(column, ArrayField):
        return [word[: column.base_field.max_length]]
    return {word: word} if isinstance(column, models.JSONField) else word


def _write(row: Any, column: str, value: Any) -> None:
    try:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**{column: value})
    except DatabaseError:
        return
