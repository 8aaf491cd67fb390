"""What an agency is told by mail of its openings."""

from agencies.models import Opening, OpeningRevision
from agencies.permissions import Members
from agencies.workflow import AgencyRole
from techforce.core.mail.outbox import draft, enqueue_many
from techforce.core.models import MessageClass


def tell_agency(key: str, subject: Opening | OpeningRevision, opening: Opening) -> None:
    """One mail to each HR specialist of the opening's office or of the whole agency. The version tells a second
    return of the same opening from the first."""
    members = Members([opening.agency_id], AgencyRole.HR_SPECIALIST)
    enqueue_many(
        draft(
            key,
            message_class=MessageClass.TRANSACTIONAL,
            subject=subject,
            recipient=person,
            dedupe_key=f"{key}:{subject.public_id}:{subject.version}:{person.pk}",
        )
        for person in members.holding(opening, AgencyRole.HR_SPECIALIST)
    )
