"""What a person is told about a state: one sentence, a public word, and whose move it is.

Public words only: Received, Reviewed, Referred, Not referred, Selected, Not selected, Hired. Never a score, a rank, or
why vetting or ethics take their time. Each table has an entry for each state of its workflow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.workflow import OpeningStatus
from applicants.workflow import ApplicationStatus, DocumentStatus
from partners.workflow import NominationStatus
from placements.models import OfferKind
from placements.workflow import OfferStatus, PlacementStatus, SelectionStatus


class Move(models.TextChoices):
    YOU = "you", _("It is your move.")
    OPM = "opm", _("It is the program office’s move. There is nothing for you to do.")
    AGENCY = "agency", _("It is the agency’s move. There is nothing for you to do.")
    NOBODY = "nobody", _("There is nothing for you to do.")


@dataclass(frozen=True, slots=True)
class Words:
    """`label` is the public word, `tone` the kind of its tag."""

    label: Any
    tone: str
    move: Move
    sentence: Any


NOT_SUBMITTED, RECEIVED, REVIEWED = _("Not submitted"), _("Received"), _("Reviewed")
REFERRED, NOT_REFERRED = _("Referred"), _("Not referred")
SELECTED, NOT_SELECTED, HIRED = _("Selected"), _("Not selected"), _("Hired")
WITHDRAWN = _("Withdrawn")

APPLICATION: Mapping[str, Words] = {
    ApplicationStatus.DRAFT: Words(
        NOT_SUBMITTED,
        "warning",
        Move.YOU,
        _("Your application is a draft and not submitted. Finish it and submit it before the deadline."),
    ),
    ApplicationStatus.SUBMITTED: Words(
        RECEIVED,
        "active",
        Move.OPM,
        _(
            "We have your application and will review it. Until the review starts or the window closes you may "
            "change it and submit it again."
        ),
    ),
    ApplicationStatus.IN_REVIEW: Words(
        RECEIVED, "active", Move.OPM, _("Your application is in review. We write to you when it is decided.")
    ),
    ApplicationStatus.NEEDS_INFORMATION: Words(
        RECEIVED, "warning", Move.YOU, _("We need information from you before the review can go on.")
    ),
    ApplicationStatus.QUALIFIED: Words(
        REVIEWED, "success", Move.OPM, _("You are qualified. Next, your name is referred to agencies.")
    ),
    ApplicationStatus.NOT_QUALIFIED: Words(
        NOT_REFERRED,
        "neutral",
        Move.NOBODY,
        _("We reviewed your application, and it was not found qualified."),
    ),
    ApplicationStatus.PLACED: Words(
        SELECTED, "success", Move.AGENCY, _("You accepted an offer. The agency prepares your start.")
    ),
    ApplicationStatus.LAPSED: Words(
        NOT_SELECTED,
        "neutral",
        Move.NOBODY,
        _(
            "Your result no longer counts, and no agency hired you while it did. You may apply to a later cohort."
        ),
    ),
    ApplicationStatus.WITHDRAWN: Words(
        WITHDRAWN,
        "neutral",
        Move.NOBODY,
        _("You withdrew this application. You may apply again while a window is open."),
    ),
}
TOO_LATE = Words(
    NOT_SUBMITTED,
    "error",
    Move.NOBODY,
    _(
        "Not submitted: the window closed while this was a draft, so nobody reviews it. You may apply to a later "
        "cohort."
    ),
)
WITHDRAWING = Words(
    WITHDRAWN,
    "warning",
    Move.NOBODY,
    _("You asked to withdraw this application. Until it takes effect you can undo it."),
)
IS_REFERRED = Words(
    REFERRED,
    "active",
    Move.AGENCY,
    _(
        "You are qualified, and your name was referred to agencies. They decide whom to interview and to select."
    ),
)
INTERVIEWING = Words(
    REFERRED,
    "active",
    Move.AGENCY,
    _("An agency considers you and wants to speak with you. It writes to you."),
)

OFFER: Mapping[tuple[str, str], Words] = {
    (OfferKind.TENTATIVE, OfferStatus.DRAFT): Words(
        REFERRED, "active", Move.AGENCY, _("An agency prepares an offer.")
    ),
    (OfferKind.TENTATIVE, OfferStatus.SENT): Words(
        SELECTED,
        "warning",
        Move.YOU,
        _("You were selected and have a tentative offer to answer. Do not resign until the firm offer."),
    ),
    (OfferKind.TENTATIVE, OfferStatus.ACCEPTED): Words(
        SELECTED,
        "success",
        Move.AGENCY,
        _("You accepted this tentative offer. The checks come next. Do not resign until the firm offer."),
    ),
    (OfferKind.TENTATIVE, OfferStatus.DECLINED): Words(
        SELECTED, "neutral", Move.NOBODY, _("You declined this tentative offer.")
    ),
    (OfferKind.TENTATIVE, OfferStatus.EXPIRED): Words(
        SELECTED,
        "neutral",
        Move.NOBODY,
        _(
            "The time to answer this tentative offer is over. Write to the agency if you still want the position."
        ),
    ),
    (OfferKind.TENTATIVE, OfferStatus.WITHDRAWN): Words(
        SELECTED, "neutral", Move.NOBODY, _("The agency took this tentative offer back.")
    ),
    (OfferKind.FIRM, OfferStatus.DRAFT): Words(
        SELECTED, "active", Move.AGENCY, _("The agency prepares your firm offer.")
    ),
    (OfferKind.FIRM, OfferStatus.SENT): Words(
        SELECTED,
        "warning",
        Move.YOU,
        _("You have a firm offer to answer. Once you accept it, you can give notice at your present job."),
    ),
    (OfferKind.FIRM, OfferStatus.ACCEPTED): Words(
        SELECTED, "success", Move.AGENCY, _("You accepted the firm offer. Your first day is agreed.")
    ),
    (OfferKind.FIRM, OfferStatus.DECLINED): Words(
        SELECTED, "neutral", Move.NOBODY, _("You declined this firm offer, which ended the placement.")
    ),
    (OfferKind.FIRM, OfferStatus.EXPIRED): Words(
        SELECTED,
        "neutral",
        Move.NOBODY,
        _("The time to answer this firm offer is over. Write to the agency if you still want the position."),
    ),
    (OfferKind.FIRM, OfferStatus.WITHDRAWN): Words(
        SELECTED, "neutral", Move.NOBODY, _("The agency took this firm offer back.")
    ),
}
CLOCK_PAUSED = Words(
    SELECTED,
    "active",
    Move.AGENCY,
    _("You asked about your offer. The time for your answer stands still until the agency has answered."),
)
OVERDUE = Words(
    SELECTED,
    "error",
    Move.YOU,
    _("The time to answer your offer is over. Write to the agency if you still want the position."),
)
OFFER_STATES: Mapping[str, Any] = {
    OfferStatus.DRAFT: _("Being prepared"),
    OfferStatus.SENT: _("Waiting for your answer"),
    OfferStatus.ACCEPTED: _("Accepted"),
    OfferStatus.DECLINED: _("Declined"),
    OfferStatus.EXPIRED: _("Not answered in time"),
    OfferStatus.WITHDRAWN: _("Taken back by the agency"),
}

PLACEMENT: Mapping[str, Words] = {
    PlacementStatus.PENDING_CHECKS: Words(
        SELECTED,
        "active",
        Move.AGENCY,
        _(
            "You accepted the tentative offer, and the checks before your start are under way. Do not resign yet."
        ),
    ),
    PlacementStatus.READY: Words(
        SELECTED,
        "success",
        Move.AGENCY,
        _("Everything before your start is complete. Your first day is planned."),
    ),
    PlacementStatus.ACTIVE: Words(
        HIRED, "success", Move.NOBODY, _("You are serving. Thank you for your service.")
    ),
    PlacementStatus.SUSPENDED: Words(
        HIRED, "warning", Move.AGENCY, _("Your service is paused. Your agency tells you when it goes on.")
    ),
    PlacementStatus.COMPLETED: Words(
        HIRED, "success", Move.NOBODY, _("You completed your term. Thank you for your service.")
    ),
    PlacementStatus.CLOSED: Words(
        HIRED, "neutral", Move.NOBODY, _("Your service has ended, and its record is closed.")
    ),
    PlacementStatus.CURTAILED: Words(
        HIRED, "neutral", Move.NOBODY, _("Your service has ended before the end of the term.")
    ),
    PlacementStatus.FELL_THROUGH: Words(
        SELECTED, "neutral", Move.NOBODY, _("This placement came to nothing before it began.")
    ),
    PlacementStatus.TRANSFERRED: Words(
        HIRED, "neutral", Move.NOBODY, _("You moved on to another position of the program.")
    ),
}
STEPS_FOR_YOU = _(
    "You accepted the tentative offer. Some steps before your start are yours. Do not resign yet."
)
FIRM_ACCEPTED = _("You accepted the firm offer. The last steps before your first day are under way.")
FIRM_ACCEPTED_STEPS_FOR_YOU = _(
    "You accepted the firm offer. Some last steps before your first day are yours."
)

SELECTION: Mapping[str, Any] = {
    SelectionStatus.PROPOSED: REFERRED,
    SelectionStatus.SHORTLISTED: REFERRED,
    SelectionStatus.INTERVIEWING: REFERRED,
    # Told with the offer, not before: until then it may still change.
    SelectionStatus.SELECTED: REFERRED,
    SelectionStatus.OFFERED: SELECTED,
    SelectionStatus.ACCEPTED: SELECTED,
    SelectionStatus.HELD: REFERRED,
    SelectionStatus.NOT_SELECTED: NOT_SELECTED,
    SelectionStatus.DECLINED: _("You declined"),
    SelectionStatus.FILLED_ELSEWHERE: _("You took another position"),
    # Nothing of a conflict is told here; the agency records an outcome for the name in the end.
    SelectionStatus.CONFLICT_BLOCKED: REFERRED,
}
OPENING: Mapping[str, Any] = {
    OpeningStatus.DRAFT: _("Not published"),
    OpeningStatus.SUBMITTED: _("Not published"),
    OpeningStatus.PUBLISHED: _("Open"),
    OpeningStatus.PAUSED: _("Paused"),
    OpeningStatus.CLOSED: _("Closed"),
    OpeningStatus.ARCHIVED: _("Closed"),
    OpeningStatus.CANCELLED: _("Cancelled by the agency"),
}
DOCUMENT: Mapping[str, Any] = {
    DocumentStatus.QUARANTINED: _("Being checked"),
    DocumentStatus.CLEAN: _("Checked"),
    DocumentStatus.REFUSED: _("Refused. Send another file"),
    DocumentStatus.REPLACED: _("Replaced by a newer one"),
}
NOMINATION: Mapping[str, Any] = {
    NominationStatus.DRAFT: _("Your company prepares your nomination."),
    NominationStatus.INVITED: _("Your company nominated you. Confirm it with the link in your mail."),
    NominationStatus.CONFIRMED: _("You confirmed your nomination. It counts with your application."),
    NominationStatus.ACTIVE: _("Your nomination goes along with your application."),
    NominationStatus.CLOSED: _("Your nomination is closed."),
    NominationStatus.DECLINED: _("You declined the nomination."),
    NominationStatus.EXPIRED: _("Nobody answered the nomination in time."),
    NominationStatus.REVOKED: _(
        "Your company took the nomination back. Your own application goes on without it."
    ),
}
