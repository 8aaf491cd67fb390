"""What people ask the program office and it asks them: questions, information, accommodation, review of a decision."""

from applicants.services.cases import handover
from applicants.services.cases.accommodation import settle_accommodation
from applicants.services.cases.asking import open_case
from applicants.services.cases.decisions import (
    Decision,
    Elsewhere,
    decided_elsewhere,
    decisions_of,
    register_decisions,
)
from applicants.services.cases.information import (
    answer_information_request,
    ask_for_information,
    receive_information,
)
from applicants.services.cases.reviews import (
    ask_for_review,
    decision_to_review,
    request_about,
    review_open_until,
    settle_review,
    why_no_review,
)
from applicants.services.cases.threads import (
    answer_case,
    assign_case,
    close_case,
    reopen_case,
    write_to_case,
    write_to_person,
)

__all__ = [
    "Decision",
    "Elsewhere",
    "answer_case",
    "answer_information_request",
    "ask_for_information",
    "ask_for_review",
    "assign_case",
    "close_case",
    "decided_elsewhere",
    "decision_to_review",
    "decisions_of",
    "handover",
    "open_case",
    "receive_information",
    "register_decisions",
    "reopen_case",
    "request_about",
    "review_open_until",
    "settle_accommodation",
    "settle_review",
    "why_no_review",
    "write_to_case",
    "write_to_person",
]
