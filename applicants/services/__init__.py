"""What happens to applications. Importing this package registers guards and invariants."""

from applicants.services import guards, invariants
from applicants.services.applications import (
    start_application,
    submit_application,
)
from applicants.services.assessment import complete_step, excuse_step, expire_invitations, invite_to_step
from applicants.services.cases import (
    Decision,
    Elsewhere,
    answer_case,
    answer_information_request,
    ask_for_information,
    ask_for_review,
    assign_case,
    close_case,
    decided_elsewhere,
    decision_to_review,
    decisions_of,
    open_case,
    receive_information,
    register_decisions,
    reopen_case,
    request_about,
    review_open_until,
    settle_accommodation,
    settle_review,
    why_no_review,
    write_to_case,
    write_to_person,
)
from applicants.services.discarding import discard_draft
from applicants.services.documents import (
    accept_document,
    add_document,
    note_results,
    read_document,
    refuse_document,
)
from applicants.services.draft_dates import keep_draft_dates
from applicants.services.drafts import begin_application, save_step, update_contact
from applicants.services.extensions import (
    drafts_of,
    extend_deadline,
    extend_for_one,
    tell_new_deadlines,
)
from applicants.services.interests import mark_interest, rank_interests, unmark_interest
from applicants.services.interviews import (
    book_interview,
    cancel_interview,
    cancel_interviews,
    move_interview,
    offer_interview,
    record_interview_outcome,
    schedule_interview,
)
from applicants.services.making import made_resume, make_resume
from applicants.services.quarantine import scan_document, scan_quarantined
from applicants.services.queue import give_back, save_claim, stand_aside, submit_claim, take_next_application
from applicants.services.ratings import save_rating, submit_rating
from applicants.services.recusals import declare_recusal, end_recusal
from applicants.services.review import (
    decide_application,
    decide_with_results,
    lapse_expired,
    record_outcome,
    reopen_review,
    start_review,
)
from applicants.services.uploads import receive_resume
from applicants.services.withdrawal import request_withdrawal, undo_withdrawal, withdraw_due

__all__ = [
    "Decision",
    "Elsewhere",
    "accept_document",
    "add_document",
    "answer_case",
    "answer_information_request",
    "ask_for_information",
    "ask_for_review",
    "assign_case",
    "begin_application",
    "book_interview",
    "cancel_interview",
    "cancel_interviews",
    "close_case",
    "complete_step",
    "decide_application",
    "decide_with_results",
    "decided_elsewhere",
    "decision_to_review",
    "decisions_of",
    "declare_recusal",
    "discard_draft",
    "drafts_of",
    "end_recusal",
    "excuse_step",
    "expire_invitations",
    "extend_deadline",
    "extend_for_one",
    "give_back",
    "guards",
    "invariants",
    "invite_to_step",
    "keep_draft_dates",
    "lapse_expired",
    "made_resume",
    "make_resume",
    "mark_interest",
    "move_interview",
    "note_results",
    "offer_interview",
    "open_case",
    "rank_interests",
    "read_document",
    "receive_information",
    "receive_resume",
    "record_interview_outcome",
    "record_outcome",
    "refuse_document",
    "register_decisions",
    "reopen_case",
    "reopen_review",
    "request_about",
    "request_withdrawal",
    "review_open_until",
    "save_claim",
    "save_rating",
    "save_step",
    "scan_document",
    "scan_quarantined",
    "schedule_interview",
    "settle_accommodation",
    "settle_review",
    "stand_aside",
    "start_application",
    "start_review",
    "submit_application",
    "submit_claim",
    "submit_rating",
    "take_next_application",
    "tell_new_deadlines",
    "undo_withdrawal",
    "unmark_interest",
    "update_contact",
    "why_no_review",
    "withdraw_due",
    "write_to_case",
    "write_to_person",
]
