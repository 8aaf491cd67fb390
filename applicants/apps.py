from typing import Any

from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class ApplicantsConfig(AppConfig):
    """Who applies, and how they are assessed."""

    name = "applicants"

    def ready(self) -> None:
        from applicants import (  # noqa: F401  (register what is theirs)
            notifications,
            permissions,
            privacy,
            reminders,
            services,
        )
        from applicants.services import leaving  # noqa: F401  (registers what becomes of a closed account)
        from applicants.services.employer_addresses import is_own_employers_domain
        from techforce.accounts.addresses import register_own_employers
        from techforce.core import navigation

        register_own_employers(is_own_employers_domain)
        navigation.register(
            navigation.NavItem(15, "apply", pgettext_lazy("menu", "Apply"), is_shown=holds_no_role)
        )


def holds_no_role(user: Any) -> bool:
    """Visitors, and people who are here for themselves: everybody who must have a second factor has a role."""
    from techforce.accounts import second_factor

    return not (user.is_authenticated and second_factor.is_required(user))
