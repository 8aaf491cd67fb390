"""Account pages of our own, beside those of allauth and before them."""

from django.urls import path

from techforce.accounts import own_data, views

urlpatterns = [
    path("close/", own_data.close, name="accounts_close"),
    path("data/", own_data.my_data, name="accounts_my_data"),
    path("data/download/", own_data.download, name="accounts_download"),
    path("data/unlock/", own_data.unlock, name="accounts_unlock_data"),
    path("email/", views.Addresses.as_view(), name="account_email"),
    path("extend/", views.extend, name="accounts_extend"),
    path("invitations/<uuid:public_id>/", views.invitation, name="accounts_invitation"),
    path("profile/", views.profile, name="accounts_profile"),
    path("second-factor/", views.explain_second_factor, name="accounts_second_factor"),
]
