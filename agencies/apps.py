from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """Who hires."""

    name = "agencies"

    def ready(self) -> None:
        from agencies import (  # noqa: F401  (register rules, guards, messages)
            notifications,
            permissions,
            privacy,
            reminders,
            services,
        )
        from agencies.models import AgencyMembership
        from agencies.services.api_clients import end_api_access
        from agencies.services.seeding import seed_agencies
        from techforce.accounts.registry import register_access_ender, register_membership
        from techforce.accounts.second_factor import require_for
        from techforce.core.seeding import register_seeder

        require_for(permissions.holds_a_membership)
        register_membership(AgencyMembership)
        register_access_ender("agencies.api-clients", end_api_access)
        register_seeder("agencies", seed_agencies)
        self._offer_pages()

    def _offer_pages(self) -> None:
        from agencies import permissions
        from agencies.models import Opening
        from agencies.workflow import OpeningStatus
        from techforce.core import navigation, work

        navigation.register(
            navigation.NavItem(10, "openings", _("Openings")),
            navigation.NavItem(20, "agency_openings", _("Your openings"), permissions.prepares_openings.test),
        )
        work.register(
            work.WorkEntry(
                order=200,
                label=_("Openings to approve"),
                text=_("Agencies wait for these to be published or to come back with comments."),
                model=Opening,
                query={"status__exact": OpeningStatus.SUBMITTED},
                waiting=lambda user: Opening.objects.visible_to(user).filter(status=OpeningStatus.SUBMITTED),
            )
        )
