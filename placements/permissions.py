"""Who may do what with certificates, selections, offers, placements and checklists. Each `view_` agrees with
`visible_to`, and repeats in memory what the querysets say in SQL."""

from typing import Any

import rules

from agencies.models import Opening
from agencies.permissions import live_memberships, scope_of
from agencies.workflow import AgencyRole
from applicants.models import Applicant
from applicants.permissions import recused_from
from applicants.querysets import READING_ROLES
from placements.models import Certificate, CertificateEntry, Referral, Selection
from placements.querysets import (
    AREA_OF_ROLE,
    AUTHORIZES_STARTS,
    CERTIFYING_ROLES,
    PREPARES_OFFERS,
    RESTRICTED_ROLES,
    STEP_OF_ROLE,
    TOLD_TO_THE_PERSON,
)
from techforce.accounts.permissions import is_administrator, is_case_manager, is_opm, is_program_manager
from techforce.core.permissions import is_system

CORRECTS_NUMBERS = (AgencyRole.HR_SPECIALIST, AgencyRole.APPROVING_OFFICIAL, AgencyRole.SECURITY_OFFICER)
PARENTS = ("selection", "placement", "referral", "checklist", "entry", "application")


def opening_of(obj: Any) -> Opening | None:
    """The opening to which a row leads."""
    if isinstance(obj, Opening):
        return obj
    if getattr(obj, "opening_id", None):
        return obj.opening
    return next((opening_of(parent) for parent in _parents(obj)), None)


def person_of(obj: Any) -> Applicant | None:
    """The person to whom a row leads."""
    if isinstance(obj, Applicant):
        return obj
    if getattr(obj, "applicant_id", None):
        return obj.applicant
    people = (person_of(parent) for parent in _parents(obj))
    return next((person for person in people if person), None)


def _parents(obj: Any) -> list[Any]:
    return [getattr(obj, name) for name in PARENTS if getattr(obj, f"{name}_id", None)]


def works_at(user: Any, opening: Opening | None, roles: frozenset[str]) -> bool:
    """Holds one of `roles` in the opening's office or agency."""
    held = [membership for membership in live_memberships(user) if membership.role in roles]
    return opening is not None and any(membership.covers(*scope_of(opening)) for membership in held)


def in_office(*roles: str) -> rules.predicates.Predicate:
    """Acts for the row's agency in one of these roles (any, when none is named); without a row, for any agency."""
    wanted = frozenset(str(role) for role in roles or AgencyRole.values)

    @rules.predicate(f"in_office:{'|'.join(sorted(wanted))}")
    def check(user: Any, obj: Any) -> bool:
        if obj is None:
            return any(membership.role in wanted for membership in live_memberships(user))
        return works_at(user, opening_of(obj), wanted)

    return check


def opm_reads(roles: frozenset[str]) -> rules.predicates.Predicate:
    """Holds one of these OPM roles and is not recused from the row's person."""

    @rules.predicate(f"opm_reads:{'|'.join(sorted(roles))}")
    def check(user: Any, obj: Any) -> bool:
        if not (getattr(user, "opm_roles", frozenset()) & roles):
            return False
        person = person_of(obj) if obj is not None else None
        return person is None or person.pk not in recused_from(user)

    return check


@rules.predicate
def is_the_person(user: Any, obj: Any) -> bool:
    """The row is about the user."""
    person = person_of(obj) if obj is not None else None
    return person is not None and bool(user.is_authenticated) and person.user_id == user.pk


@rules.predicate
def is_own_feed(user: Any, obj: Any) -> bool:
    return obj is not None and bool(user.is_authenticated) and obj.user_id == user.pk


@rules.predicate
def is_concerned(user: Any, obj: Any) -> bool:
    """The row is about the user or about somebody whose duties they carry: others decide (I16)."""
    person = person_of(obj) if obj is not None else None
    return person is not None and bool(user.is_authenticated) and person.user_id in user.stands_for


@rules.predicate
def was_told(user: Any, obj: Any) -> bool:
    """The selection was spoken about with the person."""
    return isinstance(obj, Selection) and obj.status in TOLD_TO_THE_PERSON


@rules.predicate
def is_draft(user: Any, obj: Any) -> bool:
    return obj is not None and obj.status == "draft"


@rules.predicate
def is_restricted(user: Any, obj: Any) -> bool:
    return obj is not None and bool(obj.is_restricted)


