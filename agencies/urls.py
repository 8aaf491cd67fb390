from django.urls import path

from agencies.views import acting, drafting, own, public, revising

urlpatterns = [
    path("openings/", public.opening_list, name="openings"),
    path("agency/openings/", own.agency_openings, name="agency_openings"),
    path("agency/openings/new/", drafting.add_opening, name="agency_opening_add"),
    path("agency/openings/<uuid:public_id>/", own.agency_opening, name="agency_opening"),
    path("agency/openings/<uuid:public_id>/edit/", drafting.edit, name="agency_opening_edit"),
    path("agency/openings/<uuid:public_id>/change/", revising.propose, name="agency_opening_change"),
    path("agency/openings/<uuid:public_id>/<slug:action>/", acting.act, name="agency_opening_act"),
]
