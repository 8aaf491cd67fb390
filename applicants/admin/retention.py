"""On the records officer's first page: applications that have reached their disposition date."""

from django.utils.translation import gettext_lazy as _

from applicants.models import Application
from applicants.privacy import over_since
from techforce.core.calendar import today
from techforce.core.work import WorkEntry, register

register(
    WorkEntry(
        order=170,
        label=_("Records due for destruction"),
        text=_("Applications that have reached their disposition date; approve that they are destroyed."),
        model=Application,
        page="admin:destruction",
        permission="core.approve_destruction",
        waiting=lambda user: over_since(today(), 1).filter(destroyed_at__isnull=True),
    )
)
