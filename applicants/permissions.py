"""Who may do what with an application: the person, and OPM by role. No agency, no partner: they come
later."""

from typing import Any

import rules

from agencies.permissions import has_agency_role
from applicants.models import Applicant, Application, Rating
from applicants.querysets import (
    CASE_READERS,
    CASE_WORKERS,
    CONSIDERS,
    FILE_READERS,
    READING_ROLES,
    REVIEW_QUEUE,
    case_topics,
    may_search_texts,
    recused_applicants,
)
from applicants.workflow import PLAIN_TOPICS, ApplicationStatus, CaseTopic
from techforce.accounts.permissions import (
    has_opm_role,
    is_administrator,
    is_auditor,
    is_case_manager,
    is_hr_decider,
    is_opm,
    is_program_manager,
    is_reviewer,
)
from techforce.core.permissions import is_system


def recused_from(user: Any) -> frozenset[int]:
    """Keys of the applicants from whom `user` stands aside, for themselves or for their company, remembered for as
    long as this user object lives."""
    if not user.is_authenticated:
        return frozenset()
    if "recused_from" not in user.__dict__:
        first, *others = (applicants.values_list("pk", flat=True) for applicants in recused_applicants(user))
        # An attribute of the lazy `request.user` would be set on the user behind it, and not be found here.
        user.__dict__["recused_from"] = frozenset(first.union(*others))
    found: frozenset[int] = user.__dict__["recused_from"]
    return found


def own_applicant_id(user: Any) -> int | None:
    """Key of the applicant that `user` is; Django remembers it, so a bulk decision asks once, not once a row."""
    return getattr(getattr(user, "applicant", None), "pk", None)


def application_of(obj: Any) -> Application:
    """The application to which a row belongs."""
    for name in ("application", "step", "thread", "document"):
        if hasattr(obj, f"{name}_id"):
            return application_of(getattr(obj, name))
    return obj


def applicant_id_of(obj: Any) -> int:
    """Key of the applicant to whom a row belongs; a case may have no application."""
    if isinstance(obj, Applicant):
        return int(obj.pk)
    row = _case_of(obj)
    return int(getattr(row, "applicant_id", None) or application_of(row).applicant_id)


@rules.predicate
def is_own_application(user: Any, obj: Any) -> bool:
    own = own_applicant_id(user)
    return obj is not None and own is not None and applicant_id_of(obj) == own


@rules.predicate
def is_own_draft(user: Any, obj: Any) -> bool:
    return is_own_application(user, obj) and application_of(obj).status == ApplicationStatus.DRAFT


@rules.predicate
def may_decide_about(user: Any, obj: Any) -> bool:
    """I16: not about oneself, nor about someone from whom one is recused. Without a row, nobody is meant
    yet."""
    if obj is None:
        return True
    person = applicant_id_of(obj)
    return person != own_applicant_id(user) and person not in recused_from(user)


@rules.predicate
def reaches_application(user: Any, obj: Any) -> bool:
    """Holds an OPM role that reads this application: a reviewer only in the queue and once the ratings are in, nobody a
    draft."""
    roles: frozenset[str] = getattr(user, "opm_roles", frozenset())
    if obj is None:
        return bool(roles & READING_ROLES) or is_reviewer(user)
    return _reads(user, roles, application_of(obj)) and _is_unrecused(user, obj)


def _reads(user: Any, roles: frozenset[str], application: Application) -> bool:
    if roles & READING_ROLES:
        return application.status != ApplicationStatus.DRAFT
    is_in_queue = application.status in REVIEW_QUEUE
    return "reviewer" in roles and is_in_queue and _has_rated_with_another(user, application)


def _has_rated_with_another(user: Any, application: Application) -> bool:
    submitted = Rating.objects.submitted().filter(application=application)
    raters = set(submitted.order_by("pk").values_list("rater", flat=True))
    return user.pk in raters and len(raters) > 1


def _is_unrecused(user: Any, obj: Any) -> bool:
    return applicant_id_of(obj) not in recused_from(user)


@rules.predicate
def is_own_profile(user: Any, obj: Any) -> bool:
    return obj is not None and user.is_authenticated and obj.user_id == user.pk