@rules.predicate
def is_signed(user: Any, obj: Any) -> bool:
    return obj is not None and obj.status == "signed"


@rules.predicate
def is_of_draft(user: Any, obj: Any) -> bool:
    """The entry's certificate is still a draft; without a row, there may be such entries."""
    return obj is None or obj.certificate.status == "draft"


@rules.predicate
def has_referral(user: Any, obj: Any) -> bool:
    """The certificate of the row was referred to an agency of the user."""
    certificate = obj.certificate if isinstance(obj, CertificateEntry) else obj
    if not isinstance(certificate, Certificate) or not live_memberships(user):
        return False
    return any(
        works_at(user, referral.opening, frozenset(AgencyRole.values))
        for referral in Referral.objects.filter(certificate=certificate)
        .select_related("opening")
        .order_by("pk")
    )


@rules.predicate
def handles_step(user: Any, obj: Any) -> bool:
    """Does or records the step for the agency, or keeps its whole area."""
    if obj is None:
        return any(membership.role in STEP_OF_ROLE for membership in live_memberships(user))
    roles = {
        role for role, step_role in STEP_OF_ROLE.items() if step_role in (obj.owner_role, obj.recorder_role)
    }
    roles |= {role for role, area in AREA_OF_ROLE.items() if obj.checklist.area == area}
    return works_at(user, opening_of(obj), frozenset(roles))


@rules.predicate
def records_step(user: Any, obj: Any) -> bool:
    """Is the recorder of the step, or keeps its whole area."""
    if obj is None:
        return handles_step(user, None)
    roles = {role for role, step_role in STEP_OF_ROLE.items() if step_role == obj.recorder_role}
    roles |= {role for role, area in AREA_OF_ROLE.items() if obj.checklist.area == area}
    return works_at(user, opening_of(obj), frozenset(roles))


@rules.predicate
def may_excuse(user: Any, obj: Any) -> bool:
    """Holds a role that the template lets excuse this step."""
    if obj is None:
        return handles_step(user, None)
    roles = frozenset(role for role, step_role in STEP_OF_ROLE.items() if step_role in obj.step.excusable_by)
    return works_at(user, opening_of(obj), roles)


@rules.predicate
def owns_step(user: Any, obj: Any) -> bool:
    """The step is the person's own to do."""
    return obj is not None and obj.owner_role == "candidate" and is_the_person(user, obj)


@rules.predicate
def is_opm_step(user: Any, obj: Any) -> bool:
    return obj is not None and "opm" in (obj.owner_role, obj.recorder_role)


@rules.predicate
def is_published(user: Any, obj: Any) -> bool:
    """The edition, or that of the figure, is published."""
    return obj is not None and getattr(obj, "edition", obj).status == "published"


@rules.predicate
def is_of_own_agency(user: Any, obj: Any) -> bool:
    """The figure, or a figure of the edition, is about an agency of the user."""
    keys = {one.agency_id for one in live_memberships(user)}
    if obj is None or not keys:
        return bool(keys)
    figures = getattr(obj, "figures", None)
    return obj.agency_id in keys if figures is None else figures.filter(agency__in=keys).exists()


def of_whole_agency(*roles: str) -> rules.predicates.Predicate:
    """Acts for all offices of the row's agency in one of these roles."""

    @rules.predicate(f"of_whole_agency:{'|'.join(sorted(roles))}")
    def check(user: Any, obj: Any) -> bool:
        held = [one for one in live_memberships(user) if one.role in roles]
        return any(obj is None or one.covers(obj.agency_id, None) for one in held)

    return check


certifies = rules.predicate(
    lambda user: bool(getattr(user, "opm_roles", frozenset()) & CERTIFYING_ROLES), "certifies"
)
reads_cases = opm_reads(READING_ROLES)
reads_restricted = opm_reads(RESTRICTED_ROLES)
is_member = in_office()
is_hr_specialist = in_office(AgencyRole.HR_SPECIALIST)
is_approving_official = in_office(AgencyRole.APPROVING_OFFICIAL)
is_ethics_official = in_office(AgencyRole.ETHICS_OFFICIAL)
is_security_officer = in_office(AgencyRole.SECURITY_OFFICER)
is_security_officer_of_the_whole = of_whole_agency(AgencyRole.SECURITY_OFFICER)
considers = in_office(AgencyRole.HR_SPECIALIST, AgencyRole.HIRING_MANAGER, AgencyRole.APPROVING_OFFICIAL)
prepares_offers = in_office(*PREPARES_OFFERS)
authorizes_starts = in_office(*AUTHORIZES_STARTS)
works_on_case = is_case_manager & ~is_concerned

