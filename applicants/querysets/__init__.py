"""Who sees which rows of an application: the person, and OPM by role. An agency reaches a person only through
`placements.Referral`, so nothing here looks at agencies.
"""

from applicants.querysets.applications import (
    CONSIDERS,
    ApplicantQuerySet,
    ApplicationQuerySet,
    DeadlineExtensionQuerySet,
    InterviewQuerySet,
    OfApplicationQuerySet,
    OfStepQuerySet,
    OwnChoiceQuerySet,
    RecusalQuerySet,
)
from applicants.querysets.cases import (
    CASE_BARRED,
    CASE_READERS,
    CASE_WORKERS,
    CLOSED_IS_NEWS,
    CaseMessageQuerySet,
    CaseThreadQuerySet,
    case_topics,
    cases_seen_by,
)
from applicants.querysets.documents import (
    SEARCHING_ROLES,
    DocumentQuerySet,
    DocumentTextQuerySet,
    may_search_texts,
)
from applicants.querysets.ratings import (
    CLAIM_LASTS,
    FAR_APART,
    RATINGS,
    RATINGS_WITH_TIE_BREAK,
    RatingQuerySet,
)
from applicants.querysets.reach import (
    READING_ROLES,
    REVIEW_QUEUE,
    Ties,
    has_rated_with_another,
    recusals_of,
    recused_applicants,
    register_ties,
    seen_by,
    staff_part,
    stands_aside,
)

__all__ = [
    "CASE_BARRED",
    "CASE_READERS",
    "CASE_WORKERS",
    "CLAIM_LASTS",
    "CLOSED_IS_NEWS",
    "CONSIDERS",
    "FAR_APART",
    "RATINGS",
    "RATINGS_WITH_TIE_BREAK",
    "READING_ROLES",
    "REVIEW_QUEUE",
    "SEARCHING_ROLES",
    "ApplicantQuerySet",
    "ApplicationQuerySet",
    "CaseMessageQuerySet",
    "CaseThreadQuerySet",
    "DeadlineExtensionQuerySet",
    "DocumentQuerySet",
    "DocumentTextQuerySet",
    "InterviewQuerySet",
    "OfApplicationQuerySet",
    "OfStepQuerySet",
    "OwnChoiceQuerySet",
    "RatingQuerySet",
    "RecusalQuerySet",
    "Ties",
    "case_topics",
    "cases_seen_by",
    "has_rated_with_another",
    "may_search_texts",
    "recusals_of",
    "recused_applicants",
    "register_ties",
    "seen_by",
    "staff_part",
    "stands_aside",
]
