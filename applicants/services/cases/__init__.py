"""What people ask the program office and it asks them: questions, information, accommodation, review of a decision."""

from applicants.services.cases import handover
from applicants.services.cases.accommodation import settle_accommodation
from applicants.services.cases.information import (
    answer_information_request,
    ask_for_information,
    receive_information,
)
from applicants.services.cases.reviews import ask_for_review, review_open_until, settle_review, why_no_review
from applicants.services.cases.threads import (
    answer_case,
    assign_case,
    close_case,
    open_case,
    reopen_case,
    write_to_case,
    write_to_person,
)

__all__ = [
    "answer_case",
    "answer_information_request",
    "ask_for_information",
    "ask_for_review",
    "assign_case",
    "close_case",
    "handover",
    "open_case",
    "receive_information",
    "reopen_case",
    "review_open_until",
    "settle_accommodation",
    "settle_review",
    "why_no_review",
    "write_to_case",
    "write_to_person",
]
