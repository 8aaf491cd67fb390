from django.urls import path

from placements.views import (
    agency_candidates,
    agency_certificates,
    agency_class,
    agency_commitments,
    agency_conflicts,
    agency_home,
    agency_offers,
    agency_placements,
    agency_steps,
    applicant,
    my_offers,
    my_service,
)

# A person's own pages.
own = [
    path("my/", applicant.my_application, name="my_application"),
    path("my/withdraw/", applicant.my_withdraw, name="my_withdraw"),
    path("my/withdraw/undo/", applicant.my_withdraw_undo, name="my_withdraw_undo"),
    path("my/information/", applicant.my_information, name="my_information"),
    path("my/offers/<uuid:public_id>/", my_offers.my_offer, name="my_offer"),
    path("my/offers/<uuid:public_id>/accept/", my_offers.my_offer_accept, name="my_offer_accept"),
    path("my/offers/<uuid:public_id>/decline/", my_offers.my_offer_decline, name="my_offer_decline"),
    path("my/service/", my_service.my_service, name="my_service"),
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
    path("agency/steps/<uuid:public_id>/", agency_steps.step, name="agency_step"),
    path("agency/steps/<uuid:public_id>/<slug:action>/", agency_steps.step_act, name="agency_step_act"),
    path("agency/starts/<slug:day>/", agency_class.starting_class, name="agency_class"),
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

urlpatterns = [*own, *agency]
