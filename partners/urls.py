from django.urls import path

from partners.views import colleagues, nominating, person, roster

urlpatterns = [
    path("partner/", roster.roster, name="partner"),
    path("partner/colleagues/", colleagues.colleagues, name="partner_colleagues"),
    path(
        "partner/colleagues/<uuid:public_id>/withdraw/",
        colleagues.withdraw,
        name="partner_colleague_withdraw",
    ),
    path("partner/nominate/", nominating.nominate, name="partner_nominate"),
    path("partner/nominations/<uuid:public_id>/", roster.nomination, name="partner_nomination"),
    path("partner/nominations/<uuid:public_id>/invite/", nominating.invite, name="partner_invite"),
    path("partner/nominations/<uuid:public_id>/revoke/", nominating.revoke, name="partner_revoke"),
    path("partner/nominations/<uuid:public_id>/terms/", nominating.terms, name="partner_terms"),
    path("nomination/<uuid:public_id>/", person.nomination, name="nomination"),
    path("nomination/<uuid:public_id>/decline/", person.decline, name="nomination_decline"),
]
