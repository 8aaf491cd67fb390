"""Questions about openings for `manage.py check_invariants`: what the constraints hold, asked without them."""

from techforce.core.invariants import offenders, register

register(
    "I4",
    "no opening has more seats filled than it has seats",
    offenders(
        """SELECT format('opening %s: %s of %s', public_id, seats_filled, seats) FROM agencies_opening
           WHERE seats_filled NOT BETWEEN 0 AND seats"""
    ),
)
register(
    "I5",
    "the pay range of every opening past draft overlaps its cohort's band or has its own exception",
    offenders(
        """SELECT format('opening %s: %s to %s', opening.public_id, opening.pay_low, opening.pay_high)
           FROM agencies_opening opening
           JOIN program_cohort cohort ON cohort.id = opening.cohort_id
           LEFT JOIN agencies_paybandexception allowed
               ON allowed.id = opening.band_exception_id AND allowed.opening_id = opening.id
               AND allowed.pay_low = opening.pay_low AND allowed.pay_high = opening.pay_high
           WHERE opening.status <> 'draft' AND allowed.id IS NULL
               AND NOT coalesce(opening.pay_low <= cohort.pay_max AND opening.pay_high >= cohort.pay_min, false)"""
    ),
)
register(
    "I5",
    "the term of every opening lies within its cohort's",
    offenders(
        """SELECT format('opening %s: %s months', opening.public_id, opening.term_months)
           FROM agencies_opening opening JOIN program_cohort cohort ON cohort.id = opening.cohort_id
           WHERE opening.term_months NOT BETWEEN 1 AND cohort.term_months"""
    ),
)
register(
    "I12",
    "no key of a closed account is still good",
    offenders(
        """SELECT format('API client %s', client.public_id)
           FROM agencies_apiclient client JOIN accounts_user machine ON machine.id = client.user_id
           WHERE client.revoked_at IS NULL AND client.expires_at > now() AND NOT machine.is_active"""
    ),
)
register(
    "I18",
    "no message about a restricted relationship goes to anybody but its readers and the ethics officials",
    offenders(
        """SELECT format('message %s', message.public_id)
           FROM core_outboxmessage message
           JOIN agencies_officepartnerrelationship relationship ON relationship.id = message.subject_id
           JOIN agencies_office office ON office.id = relationship.office_id
           WHERE message.subject_type = 'agencies.officepartnerrelationship' AND relationship.is_restricted
               AND NOT EXISTS (
                   SELECT 1 FROM agencies_relationshipreader reader
                   WHERE reader.relationship_id = relationship.id AND reader.user_id = message.recipient_id
               )
               AND NOT EXISTS (
                   SELECT 1 FROM agencies_agencymembership held
                   WHERE held.user_id = message.recipient_id AND held.role = 'ethics_official'
                       AND held.agency_id = office.agency_id
                       AND (held.office_id IS NULL OR held.office_id = office.id)
               )"""
    ),
)
