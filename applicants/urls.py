from django.urls import path

from applicants.views import apply, apply_steps, openings

urlpatterns = [
    path("openings/<uuid:public_id>/", openings.opening, name="opening"),
    path("openings/<uuid:public_id>/interest/", openings.interest, name="opening_interest"),
    path("apply/", apply.start, name="apply"),
    path("apply/<uuid:public_id>/review/", apply.review, name="apply_review"),
    path("apply/<uuid:public_id>/receipt/", apply.receipt, name="apply_receipt"),
    path("apply/<uuid:public_id>/receipt.pdf", apply.receipt_pdf, name="apply_receipt_pdf"),
    path("apply/<uuid:public_id>/discard/", apply.discard, name="apply_discard"),
    path("apply/<uuid:public_id>/<slug:step>/", apply_steps.step, name="apply_step"),
]
