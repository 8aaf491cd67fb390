"""Steps of a checklist as the person sees them: their own with what to do, the others' in one word a field."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from placements.models import Area, StepRole, UndatedReason
from placements.workflow import ItemStatus

TO_DO, COMPLETE, NOT_NEEDED = _("To do"), _("Complete"), _("Not needed")
LATER = _("Later")
IN_PROGRESS = _("In progress")
NOT_MET: Mapping[str, Any] = {
    Area.VETTING: _("Requirements not met; the security office writes to you"),
    Area.ETHICS: _("Requirements not met; the ethics office writes to you"),
}
NOTICES: Mapping[str, Any] = {
    Area.VETTING: _(
        "The security office of your agency writes to you about your vetting. Nothing is decided: you may answer "
        "first. Nobody but you and that office is told."
    ),
    Area.ETHICS: _(
        "The ethics office of your agency writes to you about one of your steps. Nothing is decided: you may answer "
        "first. Nobody but you and that office is told."
    ),
}
"""While a step is under due process."""
OFFICE: Mapping[str, Any] = {Area.VETTING: _("Personnel vetting"), Area.ETHICS: _("Ethics")}

OWN_STEP: Mapping[str, Any] = {
    ItemStatus.NOT_STARTED: TO_DO,
    ItemStatus.REQUESTED: TO_DO,
    ItemStatus.SUBMITTED: _("Handed in"),
    ItemStatus.UNDER_REVIEW: IN_PROGRESS,
    ItemStatus.DONE: COMPLETE,
    ItemStatus.RETURNED: _("Sent back to you"),
    ItemStatus.BLOCKED: _("Waiting for another office"),
    ItemStatus.UNDER_DUE_PROCESS: IN_PROGRESS,
    ItemStatus.NOT_MET: _("Requirements not met; the office writes to you"),
    ItemStatus.EXCUSED: NOT_NEEDED,
    ItemStatus.NOT_APPLICABLE: NOT_NEEDED,
    ItemStatus.EXPIRED: _("To do again"),
    ItemStatus.CANCELLED: NOT_NEEDED,
}
FOR_YOU = (ItemStatus.NOT_STARTED, ItemStatus.REQUESTED, ItemStatus.RETURNED, ItemStatus.EXPIRED)
"""States in which the person has something to do."""
OVER = (ItemStatus.DONE, ItemStatus.EXCUSED, ItemStatus.NOT_APPLICABLE, ItemStatus.CANCELLED)

WITHOUT_QUESTIONS = (ItemStatus.EXCUSED, ItemStatus.NOT_APPLICABLE, ItemStatus.CANCELLED)
"""States in which nothing is asked of the person by a step that has questions."""

STEP_TONE: Mapping[str, str] = {
    **dict.fromkeys(FOR_YOU, "warning"),
    **dict.fromkeys(OVER, "neutral"),
    ItemStatus.DONE: "success",
}

UNDATED: Mapping[str, Any] = {
    UndatedReason.ANCHOR_UNKNOWN: _("Not dated yet"),
    UndatedReason.DECIDED_ELSEWHERE: _("Decided before this placement"),
    UndatedReason.NO_GOAL: _("No date is set"),
    UndatedReason.FIRST_ACCESS: _("Before your first access"),
    UndatedReason.ACTIVITY: _("Before the activity"),
    UndatedReason.DOES_NOT_APPLY: _("Does not apply now"),
    UndatedReason.YEARLY: _("None in your term"),
    UndatedReason.OUT_OF_REACH: _("Not dated yet"),
}

DISCLOSURE = _(
    "Fill in the confidential financial disclosure in the system to which the ethics office invites you. Amounts and "
    "holdings stay there; nothing of them is kept here."
)
TRAINING = _("Take the ethics course of your agency, about one hour, live or online. Keep the certificate.")
RECUSAL = _("Read the recusal statement that the ethics office sends you, ask about it, and sign it.")
HOW_TO: Mapping[str, Any] = {
    "V02": _("Read the consent form that the security office sends you, and check your contact details."),
    "V06": _(
        "Fill in the Declaration for Federal Employment (OF-306) that HR sends you. It is kept there, not here."
    ),
    "V08": _(
        "Make an appointment for fingerprints with the office in the security office’s mail. Bring two documents."
    ),
    "V09": _(
        "Answer the questionnaire in the government’s own system, then certify and release it. No answer is kept here."
    ),
    "V16": _("The investigator calls you. Answer within three business days and offer a time."),
    "A06": _(
        "Send the ethics office the schedule of the benefits you keep, and the equity statement. No amounts here."
    ),
    "A09": DISCLOSURE,
    "A11": RECUSAL,
    "A14": _(
        "Agree with the ethics office what you sell and when, and ask for a certificate before you sell."
    ),
    "A15": _(
        "Tell the ethics office whether your company paid you something extraordinary because you leave."
    ),
    "A19": DISCLOSURE,
    "A21": TRAINING,
    "A24": _("File the disclosure each February and take the training by the end of each year."),
    "A25": _("Confirm your recusal once a year, and report what vested and what you newly hold."),
    "C02": _("Answer the ethics office’s short questions on employers and holdings, each with yes or no."),
    "C04": RECUSAL,
    "C07": DISCLOSURE,
    "C09": TRAINING,
    "C10": _("File the disclosure each February and take the training by the end of each year."),
}
ASK_THE_OFFICE: Mapping[str, Any] = {
    StepRole.SECURITY_OFFICER: _("The security office writes to you and tells you how."),
    StepRole.ETHICS_OFFICIAL: _("The ethics office writes to you and tells you how."),
    StepRole.HR_SPECIALIST: _("HR of your agency writes to you and tells you how."),
}
ASK_THE_AGENCY = _("Your agency writes to you and tells you how.")


def why_undated(item: Any) -> Any:
    """Why a step has no date; empty for one that has."""
    return UNDATED[item.undated_reason] if item.due_on is None else ""


def how_to(code: str, recorder_role: str) -> Any:
    """What to do in a step; a step that a later template brought says who explains it."""
    return HOW_TO.get(code) or ASK_THE_OFFICE.get(recorder_role, ASK_THE_AGENCY)