@rules.predicate
def reaches_applicant(user: Any, obj: Any) -> bool:
    """Reads at least one application of this person."""
    roles: frozenset[str] = getattr(user, "opm_roles", frozenset())
    if obj is None:
        return bool(roles & READING_ROLES) or is_reviewer(user)
    if obj.pk in recused_from(user) or not roles:
        return False
    return any(_reads(user, roles, application) for application in obj.applications.all())


@rules.predicate
def is_own_rating(user: Any, obj: Any) -> bool:
    return obj is not None and obj.rater_id == user.pk


@rules.predicate
def is_submitted(user: Any, obj: Any) -> bool:
    return obj is None or obj.submitted_at is not None


@rules.predicate
def has_rated_the_same(user: Any, obj: Any) -> bool:
    """One's own rating of the same thing is in, so the others' may be read."""
    if obj is None:
        return False
    mine = Rating.objects.submitted().filter(rater=user, application=obj.application_id)
    return mine.filter(assessment_step=obj.assessment_step_id).exists()


def _case_of(obj: Any) -> Any:
    """The case itself, or that of a message."""
    return obj.thread if hasattr(obj, "thread_id") else obj


def _topics_allow(user: Any, obj: Any, by_topic: Any) -> bool:
    topics = case_topics(getattr(user, "opm_roles", frozenset()), by_topic)
    return bool(topics) if obj is None else _case_of(obj).topic in topics


@rules.predicate
def reads_case(user: Any, obj: Any) -> bool:
    """By topic; never of somebody from whom one stands aside."""
    return _topics_allow(user, obj, CASE_READERS) and (obj is None or _is_unrecused(user, obj))


@rules.predicate
def works_case(user: Any, obj: Any) -> bool:
    return _topics_allow(user, obj, CASE_WORKERS) and bool(may_decide_about(user, obj))


@rules.predicate
def is_plain_case(user: Any, obj: Any) -> bool:
    return obj is None or obj.topic in PLAIN_TOPICS


@rules.predicate
def is_accommodation(user: Any, obj: Any) -> bool:
    return obj is None or obj.topic == CaseTopic.ACCOMMODATION


@rules.predicate
def is_review(user: Any, obj: Any) -> bool:
    return obj is None or obj.topic == CaseTopic.REVIEW_REQUEST


@rules.predicate
def is_information(user: Any, obj: Any) -> bool:
    return obj is None or obj.topic == CaseTopic.INFORMATION


@rules.predicate
def is_of_an_opening(user: Any, obj: Any) -> bool:
    return obj is None or obj.opening_id is not None


@rules.predicate
def is_about_oneself(user: Any, obj: Any) -> bool:
    """The row is about the user, or about somebody whose duties they carry."""
    return obj is not None and application_of(obj).applicant.user_id in user.stands_for


considers_for_the_opening = is_of_an_opening & has_agency_role(*CONSIDERS) & ~is_about_oneself


@rules.predicate
def searches_texts(user: Any, obj: Any) -> bool:
    """By role; no rater does, whatever else they are: rating is blind."""
    return may_search_texts(user)


@rules.predicate
def is_lent(user: Any, obj: Any) -> bool:
    """A later app lets the user read this file."""
    return obj is not None and any(check(user, obj) for _condition, check in FILE_READERS)


rates = is_reviewer | is_hr_decider
cares = (is_case_manager | is_program_manager) & ~is_reviewer
reads_ratings_at_once = is_hr_decider | is_auditor
decides = is_hr_decider & may_decide_about
sees = is_system | is_own_application | reaches_application

rules.add_perm("applicants.view_applicant", is_system | is_own_profile | reaches_applicant)
rules.add_perm("applicants.change_applicant", is_own_profile)
rules.add_perm("applicants.add_applicant", is_own_profile)

for model in (
    "application",
    "applicationdiscipline",
    "openinginterest",
    "snapshot",
    "disciplineoutcome",
    "assessmentstep",
    "assessmentinvitation",
):
    rules.add_perm(f"applicants.view_{model}", sees)
