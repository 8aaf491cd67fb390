"""The ethics office's short questions to the person, and the answers as a page shows them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from placements.checklists import QUESTIONS
from placements.models import EthicsAnswers
from techforce.core.forms import Form, yes_or_no, yes_or_no_word

YOU_AND_YOURS = _("You, your spouse and your minor children together. Do not write amounts anywhere.")


class EthicsAnswersForm(Form):
    """Yes or no, never a name and never an amount: what a yes is about, the ethics office asks in its own system."""

    had_other_employer = yes_or_no(
        _("In the last 12 months, did you work for anybody other than the federal government?")
    )
    has_spouse_at_work = yes_or_no(
        _("Does your spouse work for anybody other than the federal government?"),
        _("Answer No if you have no spouse."),
    )
    holds_much_stock = yes_or_no(
        _("Do you hold stock of any one company that is worth more than $15,000?"), YOU_AND_YOURS
    )
    holds_private_equity = yes_or_no(
        _("Do you hold equity that is not publicly traded, options, or stock units that have not vested?"),
        YOU_AND_YOURS,
    )
    keeps_outside_work = yes_or_no(
        _("Will you do other work while you serve?"),
        _("Paid or not: a job, a business, a board, teaching, consulting."),
    )
    has_future_job = yes_or_no(
        _("Do you have an agreement, or do you talk with anybody, about a job after your service?")
    )

    @classmethod
    def about(cls, answers: EthicsAnswers | None) -> "EthicsAnswersForm":
        """With the answers on file."""
        if answers is None:
            return cls()
        return cls(initial={name: "yes" if getattr(answers, name) else "no" for name in QUESTIONS})


def answers_said(answers: EthicsAnswers | None) -> list[Mapping[str, Any]]:
    """Question and answer; nothing where none is on file."""
    if answers is None:
        return []
    fields = EthicsAnswersForm.base_fields
    return [
        {"label": fields[name].label, "value": yes_or_no_word(getattr(answers, name))} for name in QUESTIONS
    ]
