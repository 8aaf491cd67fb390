"""What happens to applications. Importing this package registers guards and invariants."""

from applicants.services import guards, invariants
from applicants.services.applications import (
    choose_disciplines,
    resubmit_application,
    start_application,
    submit_application,
)
from applicants.services.assessment import complete_step, excuse_step, expire_invitations, invite_to_step
from applicants.services.cases import add_case_message, close_case, open_case
from applicants.services.documents import accept_document, add_document, refuse_document
from applicants.services.interests import mark_interest, rank_interests, unmark_interest
from applicants.services.interviews import book_interview, offer_interview
from applicants.services.ratings import save_rating, submit_rating
from applicants.services.recusals import declare_recusal, end_recusal
from applicants.services.review import (
    ask_for_information,
    decide_application,
    lapse_expired,
    receive_information,
    record_outcome,
    reopen_review,
    start_review,
)
from applicants.services.withdrawal import request_withdrawal, undo_withdrawal, withdraw_due

__all__ = [
    "accept_document",
    "add_case_message",
    "add_document",
    "ask_for_information",
    "book_interview",
    "choose_disciplines",
    "close_case",
    "complete_step",
    "decide_application",
    "declare_recusal",
    "end_recusal",
    "excuse_step",
    "expire_invitations",
    "guards",
    "invariants",
    "invite_to_step",
    "lapse_expired",
    "mark_interest",
    "offer_interview",
    "open_case",
    "rank_interests",
    "receive_information",
    "record_outcome",
    "refuse_document",
    "reopen_review",
    "request_withdrawal",
    "resubmit_application",
    "save_rating",
    "start_application",
    "start_review",
    "submit_application",
    "submit_rating",
    "undo_withdrawal",
    "unmark_interest",
    "withdraw_due",
]
