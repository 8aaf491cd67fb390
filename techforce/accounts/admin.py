"""Staff pages for people, OPM roles and delegations. What they do goes through the services."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from techforce.accounts.models import Delegation, OpmMembership, User
from techforce.accounts.services import deactivate_user, delegate, invite, revoke_delegation
from techforce.core.admin.base import Admin
from techforce.core.errors import Refused


@admin.register(User)
class UserAdmin(Admin):
    list_display = ["email", "full_name", "kind", "is_active", "last_login"]
    list_filter = ["kind", "is_active"]
    search_fields = ["=email", "full_name"]
    search_help_text = _("Part of the name, or the whole e-mail address")
    fields = ["email", "full_name", "kind", "is_active", "language", "time_zone", "date_joined", "last_login"]
    readonly_fields = ["email", "kind", "is_active", "date_joined", "last_login"]
    actions = ["deactivate"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People create their own accounts."""
        return False

    def has_deactivate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.deactivate_user")

    @admin.action(
        description=_("Close the selected account and end its sessions"), permissions=["deactivate"]
    )
    def deactivate(self, request: HttpRequest, queryset: models.QuerySet[User]) -> None:
        people = list(queryset[:2])
        if len(people) != 1:
            messages.error(request, _("Close one account at a time: it cannot be undone here."))
        elif _did(request, deactivate_user, user=people[0]):
            messages.success(request, _("The account of %(person)s was closed.") % {"person": people[0]})


class MembershipAdmin(Admin):
    """Adding a role invites a person to it; nobody is ever put into one."""

    list_display: tuple[str, ...] = ("user", "invited_email", "role", "starts_on", "ends_on", "accepted_at")
    list_filter: ClassVar[tuple[str, ...]] = ("role",)
    scope: tuple[str, ...] = ()
    """Columns that say for whom, besides the role."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        asked = [*self.scope, "role", "invited_email", "starts_on", "ends_on"]
        return [*asked, "user", "invited_by", "invited_at", "accepted_at"] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        settled = [*self.scope, "role", "invited_email"] if obj else []
        return [
            *super().get_readonly_fields(request, obj),
            *settled,
            "user",
            "invited_by",
            "invited_at",
            "accepted_at",
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
        else:
            invite(membership=obj, by=request.user)


@admin.register(OpmMembership)
class OpmMembershipAdmin(MembershipAdmin):
    """Roles in the program office."""


@admin.register(Delegation)
class DelegationAdmin(Admin):
    list_display = ["giver", "taker", "starts_on", "ends_on", "revoked_at"]
    fields = ["giver", "taker", "starts_on", "ends_on", "revoked_at"]
    readonly_fields = ["revoked_at"]
    raw_id_fields = ["giver", "taker"]
    actions = ["revoke"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A hand-over is revoked and given anew, never rewritten: acts were made under it."""
        return False

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.revoke_delegation")

    @admin.action(description=_("Revoke the selected delegations"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: models.QuerySet[Delegation]) -> None:
        for delegation in queryset:
            _did(request, revoke_delegation, delegation=delegation)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        saved = delegate(
            giver=obj.giver, taker=obj.taker, starts_on=obj.starts_on, ends_on=obj.ends_on, by=request.user
        )
        obj.pk, obj.public_id = saved.pk, saved.public_id


def _did(request: HttpRequest, act: Any, **subject: Any) -> bool:
    """Do it to one row; a refusal becomes a message and the others go on."""
    try:
        act(**subject, by=request.user)
    except Refused as refusal:
        messages.error(request, f"{next(iter(subject.values()))}: {refusal}")
        return False
    return True
