"""Two backends: allauth signs people in, rules answer what they may do."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from rules.permissions import ObjectPermissionBackend


class SignInBackend(AuthenticationBackend):
    """Signs people in, and grants nothing: rights follow from memberships."""

    def user_can_authenticate(self, user: Any) -> bool:
        """A deactivated person, a service account and the system itself have no session (I12)."""
        return bool(super().user_can_authenticate(user) and user.kind == user.Kind.PERSON)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()


class RulesBackend(ObjectPermissionBackend):
    """The rules of every app's `permissions.py`."""
