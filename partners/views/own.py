"""What belongs to the company of whoever asks. Loading is authorizing: a stranger finds no such page. And how a
form answers a refusal."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from partners import permissions
from partners.models import Nomination, Partner
from techforce.core.errors import NotPermitted, Refused

REFUSED, OVERTAKEN = 422, 409


def own_partners(user: Any) -> list[Partner]:
    """The companies for which `user` acts; 404 when there is none."""
    keys = _keys(user)
    if not keys:
        raise Http404
    return list(Partner.objects.filter(pk__in=keys).select_related("company").order_by("company__name"))


def own_nominations(user: Any) -> Any:
    return (
        Nomination.objects.visible_to(user)
        .filter(partner__in=_keys(user))
        .select_related("partner__company", "cohort")
    )


def own_nomination(user: Any, public_id: UUID) -> Nomination:
    found: Nomination = get_object_or_404(own_nominations(user), public_id=public_id)
    return found


def succeeds(form: Any, work: Callable[[], Any]) -> bool:
    """Do it if the form is sound; a refusal becomes an error of the form, so that the answers are kept."""
    if not form.is_valid():
        return False
    try:
        work()
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _keys(user: Any) -> set[int]:
    return {membership.partner_id for membership in permissions.live_memberships(user)}
