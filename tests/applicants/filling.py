"""A person who fills in pages: reads one, changes some answers, sends it."""

from typing import Any

from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from applicants.models import Application
from applicants.services import save_step
from applicants.services.answers import digest, state_of
from techforce.core.mail.mailer import send_due
from tests.factories.applicants import ApplicantFactory, ApplicationFactory
from tests.factories.program import CohortDisciplineFactory, CohortFactory, DisciplineFactory

RESUME = b"Robin Reyes\nBuilt the tide tables of three harbors.\n"


def open_cohort(*codes: str, **fields: Any) -> Any:
    """An open cohort that offers these disciplines."""
    cohort = CohortFactory(**{"status": "open", **fields})
    for code in codes or ("software", "data"):
        CohortDisciplineFactory(cohort=cohort, discipline=DisciplineFactory(code=code))
    return cohort


def draft(**fields: Any) -> Application:
    """A draft that is ready to be submitted."""
    fields.setdefault("applicant", ApplicantFactory())
    fields.setdefault("cohort", open_cohort())
    return ApplicationFactory(**fields)


def saved(application: Application, step: str, **answers: Any) -> Application:
    """One step saved as its page does, certified anew where it was submitted."""
    state = state_of(application, step)
    by = application.applicant.user
    return save_step(  # type: ignore[no-any-return]
        application=application,
        step=step,
        state=state | answers,
        seen=digest(state),
        is_certified=True,
        by=by,
    )


class Person(Client):
    """Signed in in one browser; make a second one of the same user for another tab or device."""

    def __init__(self, user: Any, **options: Any) -> None:
        super().__init__(**options)
        self.force_login(user, "techforce.accounts.backends.SignInBackend")

    def fill(self, address: str, page: HttpResponse | None = None, **answers: Any) -> HttpResponse:
        """Send the form of a page, of an older copy of it where one is given, with these answers."""
        return self.post(address, typed(page or self.get(address)) | answers)


def typed(page: Any) -> dict[str, Any]:
    """What the controls of a page hold."""
    values = {field.html_name: field.value() for field in page.context["form"]}
    return {
        name: "on" if value is True else value
        for name, value in values.items()
        if value is not None and value is not False
    }


def at(application: Application, step: str) -> str:
    if step in ("review", "receipt", "discard"):
        return reverse(f"apply_{step}", args=[application.public_id])
    return reverse("apply_step", args=[application.public_id, step])


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def receipts_to(user: Any) -> list[Any]:
    """Mails that confirm a submission, after the worker's turn."""
    while send_due():
        pass
    return [
        message for message in mail.outbox if message.to == [user.email] and "received" in message.subject
    ]
