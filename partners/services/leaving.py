"""Who closes their account takes part no more, so the company's nomination ends."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from partners.models import Nomination
from techforce.accounts.models import User
from techforce.accounts.registry import Departure, register_departure
from techforce.core.workflow import transition_many


def _running(user: Any) -> QuerySet[Nomination]:
    return Nomination.objects.filter(nominee=user, status__in=["confirmed", "active"])


def consequences(user: Any) -> Iterator[str]:
    for nomination in _running(user).select_related("partner__company").order_by("pk"):
        yield _("Your nomination by %(company)s ends. The company sees that it is closed, not why.") % {
            "company": nomination.partner.company.name
        }


def leave(user: Any, by: Any) -> None:
    transition_many(_running(user), "close", by=User.objects.system(), reason_code="withdrew")


register_departure(Departure(name="partners", consequences=consequences, leave=leave))
