"""A person becomes an applicant: with a first application, or a first question."""

from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Applicant
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted


def register_applicant(*, legal_name: str, by: Any) -> Applicant:
    """In the caller's transaction. Who is one already stays as they are."""
    if by.kind != by.Kind.PERSON:
        raise NotPermitted(_("Only a person can apply."))
    applicant: Applicant | None = Applicant.objects.filter(user=by).first()
    if applicant is not None:
        return applicant
    applicant, is_new = Applicant.objects.get_or_create(user=by, defaults={"legal_name": legal_name})
    if is_new:
        record_event("applicants.applicant:register", subject=applicant, by=by)
    applicant.user = by  # so the account knows it at once
    return applicant
