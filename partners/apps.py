from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    """Companies that lend staff, and the people whom they nominate."""

    name = "partners"

    def ready(self) -> None:
        from applicants.querysets import register_ties
        from partners import notifications, permissions, privacy, reminders  # noqa: F401  (register what is theirs)
        from partners.models import PartnerMembership
        from partners.querysets import applicants_of_recused_companies
        from partners.services import (
            leaving,  # noqa: F401  (registers what becomes of a closed account)
            seed_partners,  # importing them registers the guards
        )
        from partners.services.addresses import is_own_employers_address, is_partner_domain
        from techforce.accounts.addresses import bar_identities, register_employer_domains
        from techforce.accounts.registry import register_membership
        from techforce.accounts.second_factor import require_for
        from techforce.core.seeding import register_seeder

        require_for(permissions.holds_a_membership)
        register_membership(PartnerMembership)
        register_ties(applicants_of_recused_companies)
        register_employer_domains(is_partner_domain)
        bar_identities(is_own_employers_address)
        register_seeder("partners", seed_partners)
        self._offer_pages()

    def _offer_pages(self) -> None:
        from partners import permissions
        from techforce.core import navigation

        navigation.register(
            navigation.NavItem(30, "partner", _("Nominations"), permissions.holds_a_membership)
        )
        navigation.register_beginning(navigation.Beginning(30, "partner", permissions.holds_a_membership))
