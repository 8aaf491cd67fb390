"""The gates stand before allauth's addresses, under the same names."""

from django.urls import include, path

from techforce.demo.login_gov import gates, views

urlpatterns = [
    path("", views.people, name="people"),
    path("identity/o/authorize", gates.authorize),
    path("identity/o/api/token", gates.token),
    path("", include("allauth.idp.urls")),
]
