"""What every template may ask."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    return {"is_demo": settings.DEMO, "is_official_site": settings.OFFICIAL_SITE}
