from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and machines that sign in, and what they may do."""

    name = "techforce.accounts"
    label = "accounts"

    def ready(self) -> None:
        from techforce.accounts import mails, permissions, privacy  # noqa: F401  (register what is theirs)
        from techforce.accounts.models import OpmMembership
        from techforce.accounts.registry import register_membership

        register_membership(OpmMembership)
