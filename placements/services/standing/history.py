"""The timeline: what has happened to an application, what happens now, what may come. Pure."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from applicants.models import Application
from applicants.workflow import ApplicationStatus
from placements.models import OfferKind, Placement
from placements.services.standing import words
from placements.services.standing.case import Case

Event = dict[str, Any]
Moment = datetime.datetime | datetime.date | None

OVER = (ApplicationStatus.NOT_QUALIFIED, ApplicationStatus.LAPSED, ApplicationStatus.WITHDRAWN)


def timeline_of(case: Case) -> list[Event]:
    """Events in order; the first that has not happened is where the person stands."""
    application = case.application
    if application is None:
        return []
    reached = _road(case, application)
    done = [{"title": title, "when": when, "state": "done"} for title, when, is_done in reached if is_done]
    if application.status in OVER or application.is_too_late:
        return [*done, *_ending(case, application)]
    ahead: list[Event] = [
        {"title": title, "when": when, "state": "ahead"} for title, when, is_done in reached if not is_done
    ]
    if ahead:
        ahead[0]["state"] = "current"
    return [*done, *ahead]


def _road(case: Case, application: Application) -> list[tuple[str, Moment, bool]]:
    """Title, moment and whether it has happened. A moment ahead is planned."""
    submitted_at, offer = application.submitted_at, case.first_offer
    is_decided = application.status not in ("draft", "submitted", "in_review", "needs_information")
    selected_at = offer.sent_at if offer else None
    return [
        (
            _("Received") if submitted_at else _("Submit before the deadline"),
            submitted_at or application.closes_at,
            submitted_at is not None,
        ),
        (_("Reviewed"), application.decided_at if is_decided else None, is_decided),
        (_("Referred to agencies"), case.referred_at, case.referred_at is not None or offer is not None),
        (_("Selected, with a tentative offer"), selected_at, offer is not None),
        (_("Tentative offer accepted"), *_tentative(case)),
        *_service(case, case.placement),
    ]


def _tentative(case: Case) -> tuple[Moment, bool]:
    """A placement that is going rests on an accepted offer, also where the offer was loaded from elsewhere."""
    accepted = case.accepted(OfferKind.TENTATIVE)
    is_going = case.placement is not None and case.placement.status != "fell_through"
    return (accepted.answered_at if accepted and is_going else None), is_going


def _service(case: Case, placement: Placement | None) -> list[tuple[str, Moment, bool]]:
    firm = case.accepted(OfferKind.FIRM)
    has_started = placement is not None and placement.entry_recorded_at is not None
    events: list[tuple[str, Moment, bool]] = [
        (_("Firm offer accepted"), firm.answered_at if firm else None, firm is not None or has_started)
    ]
    if placement is None or placement.status == "fell_through":
        return [*events, (_("Hired: the first day"), None, False)]
    return [
        *events,
        (_("Hired: the first day"), placement.starts_on, has_started),
        (_("End of the term"), placement.ended_on or placement.ends_on, placement.ended_on is not None),
    ]


def _ending(case: Case, application: Application) -> list[Event]:
    """How the road ended before its end."""
    if application.status == ApplicationStatus.WITHDRAWN:
        return [{"title": _("Withdrawn"), "when": application.withdrawn_at, "state": "current"}]
    if application.is_too_late:
        closed_at = application.closes_at
        return [
            {"title": _("Not submitted: the window closed"), "when": closed_at, "state": "current"},
        ]
    is_not_referred = application.status == ApplicationStatus.NOT_QUALIFIED or not case.referrals
    title = words.NOT_REFERRED if is_not_referred else words.NOT_SELECTED
    return [{"title": title, "when": None, "state": "current"}]
