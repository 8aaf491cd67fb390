"""What OPM's program office does with an opening: approve it, return it, allow pay outside the band."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Opening
from agencies.services import (
    allow_pay_outside_band,
    approve_revision,
    publish_opening,
    return_opening,
    return_revision,
)
from agencies.workflow import OPENING, REVISION, OpeningStatus
from techforce.core.admin.acts import Act
from techforce.core.admin.forms import StaffForm


class CommentsForm(StaffForm):
    comments = forms.CharField(
        label=_("What has to change"),
        help_text=_("The agency reads this. Name each part and what is wrong with it."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class PayExceptionForm(StaffForm):
    authority = forms.CharField(
        label=_("Authority"), help_text=_("The rule or decision that allows it"), max_length=120
    )
    reason = forms.CharField(label=_("Reason"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 5}))


def _publish(*, row: Opening, by: Any) -> None:
    publish_opening(opening=row, by=by)


def _return(*, row: Opening, comments: str, by: Any) -> None:
    return_opening(opening=row, comments=comments, by=by)


def _allow_pay(*, row: Opening, authority: str, reason: str, by: Any) -> None:
    allow_pay_outside_band(opening=row, authority=authority, reason=reason, by=by)


def _approve_change(*, row: Any, by: Any) -> None:
    approve_revision(revision=row, by=by)


def _return_change(*, row: Any, comments: str, by: Any) -> None:
    return_revision(revision=row, comments=comments, by=by)


OPENING_ACTS = (
    Act.along(OPENING, "publish", run=_publish, done=_("The opening is published. The agency was told.")),
    Act.along(
        OPENING,
        "return_for_changes",
        form=CommentsForm,
        run=_return,
        done=_("The opening went back to the agency with your comments."),
    ),
    Act(
        name="allow_pay",
        label=_("Allow pay outside the band"),
        permission="agencies.add_paybandexception",
        states=(OpeningStatus.DRAFT,),
        form=PayExceptionForm,
        text=_("Good for exactly the pay range that the draft states now."),
        run=_allow_pay,
        done=_("The exception is on file."),
    ),
)
REVISION_ACTS = (
    Act.along(REVISION, "approve", run=_approve_change, done=_("The change is in force.")),
    Act.along(
        REVISION,
        "return_for_changes",
        form=CommentsForm,
        run=_return_change,
        done=_("The change went back to the agency with your comments."),
    ),
)
