from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """The kernel: workflow, audit, outbox, reminders. It knows no word of the program's domain."""

    name = "techforce.core"
    label = "core"
    default = True

    def ready(self) -> None:
        from techforce.core import checks, logs, reminders, seeding  # noqa: F401  (register checks and a message)
        from techforce.core.records import logs_due  # noqa: F401  (registers schedules)
        from techforce.core.reminders import ladder_changes
        from techforce.core.workflow import invariants  # noqa: F401  (registers a question)

        seeding.register_seeder("core", ladder_changes.seed_ladders)
        logs.configure()
        self._say_what_waits()

    def _say_what_waits(self) -> None:
        from techforce.core.models import Bounce, Delivery, OutboxMessage
        from techforce.core.work import WorkEntry, register

        register(
            WorkEntry(
                order=900,
                label=_("Messages of unknown fate"),
                text=_("Nobody knows whether these arrived. Ask the receiver, then decide."),
                model=OutboxMessage,
                query={"delivery__exact": Delivery.UNCONFIRMED},
                waiting=lambda user: OutboxMessage.objects.filter(delivery=Delivery.UNCONFIRMED),
            ),
            WorkEntry(
                order=901,
                label=_("Refused messages"),
                text=_("The receiver did not take these. Check the address."),
                model=OutboxMessage,
                query={"delivery__exact": Delivery.FAILED},
                waiting=lambda user: OutboxMessage.objects.filter(delivery=Delivery.FAILED),
            ),
            WorkEntry(
                order=902,
                label=_("People whom our mail does not reach"),
                text=_("The address takes no mail. Call them, then settle it."),
                model=Bounce,
                waiting=lambda user: Bounce.objects.unsettled(),
            ),
        )


class TechForceAdminConfig(admin_apps.AdminConfig):
    """Django's admin with our site in it; listed in INSTALLED_APPS by its full path."""

    default_site = "techforce.core.site.TechForceAdminSite"
    default = False
