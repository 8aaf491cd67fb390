"""What runs in an installation. The launcher starts it, and so does docker-compose.yml; a test compares."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """A process that runs for as long as the installation does."""

    name: str
    command: Sequence[str]
    stop_limit_s: float = 10


# How gunicorn runs (workers, address, limits) is in gunicorn.conf.py, which reads BIND and WEB_CONCURRENCY.
WEB = Service("web", ("gunicorn", "techforce.wsgi"))
WORKER = Service("worker", ("celery", "--app=techforce", "worker", "--loglevel=info", "--concurrency=2"), 30)
SCHEDULER = "--scheduler=techforce.celery:HeartbeatScheduler"
BEAT = Service("beat", ("celery", "--app=techforce", "beat", "--loglevel=info", SCHEDULER))

# Run by the owner of the tables before the services start, in this order, as often as you like.
PREPARATION: tuple[tuple[str, ...], ...] = (
    ("migrate", "--no-input"),
    ("grant_app_role", "techforce_app"),
    ("seed",),
)

# What each service must be told; everything else has a default.
VARIABLES = frozenset(
    {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "MEDIA_ROOT"}
)

HEALTH_PATH = "/healthz"
# What the health page must call well before the launcher says Ready. A missing PDF library does not count.
PARTS = ("web", "database", "broker", "worker", "beat")
