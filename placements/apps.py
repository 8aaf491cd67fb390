from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacementsConfig(AppConfig):
    """Puts people and openings together, and watches over them until the term is over."""

    name = "placements"

    def ready(self) -> None:
        from partners.services.standing import register_progress
        from partners.services.terms import register_follower
        from placements import (  # noqa: F401  (register what is theirs)
            notifications,
            permissions,
            privacy,
            reminders,
        )
        from placements.services import (
            leaving,  # noqa: F401  (registers what becomes of a closed account)
            seed_placements,  # importing them registers the guards
        )
        from placements.services.progress import progress_of
        from placements.services.reclassification import following_terms
        from techforce.core.seeding import register_seeder

        register_seeder("placements", seed_placements)
        register_progress(progress_of)
        register_follower(following_terms)
        self._offer_pages()

    def _offer_pages(self) -> None:
        from agencies.permissions import holds_a_membership
        from techforce.core.navigation import Beginning, NavItem, register, register_beginning

        register(NavItem(12, "my_application", _("My application"), acts_for_nobody_else))
        register(NavItem(18, "agency", _("Agency work"), holds_a_membership))
        register_beginning(Beginning(200, "agency", holds_a_membership))
        register_beginning(Beginning(900, "my_application", acts_for_nobody_else))


def acts_for_nobody_else(user: Any) -> bool:
    """A person without a role at OPM, in an agency or in a company: whoever is here for themselves. Asks only what the
    request has loaded already."""
    from agencies.permissions import live_memberships as in_agencies
    from partners.permissions import live_memberships as in_companies

    is_person = user.is_authenticated and user.kind == user.Kind.PERSON and not user.is_staff
    return bool(is_person and not in_agencies(user) and not in_companies(user))
