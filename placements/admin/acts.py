"""What OPM does with certificates, placements and the steps that are its own."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from placements import services
from placements.admin import forms
from placements.models import Certificate, ChecklistItem, Placement
from placements.workflow import CERTIFICATE, ITEM, PLACEMENT
from techforce.core.admin.acts import Act


# ── Certificates ──────────────────────────────────────────────────────────────────────────────────
def _refer(*, row: Certificate, by: Any, **answers: Any) -> None:
    services.refer_certificate(certificate=row, by=by, **answers)


def _issue(*, row: Certificate, by: Any) -> None:
    services.issue_certificate(certificate=row, by=by)


def _complete_audit(*, row: Certificate, by: Any) -> None:
    services.complete_certificate(certificate=row, by=by)


CERTIFICATE_ACTS = (
    Act.along(CERTIFICATE, "issue", run=_issue, done=_("The certificate is issued.")),
    Act(
        name="refer",
        label=_("Refer to an agency"),
        permission="placements.add_referral",
        states=("issued",),
        form=forms.ReferralForm,
        text=_(
            "The agency’s HR specialists and hiring managers and everybody on the certificate get a mail."
        ),
        run=_refer,
        done=_("The certificate was referred. The agency and the people on it were told."),
    ),
    Act.along(CERTIFICATE, "complete", run=_complete_audit, done=_("The certificate is closed.")),
)


# ── Placements ────────────────────────────────────────────────────────────────────────────────────
def _close(*, row: Placement, outcome: str, by: Any) -> None:
    services.close_placement(placement=row, outcome=outcome, by=by)


def _complete(*, row: Placement, by: Any) -> None:
    services.complete_placement(placement=row, by=by)


def _end_early(*, row: Placement, by: Any, **answers: Any) -> None:
    services.end_placement_early(placement=row, by=by, **answers)


def _fall_through(*, row: Placement, reason_code: str, by: Any) -> None:
    services.record_fall_through(placement=row, reason_code=reason_code, by=by)


def _reclassify(*, row: Placement, by: Any, **answers: Any) -> None:
    services.reclassify_placement(placement=row, by=by, **answers)


def _transfer(*, row: Placement, by: Any, **answers: Any) -> None:
    services.transfer_placement(placement=row, by=by, **answers)


PLACEMENT_ACTS = (
    Act.along(PLACEMENT, "complete", run=_complete, done=_("The term is recorded as completed.")),
    Act.along(PLACEMENT, "close", form=forms.OutcomeForm, run=_close, done=_("The placement is closed.")),
    Act.along(
        PLACEMENT,
        "curtail",
        form=forms.EarlyEndForm,
        run=_end_early,
        done=_("The early end of service is recorded."),
    ),
    Act.along(
        PLACEMENT,
        "fall_through",
        form=forms.FallThroughForm,
        text=_("The seat is free again, and the person is back among the qualified."),
        run=_fall_through,
        done=_("It is recorded that the placement fell through."),
    ),
    Act(
        name="reclassify",
        label=_("Change how the person comes"),
        permission="placements.reclassify_placement",
        states=("pending_checks", "ready"),
        form=forms.ReclassifyForm,
        text=_(
            "The ethics checklist is replaced. Steps that ask the same stay as they are; the others start anew, and "
            "the ethics official signs again."
        ),
        run=_reclassify,
        done=_("The ethics checklist was replaced."),
    ),
    Act.along(
        PLACEMENT,
        "transfer",
        form=forms.TransferForm,
        text=_(
            "The next placement has its own checks and its own conflict screen. The total of all terms stays."
        ),
        run=_transfer,
        done=_("The person was transferred."),
    ),
)


# ── Steps that OPM does or records ────────────────────────────────────────────────────────────────
def _record_done(*, row: ChecklistItem, by: Any, **answers: Any) -> None:
    services.complete_item(item=row, by=by, **answers)


def _wait(*, row: ChecklistItem, by: Any, **answers: Any) -> None:
    services.block_item(item=row, by=by, **answers)


def _go_on(*, row: ChecklistItem, by: Any, **answers: Any) -> None:
    services.unblock_item(item=row, by=by, **answers)


def _send_back(*, row: ChecklistItem, reason_code: str, by: Any) -> None:
    services.send_item_back(item=row, reason_code=reason_code, by=by)


def _reopen(*, row: ChecklistItem, by: Any) -> None:
    services.reopen_item(item=row, by=by)


ITEM_ACTS = (
    Act.along(ITEM, "complete", form=forms.StepDoneForm, run=_record_done, done=_("The step is done.")),
    Act.along(ITEM, "block", form=forms.WaitingForm, run=_wait, done=_("The step waits for that party.")),
    Act.along(ITEM, "unblock", form=forms.GoOnForm, run=_go_on, done=_("The step goes on.")),
    Act.along(ITEM, "send_back", form=forms.SendBackForm, run=_send_back, done=_("The step was returned.")),
    Act.along(ITEM, "reopen", run=_reopen, done=_("The step is open again.")),
)