rules.add_perm("applicants.view_document", sees | is_lent)
rules.add_perm("applicants.view_interview", sees | considers_for_the_opening)
rules.add_perm("applicants.view_deadlineextension", is_system | is_own_application | is_opm)
rules.add_perm(
    "applicants.view_documenttext",
    is_system | (searches_texts & reaches_application & ~is_own_application),
)
rules.add_perm("applicants.view_assessmentplan", is_opm)
rules.add_perm("applicants.view_assessmentstage", is_opm)
for verb in ("add", "change"):
    rules.add_perm(f"applicants.{verb}_assessmentplan", is_program_manager | is_administrator)
    rules.add_perm(f"applicants.{verb}_assessmentstage", is_program_manager | is_administrator)

# The person's own acts.
rules.add_perm("applicants.change_application", is_own_draft)
rules.add_perm("applicants.submit_application", is_own_application)
rules.add_perm("applicants.answer_application", is_own_application | (cares & may_decide_about))
rules.add_perm("applicants.ask_withdrawal", is_own_application)
rules.add_perm("applicants.withdraw_application", is_system)

# OPM's acts.
rules.add_perm("applicants.review_application", rates & may_decide_about)
rules.add_perm("applicants.decide_application", decides)
rules.add_perm("applicants.reopen_application", (is_hr_decider | is_program_manager) & may_decide_about)
rules.add_perm("applicants.add_disciplineoutcome", decides)
rules.add_perm("applicants.change_disciplineoutcome", decides)
rules.add_perm("applicants.place_application", is_system | is_program_manager)
rules.add_perm("applicants.lapse_application", is_system | is_program_manager)
rules.add_perm("applicants.scan_document", is_system)
rules.add_perm("applicants.replace_document", is_system)
rules.add_perm(
    "applicants.run_assessment", is_system | (has_opm_role("hr_decider", "case_manager") & may_decide_about)
)
rules.add_perm("applicants.excuse_step", decides)
rules.add_perm(
    "applicants.book_interview",
    is_system | is_own_application | (rates & may_decide_about) | is_case_manager | considers_for_the_opening,
)
rules.add_perm("applicants.run_interview", (rates & may_decide_about) | considers_for_the_opening)
rules.add_perm("applicants.extend_deadline", is_program_manager | is_administrator)
rules.add_perm("applicants.add_rating", rates & may_decide_about)
rules.add_perm("applicants.take_application", is_reviewer & may_decide_about)
rules.add_perm("applicants.change_rating", is_own_rating)
rules.add_perm(
    "applicants.view_rating",
    is_system
    | (~is_own_application & is_own_rating)
    | (
        ~is_own_application
        & is_submitted
        & reaches_application
        & (reads_ratings_at_once | has_rated_the_same)
    ),
)
rules.add_perm(
    "applicants.view_recusal",
    is_system | has_opm_role("hr_decider", "administrator", "auditor") | is_own_profile,
)
rules.add_perm("applicants.add_recusal", is_opm | is_system)
rules.add_perm("applicants.end_recusal", is_hr_decider)

# What people write to the program office.
for model in ("casethread", "casemessage"):
    rules.add_perm(f"applicants.view_{model}", is_system | is_own_application | reads_case)
rules.add_perm("applicants.add_casethread", is_own_application | (cares & may_decide_about))
rules.add_perm("applicants.write_to_person", cares & may_decide_about)
rules.add_perm("applicants.write_case", is_own_application)
rules.add_perm("applicants.work_case", works_case)
rules.add_perm("applicants.conclude_case", is_system | is_own_application | (is_information & works_case))
# An accommodation ends by the same arrow as a question, so that the audit does not tell one from the other.
rules.add_perm("applicants.close_case", (is_plain_case | is_accommodation) & works_case)
rules.add_perm("applicants.close_plain_case", is_plain_case & works_case)
rules.add_perm("applicants.settle_case", is_review & works_case)
rules.add_perm("applicants.settle_review", is_review & works_case)
rules.add_perm("applicants.settle_accommodation", is_accommodation & works_case)
rules.add_perm("applicants.reopen_case", ~is_review & ~is_information & works_case)

# Whose queues these are.
rules.add_perm("applicants.work_questions", cares)
rules.add_perm("applicants.work_accommodations", cares & ~is_hr_decider)
rules.add_perm("applicants.work_reviews", (is_hr_decider | is_program_manager) & ~is_reviewer)
