from django.urls import path

from applicants.views import apply, apply_steps, documents, openings, questions

urlpatterns = [
    path("openings/<uuid:public_id>/", openings.opening, name="opening"),
    path("openings/<uuid:public_id>/interest/", openings.interest, name="opening_interest"),
    path("apply/", apply.start, name="apply"),
    path("apply/<uuid:public_id>/review/", apply.review, name="apply_review"),
    path("apply/<uuid:public_id>/receipt/", apply.receipt, name="apply_receipt"),
    path("apply/<uuid:public_id>/receipt.pdf", apply.receipt_pdf, name="apply_receipt_pdf"),
    path("apply/<uuid:public_id>/discard/", apply.discard, name="apply_discard"),
    path("apply/<uuid:public_id>/resume/preview/", documents.resume_preview, name="apply_resume_preview"),
    path("documents/<uuid:public_id>/", documents.document, name="document"),
    path("apply/<uuid:public_id>/<slug:step>/", apply_steps.step, name="apply_step"),
    path("my/questions/", questions.my_questions, name="my_questions"),
    path("my/questions/ask/", questions.my_question_ask, name="my_question_ask"),
    path("my/questions/<uuid:public_id>/", questions.my_question, name="my_question"),
    path("my/review/<uuid:public_id>/", questions.my_review_request, name="my_review_request"),
]
