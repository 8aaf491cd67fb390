"""What people are told by mail when a nomination moves. The words are in partners/notifications.py."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partners.models import LoanTerms, Nomination, PartnerMembership
from techforce.accounts.sealing import seal
from techforce.core.mail.outbox import draft, enqueue, enqueue_many
from techforce.core.models import MessageClass


def send_invitation(nomination: Nomination, token: str) -> None:
    """To the address that the company gave. The token waits sealed, because staff read the outbox."""
    enqueue(
        "nomination_invitation",
        message_class=MessageClass.TRANSACTIONAL,
        subject=nomination,
        address=nomination.invited_email,
        context={"sealed_token": seal(token)},
        dedupe_key=f"nomination-invitation:{nomination.token_digest}",
    )


def tell_company(key: str, nominations: Iterable[Nomination]) -> None:
    """To whoever nominated; to all who act for the company when it was somebody else, or somebody who left."""
    rows = list(nominations)
    people = _people_of({row.partner_id for row in rows})
    enqueue_many(
        draft(
            key,
            message_class=MessageClass.TRANSACTIONAL,
            subject=row,
            recipient=person,
            dedupe_key=f"{key}:{row.public_id}:{person.pk}",
        )
        for row in rows
        for person in _told(row, people.get(row.partner_id, []))
    )


def tell_nominee(terms: LoanTerms, by: Any) -> None:
    """The terms concern the person first of all; what they filed themselves they know."""
    nominee = terms.nomination.nominee
    if nominee is not None and nominee.pk != by.pk:
        enqueue(
            "terms_recorded",
            message_class=MessageClass.TRANSACTIONAL,
            subject=terms,
            recipient=nominee,
            dedupe_key=f"terms-recorded:{terms.public_id}",
        )


def tell_revoked(nomination: Nomination) -> None:
    """Whoever had confirmed; an invitation that nobody answered just stops working. Why, the mail does not say."""
    if nomination.nominee is not None:
        enqueue(
            "nomination_revoked",
            message_class=MessageClass.TRANSACTIONAL,
            subject=nomination,
            recipient=nomination.nominee,
            dedupe_key=f"nomination-revoked:{nomination.public_id}",
        )


def _told(nomination: Nomination, people: Sequence[Any]) -> list[Any]:
    return [person for person in people if person.pk == nomination.nominated_by_id] or list(people)


def _people_of(partners: Iterable[int]) -> Mapping[int, list[Any]]:
    """Who acts for each of the companies today, each person once."""
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    live = PartnerMembership.objects.live().filter(partner__in=list(partners), user__is_active=True)
    for membership in live.select_related("user").order_by("pk"):
        found[membership.partner_id][membership.user_id or 0] = membership.user
    return {partner: list(people.values()) for partner, people in found.items()}
