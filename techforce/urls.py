"""Every address of the site. Order: public pages, the domain apps, accounts, staff, demonstration."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from techforce import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    *(
        path(f"{name.replace('_', '-')}/", views.page, {"name": name}, name=name)
        for name in (
            "about",
            "accessibility",
            "privacy",
            "disclosure",
            "foia",
            "no_fear_act",
            "inspector_general",
        )
    ),
    path("", include("agencies.urls")),
    path("", include("applicants.urls")),
    path("", include("partners.urls")),
    path("", include("placements.urls")),
    path("reminders/", include("techforce.core.urls")),
    path("accounts/", include("techforce.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *([path("", include("techforce.demo.urls"))] if settings.DEMO or settings.TESTING else []),
]
