"""Services ask the same rules as pages do."""

from typing import Any

from django.utils.translation import gettext as _

from techforce.core.errors import NotPermitted


def require(permission: str, obj: Any, *, by: Any) -> None:
    if not by.has_perm(permission, obj):
        raise NotPermitted(_("Your role does not allow this."))
