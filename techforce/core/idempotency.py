"""A form that arrives twice does its work once."""

import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import models, transaction

from techforce.core.models import IdempotencyKey


@transaction.atomic
def once(*, key: uuid.UUID, purpose: str, work: Callable[[], models.Model], by: Any) -> models.Model | None:
    """Run `work` unless the same user already sent this form, in one transaction with the key.

    Returns the object that the first run made. A second call that comes while the first still runs waits for it
    (unique index), so that both answer with the same receipt. None when that object is gone.
    """
    claimed, is_first = IdempotencyKey.objects.get_or_create(user=by, purpose=purpose, key=key)
    if not is_first:
        return _result(claimed)
    made = work()
    claimed.subject_type, claimed.subject_id = made._meta.label_lower, made.pk
    claimed.save(update_fields=["subject_type", "subject_id"])
    return made


def _result(claimed: IdempotencyKey) -> models.Model | None:

    rows: models.QuerySet[models.Model] = apps.get_model(claimed.subject_type)._base_manager.all()
    return rows.filter(pk=claimed.subject_id).first()
