"""Keys for an agency's machines. The key is shown once; the database keeps its hash."""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, ApiClient
from techforce.accounts.models import User
from techforce.core.audit import record_event
from techforce.core.errors import NotPermitted
from techforce.core.services import service

KEY_BYTES = 32
LONGEST_LIFE = datetime.timedelta(days=366)


@service
def create_api_client(
    *, agency: Agency, name: str, scopes: Iterable[str], expires_at: datetime.datetime, by: Any
) -> tuple[ApiClient, str]:
    """Make a service account with a key. Returns the client and the key, which cannot be shown again."""
    if not by.has_perm("agencies.add_apiclient", agency):
        raise NotPermitted(_("Your role does not allow API clients for this agency."))
    key = secrets.token_urlsafe(KEY_BYTES)
    machine = User.objects.create_user(
        email=f"api-{uuid.uuid4()}@techforce.invalid", kind=User.Kind.SERVICE, full_name=f"{agency}: {name}"
    )
    client = ApiClient.objects.create(
        user=machine,
        agency=agency,
        name=name,
        scopes=sorted(set(scopes)),
        key_hash=hash_of(key),
        expires_at=min(expires_at, timezone.now() + LONGEST_LIFE),
    )
    record_event("agencies.apiclient:create", subject=client, by=by, detail={"scopes": client.scopes})
    return client, key


@service
def revoke_api_client(*, client: ApiClient, by: Any) -> None:
    """The key stops working at once."""
    if not by.has_perm("agencies.change_apiclient", client):
        raise NotPermitted(_("Your role does not allow API clients for this agency."))
    if ApiClient.objects.filter(pk=client.pk, revoked_at__isnull=True).update(revoked_at=timezone.now()):
        record_event("agencies.apiclient:revoke", subject=client, by=by)
    client.refresh_from_db()


def client_of_key(key: str) -> ApiClient | None:
    """The usable client with this key."""
    found: ApiClient | None = (
        ApiClient.objects.usable(timezone.now()).filter(key_hash=hash_of(key)).select_related("user").first()
    )
    return found


def end_api_access(user: Any) -> None:
    """A deactivated service account keeps no key."""
    ApiClient.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=timezone.now())


def hash_of(key: str) -> str:
    """A plain hash is enough: the key has 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(key.encode()).hexdigest()
