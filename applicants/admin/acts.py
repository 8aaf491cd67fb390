"""What OPM does with an application between the queues: ask for what is missing, take it in, review again."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from applicants.services import ask_for_information, receive_information, reopen_review
from applicants.workflow import APPLICATION
from techforce.core.admin.acts import Act
from techforce.core.admin.forms import ReasonForm


class AskForm(ReasonForm):
    arrow = "ask_for_information"


class ReopenForm(ReasonForm):
    arrow = "reopen_review"


def _ask(*, row: Application, reason_code: str, by: Any) -> None:
    ask_for_information(application=row, reason_code=reason_code, by=by)


def _receive(*, row: Application, by: Any) -> None:
    receive_information(application=row, by=by)


def _reopen(*, row: Application, reason_code: str, by: Any) -> None:
    reopen_review(application=row, reason_code=reason_code, by=by)


APPLICATION_ACTS = (
    Act.along(
        APPLICATION,
        "ask_for_information",
        form=AskForm,
        text=_("The person gets a mail and reads on their own page what is missing."),
        run=_ask,
        done=_("The person was asked for information."),
    ),
    Act.along(
        APPLICATION, "receive_information", run=_receive, done=_("The application is in review again.")
    ),
    Act.along(
        APPLICATION,
        "reopen_review",
        form=ReopenForm,
        run=_reopen,
        done=_("The application is in review again."),
    ),
)
