"""The Celery application and its schedule. Ticks carry no data, so two beats do no harm."""

import os
import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.schedules import crontab
from celery.signals import worker_ready
from django.db import DatabaseError, close_old_connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "techforce.settings")

app = Celery("techforce")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["techforce.core"])
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "show-life": {"task": "techforce.core.tasks.show_life", "schedule": 15.0, "options": {"expires": 60}},
    "sweep-outbox": {
        "task": "techforce.core.tasks.sweep_outbox",
        "schedule": 15.0,
        "options": {"expires": 60},
    },
    "sweep-reminders": {
        "task": "techforce.core.tasks.sweep_reminders",
        "schedule": 60.0,
        "options": {"expires": 300},
    },
    "compare-dates": {
        "task": "techforce.core.tasks.compare_dates",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 300},
    },
    "close-openings": {"task": "agencies.tasks.close_past_openings", "schedule": crontab(minute="*/5")},
    "withdraw-due": {"task": "applicants.tasks.withdraw_due", "schedule": crontab(minute="*/5")},
    "lapse-expired": {"task": "applicants.tasks.lapse_expired", "schedule": crontab(minute=17)},
    "scan-quarantined": {
        "task": "applicants.tasks.scan_quarantined",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "keep-draft-dates": {"task": "applicants.tasks.keep_draft_dates", "schedule": crontab(minute="*/5")},
    "expire-invitations": {"task": "applicants.tasks.expire_invitations", "schedule": crontab(minute="*/15")},
    "expire-offers": {"task": "placements.tasks.expire_offers", "schedule": crontab(minute="*/5")},
    "close-selections-of-withdrawn": {
        "task": "placements.tasks.close_selections_of_withdrawn",
        "schedule": crontab(minute="*/5"),
    },
    "cancel-idle-interviews": {
        "task": "placements.tasks.cancel_idle_interviews",
        "schedule": crontab(minute="*/5"),
    },
    "expire-certificates": {"task": "placements.tasks.expire_certificates", "schedule": crontab(minute=23)},
    "keep-dates": {"task": "placements.tasks.keep_dates", "schedule": crontab(hour=5, minute=11)},
    "keep-measures": {"task": "placements.tasks.keep_measures", "schedule": crontab(minute=37)},
    "keep-numbers": {"task": "placements.tasks.keep_numbers", "schedule": crontab(minute=41)},
    "expire-steps": {"task": "placements.tasks.expire_steps", "schedule": crontab(minute=29)},
    "expire-nominations": {
        "task": "partners.tasks.expire_invitations",
        "schedule": crontab(minute="*/15"),
    },
    "close-cohorts": {
        "task": "techforce.program.tasks.close_past_cohorts",
        "schedule": crontab(minute="*/5"),
    },
    "check-invariants": {"task": "techforce.core.tasks.check_invariants", "schedule": crontab(minute=7)},
}


@worker_ready.connect
def show_first_sign_of_life(**_: Any) -> None:
    """At once, so that nobody waits for the first tick to see the worker alive, or for the first measured times."""
    app.send_task("techforce.core.tasks.show_life", expires=60)
    app.send_task("placements.tasks.keep_measures", expires=600)


class HeartbeatScheduler(Scheduler):
    """Beat's own sign of life, written at most every fifteen seconds while it turns.

    It keeps no file: a tick carries no data, and what is due is read from the database.
    """

    last_sign = 0.0

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._show_life()
        return min(super().tick(*args, **kwargs), 15.0)

    def _show_life(self) -> None:
        # Imported here because beat loads this module before Django's apps are ready.
        from techforce.core import health

        if time.monotonic() - self.last_sign < 15:
            return
        close_old_connections()
        try:
            health.beat_heart(health.BEAT)
            self.last_sign = time.monotonic()
        except DatabaseError:
            # The database is away; beat goes on turning and /healthz shows the silence.
            self.logger.warning("heartbeat not written")
