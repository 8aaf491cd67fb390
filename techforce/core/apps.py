from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class CoreConfig(AppConfig):
    """The kernel: workflow, audit, outbox, reminders. It knows no word of the program's domain."""

    name = "techforce.core"
    label = "core"
    default = True

    def ready(self) -> None:
        from techforce.core import checks  # noqa: F401  (registers the system checks)


class TechForceAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site in it; listed in INSTALLED_APPS by its full path."""

    default_site = "techforce.core.admin.site.TechForceAdminSite"
    default = False
