"""How often something may be asked. Counted in Redis; while it is away nothing is refused, because what is limited
here is guarded by more than the limit."""

import redis.exceptions
import structlog
from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

log = structlog.get_logger(__name__)


def is_too_often(request: HttpRequest | None, name: str, limit: int, *, seconds: int) -> bool:
    """Count this time, and say whether it is one too many within a window of so many seconds: for the caller of
    `request`, or for everybody who shares `name`."""
    caller = get_adapter().get_client_ip(request) if request else ""
    key = f"rate:{name}:{caller}"
    try:
        cache.add(key, 0, timeout=seconds)
        return cache.incr(key) > limit
    except ValueError:  # the window ended between the two
        return False
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
        log.warning("rate_limit_away")
        return False
