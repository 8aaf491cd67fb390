"""What OPM does with an application between the queues: ask for what is missing, take it in, review again."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applicants.admin.case_forms import MessageForm
from applicants.forms import LONGEST_LETTER
from applicants.models import Application
from applicants.services import ask_for_information, receive_information, reopen_review, write_to_person
from applicants.services.cases.dates import reply_by
from applicants.workflow import APPLICATION
from techforce.core.admin.acts import Act
from techforce.core.admin.forms import DayInput, ReasonForm


class AskForm(ReasonForm):
    arrow = "ask_for_information"
    question = forms.CharField(
        label=_("What exactly is missing"),
        help_text=_("The person reads it on their own page, without your name."),
        max_length=LONGEST_LETTER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    due_on = forms.DateField(label=_("The person answers by"), required=False, widget=DayInput())

    def prepare(self) -> None:
        super().prepare()
        self.fields["due_on"].initial = reply_by()


class ReopenForm(ReasonForm):
    arrow = "reopen_review"


def _ask(*, row: Application, by: Any, **answers: Any) -> None:
    ask_for_information(application=row, by=by, **answers)


def _write(*, row: Application, by: Any, **answers: Any) -> None:
    write_to_person(application=row, by=by, **answers)


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
    Act(
        name="write",
        label=_("Write to the person"),
        permission="applicants.write_to_person",
        form=MessageForm,
        run=_write,
        done=_("Sent. The person gets a mail that there is a message."),
    ),
)
