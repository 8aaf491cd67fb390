from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People and machines that sign in, and what they may do."""

    name = "techforce.accounts"
    label = "accounts"

    def ready(self) -> None:
        from techforce.accounts import mails, permissions, privacy, reminders, services  # noqa: F401  (register)
        from techforce.accounts.models import OpmMembership
        from techforce.accounts.registry import register_membership
        from techforce.core import navigation

        register_membership(OpmMembership)
        navigation.register(navigation.NavItem(90, "admin:index", _("Work"), navigation.is_staff))
        navigation.register_beginning(navigation.Beginning(10, "admin:index", navigation.is_staff))
