"""What happens to applications. Importing this package registers guards and invariants."""

from applicants.services import guards, invariants
from applicants.services.applications import (
    choose_disciplines,
    resubmit_application,
    start_application,
    submit_application,
)
from applicants.services.assessment import complete_step, excuse_step, expire_invitations, invite_to_step
from applicants.services.cases import add_case_message, answer_information_request, close_case, open_case
from applicants.services.discarding import discard_draft
from applicants.services.documents import accept_document, add_document, refuse_document
from applicants.services.draft_dates import keep_draft_dates
from applicants.services.drafts import begin_application, save_step, update_contact
from applicants.services.interests import mark_interest, rank_interests, unmark_interest
from applicants.services.interviews import book_interview, offer_interview
from applicants.services.quarantine import scan_document, scan_quarantined
from applicants.services.queue import give_back, save_claim, stand_aside, submit_claim, take_next_application
from applicants.services.ratings import save_rating, submit_rating
from applicants.services.recusals import declare_recusal, end_recusal
from applicants.services.review import (
    ask_for_information,
    decide_application,
    decide_with_results,
    lapse_expired,
    receive_information,
    record_outcome,
    reopen_review,
    start_review,
)
from applicants.services.uploads import receive_resume
from applicants.services.withdrawal import request_withdrawal, undo_withdrawal, withdraw_due

__all__ = [
    "accept_document",
    "add_case_message",
    "add_document",
    "answer_information_request",
    "ask_for_information",
    "begin_application",
    "book_interview",
    "choose_disciplines",
    "close_case",
    "complete_step",
    "decide_application",
    "decide_with_results",
    "declare_recusal",
    "discard_draft",
    "end_recusal",
    "excuse_step",
    "expire_invitations",
    "give_back",
    "guards",
    "invariants",
    "invite_to_step",
    "keep_draft_dates",
    "lapse_expired",
    "mark_interest",
    "offer_interview",
    "open_case",
    "rank_interests",
    "receive_information",
    "receive_resume",
    "record_outcome",
    "refuse_document",
    "reopen_review",
    "request_withdrawal",
    "resubmit_application",
    "save_claim",
    "save_rating",
    "save_step",
    "scan_document",
    "scan_quarantined",
    "stand_aside",
    "start_application",
    "start_review",
    "submit_application",
    "submit_claim",
    "submit_rating",
    "take_next_application",
    "undo_withdrawal",
    "unmark_interest",
    "update_contact",
    "withdraw_due",
]
