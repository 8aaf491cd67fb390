"""Pages without an address of their own: a person has to do something to see them.

Each journey drives the browser and yields where a page is to be examined.
"""

from tests.browser.journeys import accounts, applying, offices, openings, partners, service
from tests.browser.journeys.ways import Journey, enter, nominate, type_password

__all__ = ["JOURNEYS", "Journey", "enter", "nominate", "type_password"]

JOURNEYS: tuple[Journey, ...] = (
    accounts.creating_an_account,
    accounts.mistyping_the_password,
    accounts.signing_in_by_mail,
    accounts.forgetting_the_password,
    accounts.using_the_second_factor,
    accounts.lacking_the_second_factor,
    accounts.making_recovery_codes,
    accounts.proving_again,
    accounts.being_invited,
    accounts.saving_a_profile_twice,
    offices.reading_the_mailbox,
    offices.failing_a_staff_form,
    openings.reading_an_opening,
    openings.writing_an_opening,
    openings.changing_a_published_opening,
    applying.applying,
    applying.submitting,
    offices.choosing_a_candidate,
    offices.making_an_offer,
    offices.correcting_a_figure,
    offices.recording_a_step,
    offices.deciding_about_a_conflict,
    service.asking_for_more_time,
    service.answering_a_request_for_more_time,
    service.reporting_a_change_of_duties,
    applying.asking_the_program_office,
    partners.nominating_a_person,
    partners.recording_the_terms_of_a_loan,
    partners.answering_a_nomination,
)