# ── Certificates ──────────────────────────────────────────────────────────────────────────────────
rules.add_perm("placements.view_certificate", is_system | certifies | has_referral)
rules.add_perm("placements.view_certificateentry", is_system | ((reads_cases | has_referral) & ~is_concerned))
rules.add_perm("placements.view_referral", is_system | certifies | is_member)
rules.add_perm("placements.view_disposition", is_system | ((reads_cases | is_member) & ~is_concerned))
for name in ("certificate", "certificateentry", "referral"):
    rules.add_perm(f"placements.add_{name}", is_program_manager)
for name in ("certificate", "referral"):
    rules.add_perm(f"placements.change_{name}", is_program_manager)
rules.add_perm("placements.change_certificateentry", is_program_manager & is_of_draft)
rules.add_perm("placements.remove_certificateentry", is_program_manager)
rules.add_perm("placements.certify", is_program_manager)
rules.add_perm("placements.expire_certificate", is_system)
rules.add_perm("placements.return_referral", is_hr_specialist)
rules.add_perm("placements.add_disposition", is_hr_specialist & ~is_concerned)

# ── Selections and match rounds ───────────────────────────────────────────────────────────────────
rules.add_perm(
    "placements.view_selection",
    is_system | (is_the_person & was_told) | ((reads_cases | is_member) & ~is_concerned),
)
rules.add_perm("placements.view_calendarfeed", is_system | is_own_feed)
rules.add_perm("placements.consider", considers & ~is_concerned)
rules.add_perm("placements.add_selection", (considers | is_program_manager) & ~is_concerned)
rules.add_perm("placements.select", is_approving_official & ~is_concerned)
rules.add_perm("placements.carry_selection", is_system | is_hr_specialist | is_case_manager)
for name in ("matchround", "matchproof"):
    rules.add_perm(f"placements.view_{name}", is_opm)
rules.add_perm("placements.add_matchround", is_program_manager)
rules.add_perm("placements.change_matchround", is_program_manager)
rules.add_perm("placements.run_match", is_program_manager)

# ── Offers ────────────────────────────────────────────────────────────────────────────────────────
rules.add_perm("placements.view_offer", is_system | (is_the_person & ~is_draft) | reads_cases | is_member)
rules.add_perm("placements.make_offer", (is_system | is_hr_specialist) & ~is_concerned)
rules.add_perm("placements.answer_offer", is_the_person)
rules.add_perm("placements.expire_offer", is_system)
rules.add_perm("placements.view_payexception", is_system | reads_cases | prepares_offers)
rules.add_perm("placements.add_payexception", (is_program_manager | is_approving_official) & ~is_concerned)

# ── Placements ────────────────────────────────────────────────────────────────────────────────────
# Every step by title, owner and date, and whether it is complete; never what was found.
rules.add_perm("placements.view_readiness", (is_hr_specialist | is_approving_official) & ~is_concerned)
# How fast vetting goes against the agency's promise: for whom each case is their work, and for whoever escalates.
rules.add_perm(
    "placements.view_commitments",
    (is_hr_specialist | is_approving_official | is_security_officer) & ~is_concerned,
)
rules.add_perm("placements.oversee_commitments", is_case_manager | is_program_manager)
sees_placement = is_system | is_the_person | reads_cases | is_member
for name in ("placement", "placementextension", "trainingenrollment"):
    rules.add_perm(f"placements.view_{name}", sees_placement)
rules.add_perm("placements.authorize_start", (is_hr_specialist | is_system) & ~is_concerned)
rules.add_perm("placements.approve_start_exception", is_approving_official & ~is_concerned)
rules.add_perm("placements.view_startexception", is_system | authorizes_starts | reads_restricted)
rules.add_perm("placements.manage_service", (is_hr_specialist | is_case_manager) & ~is_concerned)
rules.add_perm("placements.release_seat", is_system | ((is_hr_specialist | is_case_manager) & ~is_concerned))
rules.add_perm(
    "placements.reclassify_placement",
    is_system | ((is_case_manager | is_hr_specialist | is_ethics_official) & ~is_concerned),
)
rules.add_perm("placements.extend_placement", is_approving_official & ~is_concerned)
rules.add_perm("placements.complete_service", (is_hr_specialist | is_system) & ~is_concerned)
rules.add_perm("placements.close_placement", works_on_case | is_hr_specialist)
rules.add_perm("placements.transfer", works_on_case)

