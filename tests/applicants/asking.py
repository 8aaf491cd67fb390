"""Conversations with the program office, for the tests."""

import datetime
from typing import Any

from django.utils import timezone

from applicants.models import Application, CaseThread, CaseTopic
from applicants.services import ask_for_review, decide_application, decide_with_results, record_outcome
from applicants.services.cases.accommodation import request_accommodation
from applicants.services.review import Result
from techforce.accounts.models import OpmRole, User
from techforce.core.calendar import today
from tests.factories.accounts import opm_staff
from tests.factories.applicants import CaseThreadFactory, RatingFactory, SubmittedApplicationFactory
from tests.factories.program import DisciplineFactory

DAY = datetime.timedelta(days=1)


def rated(*codes: str) -> Application:
    """In review, and rated by two."""
    disciplines = [DisciplineFactory(code=code, name=code.title()) for code in codes]
    application: Application = SubmittedApplicationFactory(status="in_review", disciplines=disciplines)
    for _rater in range(2):
        RatingFactory(application=application, submitted_at=timezone.now())
    return application


def turned_down(
    by: User | None = None, *, recorder: User | None = None, reason_code: str = "experience"
) -> Application:
    """Found not qualified by a decider."""
    application, decider = rated("software"), by or opm_staff(OpmRole.HR_DECIDER)
    for choice in application.choices.select_related("discipline"):
        record_outcome(
            application=application,
            discipline=choice.discipline,
            reason_code=reason_code,
            by=recorder or decider,
        )
    decided: Application = decide_application(application=application, reason_code=reason_code, by=decider)
    return decided


def partly_turned_down(by: User | None = None) -> Application:
    """Qualified in data, not in software."""
    application, decider = rated("software", "data"), by or opm_staff(OpmRole.HR_DECIDER)
    bad, good = (choice.discipline for choice in application.choices.order_by("rank"))
    results = {bad: Result(reason_code="experience"), good: Result(expires_on=today() + 365 * DAY)}
    decided: Application = decide_with_results(application=application, results=results, by=decider)
    return decided


def request_for_review(by: User | None = None) -> CaseThread:
    application = turned_down(by)
    return ask_for_review(application=application, body="I led six.", by=application.applicant.user)


def accommodation() -> CaseThread:
    application = SubmittedApplicationFactory(has_accommodation_request=True)
    return request_accommodation(application, application.applicant.user)


def case_about(topic: str) -> CaseThread:
    if topic == CaseTopic.REVIEW_REQUEST:
        return request_for_review()
    return accommodation() if topic == CaseTopic.ACCOMMODATION else CaseThreadFactory(topic=topic)


def act(thread: CaseThread, name: str) -> str:
    return f"/admin/applicants/casethread/{thread.pk}/act/{name}/"


def page(thread: CaseThread) -> str:
    return f"/my/questions/{thread.public_id}/"


def letter(client: Any, address: str, **answers: Any) -> dict[str, Any]:
    """The form of a page as it comes, with these answers."""
    return {"key": client.get(address).context["form"]["key"].value(), **answers}
