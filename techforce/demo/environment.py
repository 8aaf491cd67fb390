"""The environment that the embedded servers give to every process, for whatever the caller has not set."""

import os
import secrets

from techforce.demo import places
from techforce.demo.postgres import APP_ROLE, OWNER_ROLE, Postgres
from techforce.demo.valkey import Valkey

HOST = "127.0.0.1"


def fill_environment() -> None:
    """Make settings complete: start the servers that no variable names, and call this installation a demo.

    A caller with a DATABASE_URL of its own is not touched beyond that: it may be production.
    """
    if "DATABASE_URL" in os.environ:
        return
    postgres = Postgres(places.POSTGRES)
    postgres.acquire()
    os.environ["DATABASE_URL"] = postgres.url(role=OWNER_ROLE)
    os.environ["APP_DATABASE_URL"] = postgres.url(role=APP_ROLE)
    os.environ.setdefault("APP_DATABASE_ROLE", APP_ROLE)
    fill_demo_settings()
    fill_broker()


def fill_broker() -> None:
    """Start the embedded broker unless REDIS_URL names another one."""
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(places.VALKEY)
        valkey.acquire()
        os.environ["REDIS_URL"] = valkey.url


def fill_demo_settings() -> None:
    """What the settings of a demo need beside its servers."""
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("SECRET_KEY", secret_key())
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    os.environ.setdefault("MEDIA_ROOT", str(places.MEDIA))
    if "EMAIL_URL" not in os.environ:
        os.environ.setdefault("MAIL_RECEIPTS", "techforce.demo.sink.has_message")


def secret_key() -> str:
    """One key for the life of this demo, so that sessions outlive a restart."""
    path = places.LOCAL / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()
