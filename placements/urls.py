from django.urls import path

from placements.views import (
    agency_candidates,
    agency_certificates,
    agency_class,
    agency_commitments,
    agency_conflicts,
    agency_extensions,
    agency_home,
    agency_interviews,
    agency_numbers,
    agency_offers,
    agency_placements,
    agency_recording,
    agency_steps,
    agency_workbench,
    applicant,
    calendars,
    my_ethics,
    my_extensions,
    my_offers,
    my_service,
    numbers,
)

# What everybody reads.
public = [path("numbers/", numbers.numbers, name="numbers")]

# A person's own pages.
own = [
    path("my/", applicant.my_application, name="my_application"),
    path("my/calendar/", calendars.my_calendar, name="my_calendar"),
    path("my/calendar/renew/", calendars.my_calendar_renew, name="my_calendar_renew"),
    path("my/calendar/revoke/", calendars.my_calendar_revoke, name="my_calendar_revoke"),
    path("my/withdraw/", applicant.my_withdraw, name="my_withdraw"),
    path("my/withdraw/undo/", applicant.my_withdraw_undo, name="my_withdraw_undo"),
    path("my/information/", applicant.my_information, name="my_information"),
    path("my/offers/<uuid:public_id>/", my_offers.my_offer, name="my_offer"),
    path("my/offers/<uuid:public_id>/accept/", my_offers.my_offer_accept, name="my_offer_accept"),
    path("my/offers/<uuid:public_id>/decline/", my_offers.my_offer_decline, name="my_offer_decline"),
    path("my/service/", my_service.my_service, name="my_service"),
    path("my/service/ethics/", my_ethics.my_ethics_answers, name="my_ethics_answers"),
    path("my/service/steps/<uuid:public_id>/more-time/", my_extensions.my_extension, name="my_extension"),
    path(
        "my/service/steps/<uuid:public_id>/more-time/withdraw/",
        my_extensions.my_extension_withdraw,
        name="my_extension_withdraw",
    ),
    path("my/service/steps/done/", my_service.my_steps_submit, name="my_steps_submit"),
    path("my/service/steps/<uuid:public_id>/done/", my_service.my_step_submit, name="my_step_submit"),
]

# The pages of an agency; its openings are in the app `agencies`.
agency = [
    path("agency/", agency_home.home, name="agency"),
    path("agency/candidates/", agency_candidates.candidates, name="agency_candidates"),
    path(
        "agency/candidates/<uuid:referral_id>/<uuid:entry_id>/",
        agency_candidates.candidate,
        name="agency_candidate",
    ),
    path(
        "agency/candidates/<uuid:referral_id>/<uuid:entry_id>/<slug:action>/",
        agency_candidates.candidate_act,
        name="agency_candidate_act",
    ),
    path(
        "agency/interviews/<uuid:public_id>/<slug:action>/",
        agency_interviews.interview_act,
        name="agency_interview_act",
    ),
    path(
        "agency/certificates/<uuid:referral_id>/", agency_certificates.certificate, name="agency_certificate"
    ),
    path("agency/offers/", agency_offers.offers, name="agency_offers"),
    path("agency/offers/new/<uuid:selection_id>/", agency_offers.offer_add, name="agency_offer_add"),
    path("agency/offers/<uuid:public_id>/", agency_offers.offer, name="agency_offer"),
    path("agency/offers/<uuid:public_id>/<slug:action>/", agency_offers.offer_act, name="agency_offer_act"),
    path("agency/placements/", agency_placements.placements, name="agency_placements"),
    path("agency/placements/<uuid:public_id>/", agency_placements.placement, name="agency_placement"),
    path(
        "agency/placements/<uuid:public_id>/<slug:action>/",
        agency_placements.placement_act,
        name="agency_placement_act",
    ),
    path("agency/vetting/", agency_workbench.vetting, name="agency_vetting"),
    path("agency/vetting/detail/", agency_workbench.vetting_detail, name="agency_vetting_detail"),
    path("agency/ethics/", agency_workbench.ethics, name="agency_ethics"),
    path("agency/more-time/<uuid:public_id>/", agency_extensions.extension, name="agency_extension"),
    path(
        "agency/more-time/<uuid:public_id>/<slug:action>/",
        agency_extensions.extension_act,
        name="agency_extension_act",
    ),
    path("agency/import/", agency_recording.import_rows, name="agency_import"),
    path("agency/steps/record/", agency_recording.record_steps, name="agency_steps_record"),
    path("agency/steps/<uuid:public_id>/", agency_steps.step, name="agency_step"),
    path("agency/steps/<uuid:public_id>/<slug:action>/", agency_steps.step_act, name="agency_step_act"),
    path("agency/starts/<slug:day>/", agency_class.starting_class, name="agency_class"),
    path("agency/numbers/", agency_numbers.agency_numbers, name="agency_numbers"),
    path("agency/numbers/<uuid:public_id>/", agency_numbers.agency_figure, name="agency_figure"),
    path("agency/commitments/", agency_commitments.commitments, name="agency_commitments"),
    path("agency/conflicts/", agency_conflicts.conflicts, name="agency_conflicts"),
    path("agency/conflicts/<uuid:public_id>/", agency_conflicts.conflict, name="agency_conflict"),
    path(
        "agency/conflicts/<uuid:public_id>/<slug:action>/",
        agency_conflicts.conflict_act,
        name="agency_conflict_act",
    ),
    path(
        "agency/conflicts/<uuid:public_id>/relationships/<uuid:relationship_id>/",
        agency_conflicts.relationship,
        name="agency_conflict_relationship",
    ),
]

# Calendar files; the feed is read by calendar programs, which sign in nowhere.
calendar = [
    path("calendar/<slug:token>.ics", calendars.feed, name="calendar_feed"),
    path("interviews/<uuid:public_id>/interview.ics", calendars.interview_file, name="interview_file"),
]

urlpatterns = [*public, *own, *agency, *calendar]
