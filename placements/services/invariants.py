"""What `manage.py check_invariants` asks of placements (trust.md §1)."""

from django.db.models import Count, Q

from placements.models import ChecklistItem
from placements.workflow.checklist import OPEN_ITEM_STATES
from techforce.core.calendar import last_business_day_on_or_before
from techforce.core.closures import closures
from techforce.core.invariants import offenders, register

register(
    "I3",
    "one live placement a person at any date",
    offenders(
        """SELECT format('placements %s and %s', one.id, other.id)
           FROM placements_placement one JOIN placements_placement other
               ON one.applicant_id = other.applicant_id AND one.id < other.id
           WHERE one.status <> 'fell_through' AND other.status <> 'fell_through'
               AND daterange(one.starts_on, coalesce(one.ended_on, one.ends_on), '[]')
                && daterange(other.starts_on, coalesce(other.ended_on, other.ends_on), '[]')"""
    ),
)
register(
    "I5",
    "every offered rate lies in the cohort's band or has its exception",
    offenders(
        """SELECT format('offer %s', offer.public_id)
           FROM placements_offer offer JOIN program_cohort cohort ON cohort.id = offer.cohort_id
           LEFT JOIN placements_payexception exception
               ON exception.id = offer.pay_exception_id AND exception.pay_rate = offer.pay_rate
           WHERE offer.pay_rate NOT BETWEEN cohort.pay_min AND cohort.pay_max AND exception.id IS NULL"""
    ),
)
register(
    "I7",
    "no placement was authorized to start with an open gate and without an exception",
    offenders(
        """SELECT DISTINCT format('placement %s', placement.public_id)
           FROM placements_placement placement
           JOIN placements_checklist checklist ON checklist.placement_id = placement.id
           JOIN placements_checklistitem item ON item.checklist_id = checklist.id
           WHERE placement.status IN ('ready', 'active', 'suspended') AND checklist.superseded_at IS NULL
               AND item.gate IN ('firm_offer', 'entry_on_duty') AND NOT item.is_settled
               AND NOT EXISTS (
                   SELECT 1 FROM placements_checklistitem other
                   WHERE other.checklist_id = item.checklist_id AND item.alternatives <> ''
                       AND other.alternatives = item.alternatives AND other.is_settled AND other.status = 'done')
               AND NOT EXISTS (
                   SELECT 1 FROM placements_startexception exception WHERE exception.placement_id = placement.id)"""
    ),
)
register(
    "I7",
    "a lent person has exactly one of leave of absence and separation on file",
    offenders(
        """SELECT format('placement %s', placement.public_id) FROM placements_placement placement
           WHERE placement.nomination_id IS NOT NULL AND placement.status IN ('ready', 'active', 'suspended')
               AND 1 <> (SELECT count(*) FROM partners_loanterms terms
                         WHERE terms.nomination_id = placement.nomination_id AND terms.superseded_at IS NULL
                             AND terms.kind = placement.kind)"""
    ),
)
register(
    "I17",
    "no firm offer went out but past a signed conflict screen that lets the person pass",
    offenders(
        """SELECT format('offer %s', offer.public_id) FROM placements_offer offer
           WHERE offer.kind = 'firm' AND offer.sent_at IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM placements_determination determination
               LEFT JOIN placements_placement placement ON placement.id = determination.placement_id
               WHERE offer.selection_id IN (determination.selection_id, placement.selection_id)
                   AND determination.signed_at <= offer.sent_at
                   AND coalesce(determination.superseded_at, 'infinity') > offer.sent_at
                   AND (determination.signed_result <> 'block' OR EXISTS (
                       SELECT 1 FROM placements_ethicswaiver waiver
                       WHERE waiver.selection_id = offer.selection_id
                           AND (waiver.authority = '208_b1' OR (waiver.authority = '503_c'
                               AND NOT 'return_right_to_party_with_duties' = ANY (determination.rule_codes)))
                           AND waiver.issued_on <= (offer.sent_at AT TIME ZONE 'America/New_York')::date
                           AND coalesce(waiver.revoked_on, waiver.expires_on, 'infinity')
                               >= (offer.sent_at AT TIME ZONE 'America/New_York')::date)))"""
    ),
)
register(
    "I7",
    "nobody waits for duty on a waiver that is not on file",
    offenders(
        """SELECT format('step %s', item.public_id) FROM placements_checklistitem item
           JOIN placements_checklisttemplatestep step ON step.id = item.step_id
           JOIN placements_checklist checklist ON checklist.id = item.checklist_id
           WHERE step.condition = 'waiver_possible' AND item.status = 'done' AND NOT EXISTS (
               SELECT 1 FROM placements_vettingwaiver waiver WHERE waiver.placement_id = checklist.placement_id)"""
    ),
)


def wrongly_nudged() -> list[str]:
    """Dates of open steps whose nudge is not the last business day on or before them. Holidays are no table, so the
    pairs of dates are counted in the database and judged here."""
    days_closed = closures()
    pairs = (
        ChecklistItem.objects.filter(status__in=OPEN_ITEM_STATES)
        .exclude(Q(due_on__isnull=True) & Q(nudge_on__isnull=True))
        .values_list("due_on", "nudge_on")
        .annotate(Count("pk"))
        .order_by("due_on", "nudge_on")
    )
    return [
        f"{count} open steps due {due_on} are nudged {nudge_on}"
        for due_on, nudge_on, count in pairs
        if due_on is None or nudge_on != last_business_day_on_or_before(due_on, days_closed)
    ]


register("I8", "every open dated step is nudged on the last business day on or before it", wrongly_nudged)
