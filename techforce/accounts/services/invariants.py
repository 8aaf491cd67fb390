"""Questions about accounts for `manage.py check_invariants`."""

from techforce.core.invariants import offenders, register

register(
    "I12",
    "no closed account has a session",
    offenders(
        """SELECT format('user %s: %s', person.public_id, count(*))
           FROM usersessions_usersession session JOIN accounts_user person ON person.id = session.user_id
           WHERE NOT person.is_active GROUP BY person.public_id"""
    ),
)
register(
    "I12",
    "no closed account carries or lends duties",
    offenders(
        """SELECT format('delegation %s', delegation.public_id)
           FROM accounts_delegation delegation
           JOIN accounts_user person ON person.id IN (delegation.giver_id, delegation.taker_id)
           WHERE delegation.revoked_at IS NULL AND delegation.ends_on >= current_date AND NOT person.is_active"""
    ),
)
