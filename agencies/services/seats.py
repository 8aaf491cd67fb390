"""Seats are taken and given back inside the transaction that gives or takes the job (I4).

The CHECK on the row is the law: the row lock of the UPDATE puts takers in line, and the one who comes when
none is left gets `Conflict`.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from agencies.models import Opening
from techforce.core.audit import record_event
from techforce.core.errors import Conflict, NotPermitted
from techforce.core.services import service


@service
def take_seat(*, opening: Opening, by: Any) -> None:
    """Fill one seat of `opening`. Raises Conflict when none is open."""
    _move_seats(opening, +1, _("The last seat of this opening has just been taken. Load the page again."))


@service
def release_seat(*, opening: Opening, by: Any) -> None:
    """Give one seat of `opening` back. Raises Conflict when none is filled."""
    _move_seats(opening, -1, _("No seat of this opening is filled."))


def _move_seats(opening: Opening, step: int, sentence: str) -> None:
    try:
        with transaction.atomic():
            Opening.objects.filter(pk=opening.pk).update(seats_filled=F("seats_filled") + step)
    except IntegrityError as error:
        raise Conflict(sentence) from error
    opening.refresh_from_db(fields=["seats", "seats_filled"])


@service
def cut_seats(*, opening: Opening, seats: int, by: Any) -> int:
    """The agency now has only `seats`. Closes open seats down to those filled, and never un-fills one;
    returns by how many the filled seats exceed the cut, for the agency and OPM to settle."""
    if not by.has_perm("agencies.cut_seats", opening):
        raise NotPermitted(_("Your role does not allow changing the seats of this opening."))
    locked: Opening = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if seats < 0 or seats > locked.seats:
        raise Conflict(_("The opening has %(seats)s seats; a cut leaves fewer.") % {"seats": locked.seats})
    remaining = max(seats, locked.seats_filled)
    Opening.objects.filter(pk=locked.pk).update(seats=remaining, version=F("version") + 1)
    detail = {"from": locked.seats, "asked": seats, "to": remaining}
    record_event("agencies.opening:cut_seats", subject=locked, by=by, detail=detail)
    opening.refresh_from_db(fields=["seats", "seats_filled", "version"])
    return remaining - seats
