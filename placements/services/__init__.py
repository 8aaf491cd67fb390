"""What happens to placements. Importing this package registers the guards of the workflows and the invariants."""

from placements.services import conditions, gates, invariants, resumes, reviewable, verifying
from placements.services.asking_again import return_to_checks
from placements.services.calendar_feed import renew_calendar_feed, revoke_calendar_feed
from placements.services.certificate import (
    amend_certificate,
    complete_certificate,
    expire_certificates,
    issue_certificate,
    record_dispositions,
    refer_certificate,
    remove_entry,
    return_referral,
    return_with_outcomes,
)
from placements.services.checklist import (
    add_corrective_item,
    block_item,
    complete_item,
    excuse_item,
    open_checklists,
    reopen_item,
    send_item_back,
    set_item_aside,
    unblock_item,
)
from placements.services.closing import close_selections_of_withdrawn
from placements.services.conflict import (
    propose_determination,
    rescreen,
    screen_again,
    screen_case,
    sign_determination,
)
from placements.services.dates import keep_dates, redate
from placements.services.disclosure_extensions import (
    ask_for_extension,
    decline_extension,
    grant_extension,
    withdraw_extension,
)
from placements.services.duty_changes import report_duty_change
from placements.services.eligibles import eligibles_of, issue_list
from placements.services.ethics import (
    correct_relationship,
    record_ethics_waiver,
    record_relationship,
    revoke_ethics_waiver,
)
from placements.services.ethics_answers import answer_ethics_questions
from placements.services.interviews import arrange_interview, cancel_idle_interviews
from placements.services.kept_measures import keep_measures
from placements.services.match import lock_round, propose_round, release_round, start_collecting
from placements.services.milestones import choose_vetting_detail, record_milestone, records_milestones
from placements.services.moot_requests import end_moot_requests
from placements.services.moving import move_checklist
from placements.services.numbers import correct_figure, draw_up_numbers, publish_numbers
from placements.services.offer import (
    accept_offer,
    allow_pay_outside_band,
    decline_offer,
    draft_offer,
    expire_offers,
    pause_offer_clock,
    resume_offer_clock,
    send_offer,
    withdraw_offer,
)
from placements.services.pasted_rows import record_rows, try_rows
from placements.services.placement import (
    close_placement,
    complete_placement,
    end_of_term,
    end_placement_early,
    extend_placement,
    record_fall_through,
    resume_placement,
    suspend_placement,
    transfer_placement,
)
from placements.services.preview import preview_checklist
from placements.services.reclassification import reclassify_placement
from placements.services.selection import (
    propose_selection,
    put_on_shortlist,
    record_interview,
    reject_candidate,
    revive_selection,
    select_candidate,
    shortlist_candidate,
)
from placements.services.starting import (
    confirm_ready,
    enter_on_duty,
    enter_on_duty_by_exception,
    move_planned_start,
    record_start_follow_up,
)
from placements.services.step_moves import (
    begin_review_of_item,
    find_not_met,
    hand_in_items,
    request_item,
    start_due_process,
)
from placements.services.template_versions import (
    copy_template_to_draft,
    publish_template,
    remove_template_step,
    retire_template,
)
from placements.services.templates import read_seed, seed_placements
from placements.services.training import complete_training, enroll
from placements.services.waiver import expire_steps, record_vetting_waiver, revoke_vetting_waiver

__all__ = [
    "accept_offer",
    "add_corrective_item",
    "allow_pay_outside_band",
    "amend_certificate",
    "answer_ethics_questions",
    "arrange_interview",
    "ask_for_extension",
    "begin_review_of_item",
    "block_item",
    "cancel_idle_interviews",
    "choose_vetting_detail",
    "close_placement",
    "close_selections_of_withdrawn",
    "complete_certificate",
    "complete_item",
    "complete_placement",
    "complete_training",
    "conditions",
    "confirm_ready",
    "copy_template_to_draft",
    "correct_figure",
    "correct_relationship",
    "decline_extension",
    "decline_offer",
    "draft_offer",
    "draw_up_numbers",
    "eligibles_of",
    "end_moot_requests",
    "end_of_term",
    "end_placement_early",
    "enroll",
    "enter_on_duty",
    "enter_on_duty_by_exception",
    "excuse_item",
    "expire_certificates",
    "expire_offers",
    "expire_steps",
    "extend_placement",
    "find_not_met",
    "gates",
    "grant_extension",
    "hand_in_items",
    "invariants",
    "issue_certificate",
    "issue_list",
    "keep_dates",
    "keep_measures",
    "lock_round",
    "move_checklist",
    "move_planned_start",
    "open_checklists",
    "pause_offer_clock",
    "preview_checklist",
    "propose_determination",
    "propose_round",
    "propose_selection",
    "publish_numbers",
    "publish_template",
    "put_on_shortlist",
    "read_seed",
    "reclassify_placement",
    "record_dispositions",
    "record_ethics_waiver",
    "record_fall_through",
    "record_interview",
    "record_milestone",
    "record_relationship",
    "record_rows",
    "record_start_follow_up",
    "record_vetting_waiver",
    "records_milestones",
    "redate",
    "refer_certificate",
    "reject_candidate",
    "release_round",
    "remove_entry",
    "remove_template_step",
    "renew_calendar_feed",
    "reopen_item",
    "report_duty_change",
    "request_item",
    "rescreen",
    "resume_offer_clock",
    "resume_placement",
    "resumes",
    "retire_template",
    "return_referral",
    "return_to_checks",
    "return_with_outcomes",
    "reviewable",
    "revive_selection",
    "revoke_calendar_feed",
    "revoke_ethics_waiver",
    "revoke_vetting_waiver",
    "screen_again",
    "screen_case",
    "seed_placements",
    "select_candidate",
    "send_item_back",
    "send_offer",
    "set_item_aside",
    "shortlist_candidate",
    "sign_determination",
    "start_collecting",
    "start_due_process",
    "suspend_placement",
    "transfer_placement",
    "try_rows",
    "unblock_item",
    "verifying",
    "withdraw_extension",
    "withdraw_offer",
]