# ── Conflicts ─────────────────────────────────────────────────────────────────────────────────────
rules.add_perm(
    "placements.view_determination",
    is_system | ((is_ethics_official | (reads_restricted & ~is_restricted)) & ~is_concerned),
)
rules.add_perm("placements.screen", is_system | ((is_ethics_official | is_case_manager) & ~is_concerned))
rules.add_perm(
    "placements.supersede_determination",
    is_system | ((is_ethics_official | (is_case_manager & ~is_signed & ~is_restricted)) & ~is_concerned),
)
rules.add_perm("placements.sign_determination", is_ethics_official & ~is_concerned)
for name in ("ethicswaiver", "recusalstatement", "screeningarrangement", "divestiturecertificate"):
    rules.add_perm(
        f"placements.view_{name}", is_system | is_the_person | is_ethics_official | reads_restricted
    )
    rules.add_perm(f"placements.add_{name}", is_ethics_official & ~is_concerned)
    rules.add_perm(f"placements.change_{name}", is_ethics_official & ~is_concerned)

# ── Checklists ────────────────────────────────────────────────────────────────────────────────────
for name in ("checklisttemplate", "checklisttemplatestep", "trainingcourse"):
    rules.add_perm(f"placements.view_{name}", rules.always_allow)
    rules.add_perm(f"placements.add_{name}", is_administrator)
    rules.add_perm(f"placements.change_{name}", is_administrator)
rules.add_perm("placements.publish_checklisttemplate", is_system | is_administrator)
rules.add_perm("placements.move_checklist", (is_administrator | is_case_manager) & ~is_concerned)
rules.add_perm(
    "placements.view_checklist", is_system | is_the_person | in_office(*STEP_OF_ROLE) | reads_restricted
)
rules.add_perm("placements.view_checklistitem", is_system | is_the_person | handles_step | reads_restricted)
rules.add_perm("placements.do_item", owns_step | handles_step)
rules.add_perm("placements.work_on_item", (handles_step | (works_on_case & is_opm_step)) & ~is_concerned)
rules.add_perm("placements.record_item", (records_step | (works_on_case & is_opm_step)) & ~is_concerned)
rules.add_perm("placements.excuse_item", may_excuse & ~is_concerned)
rules.add_perm(
    "placements.reopen_item", is_system | ((records_step | (works_on_case & is_opm_step)) & ~is_concerned)
)
rules.add_perm("placements.mirror_item", is_system)
rules.add_perm("placements.apply_conditions", is_system | (handles_step & ~is_concerned))
rules.add_perm(
    "placements.carry_items",
    is_system | ((is_hr_specialist | is_security_officer) & ~is_concerned) | works_on_case,
)
rules.add_perm("placements.view_vettingwaiver", is_system | is_security_officer | reads_restricted)
for name in ("add", "change"):
    rules.add_perm(f"placements.{name}_vettingwaiver", is_security_officer & ~is_concerned)

# Whose workbench it is, and who records vetting by milestones.
rules.add_perm("placements.keep_vetting", is_security_officer)
rules.add_perm("placements.keep_ethics", is_ethics_official)
rules.add_perm("placements.record_milestone", is_security_officer & ~is_concerned)
rules.add_perm("placements.choose_vetting_detail", is_security_officer_of_the_whole)

# ── Training ──────────────────────────────────────────────────────────────────────────────────────
rules.add_perm("placements.add_trainingenrollment", is_hr_specialist | is_case_manager)
rules.add_perm(
    "placements.record_training", (is_hr_specialist | is_ethics_official | is_case_manager) & ~is_concerned
)
rules.add_perm("placements.excuse_training", (is_hr_specialist | is_ethics_official) & ~is_concerned)

# ── Public numbers ────────────────────────────────────────────────────────────────────────────────
rules.add_perm("placements.view_numbersedition", is_published | is_system | is_opm | is_of_own_agency)
rules.add_perm("placements.view_numbersfigure", is_published | is_system | is_opm | is_of_own_agency)
rules.add_perm("placements.publish_numbersedition", is_system)
rules.add_perm(
    "placements.correct_numbersfigure",
    of_whole_agency(*CORRECTS_NUMBERS) & ~is_published,
)
