"""Questions about applications for `manage.py check_invariants`: what the constraints hold, asked without them."""

from techforce.core.invariants import offenders, register

register(
    "I1",
    "every application that was submitted has its snapshot, until its disposition date",
    offenders(
        """SELECT format('application %s', application.reference_number)
           FROM core_auditevent event JOIN applicants_application application ON application.id = event.subject_id
           WHERE event.action = 'applicants.application:submit' AND application.destroyed_at IS NULL
               AND NOT EXISTS (
                   SELECT 1 FROM applicants_snapshot snapshot WHERE snapshot.application_id = application.id
               )"""
    ),
)
register(
    "I2",
    "one live application a person and cohort",
    offenders(
        """SELECT format('applicant %s in cohort %s: %s', applicant_id, cohort_id, count(*))
           FROM applicants_application WHERE status <> 'withdrawn'
           GROUP BY applicant_id, cohort_id HAVING count(*) > 1"""
    ),
)
register(
    "I14",
    "no file left quarantine without a scan, and none counts as clean that was not written anew",
    offenders(
        """SELECT format('document %s', public_id) FROM applicants_document
           WHERE (status <> 'quarantined' AND scanned_at IS NULL)
               OR (status IN ('clean', 'replaced') AND clean_sha256 = '')"""
    ),
)
register(
    "I15",
    "nothing that a person wrote is left of a destroyed application",
    offenders(
        """SELECT format('application %s', application.reference_number)
           FROM applicants_application application
           WHERE application.destroyed_at IS NOT NULL AND (
               EXISTS (SELECT 1 FROM applicants_snapshot part WHERE part.application_id = application.id)
               OR EXISTS (SELECT 1 FROM applicants_document part WHERE part.application_id = application.id)
               OR EXISTS (SELECT 1 FROM applicants_casethread part WHERE part.application_id = application.id)
           )"""
    ),
)
register(
    "I16",
    "nobody rated themselves",
    offenders(
        """SELECT format('rating %s', rating.public_id) FROM applicants_rating rating
           JOIN applicants_application application ON application.id = rating.application_id
           JOIN applicants_applicant person ON person.id = application.applicant_id
           WHERE person.user_id = rating.rater_id"""
    ),
)
