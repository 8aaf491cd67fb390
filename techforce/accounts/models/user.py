"""Who signs in."""

from functools import cached_property
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import _user_has_module_perms, _user_has_perm  # type: ignore[attr-defined]
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from techforce.accounts.models.membership import KNOWS_PEOPLE, OpmMembership
from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import RowQuerySet, is_known

# Applicants, memberships and keys were given to a person or to a machine; they would keep what is not theirs.
STAYS_ITS_KIND = """
    RAISE EXCEPTION 'an account stays a person, a service or the system; make another one'
        USING ERRCODE = 'integrity_constraint_violation';
"""


class UserQuerySet(RowQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Oneself; OPM staff and the system see everybody who signs in, reviewers only their colleagues."""
        if not is_known(user):
            return self.none()
        if user.is_system or user.opm_roles & KNOWS_PEOPLE:
            return self.all()
        own = Q(pk=user.pk)
        if not user.is_staff:
            return self.filter(own)
        return self.filter(own | Q(pk__in=OpmMembership.objects.live().values("user")))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def system(self) -> "User":
        """The actor of what beat and workers do by themselves. It has no password and cannot sign in."""
        return self.get_or_create(
            kind=User.Kind.SYSTEM,
            defaults={"email": "system@techforce.invalid", "password": "!", "full_name": "Tech Force"},
        )[0]


@track("kind", "is_active", "last_login")
@record(
    "Someone or something that signs in.",
    keep="6 years after the last activity (GRS 3.2/030)",
    columns={
        "email": Sensitivity.PERSONAL,
        "full_name": Sensitivity.PERSONAL,
        "password": Sensitivity.RESTRICTED,
    },
)
class User(AbstractBaseUser, Row, Versioned):
    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        SERVICE = "service", _("Service account")
        SYSTEM = "system", _("The system itself")

    email = models.EmailField(_("e-mail address"), unique=True, help_text=_("The address used to sign in"))
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    language = models.CharField(_("language"), max_length=10, default="en-us")
    time_zone = models.CharField(_("time zone"), max_length=60, default="America/New_York")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    acts_alone = False
    """True of the copy that `alone` gives."""

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        indexes = [trigram_index("full_name", name="user_full_name_words")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_user_an_address"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="system"), name="one_system_user"),
            models.CheckConstraint(
                condition=Q(kind__in=["person", "service", "system"]), name="user_kind_known"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="stays_its_kind",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("kind"),
                condition=pgtrigger.Condition("NEW.kind IS DISTINCT FROM OLD.kind"),
                func=STAYS_ITS_KIND,
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return self.full_name or self.email

    def get_short_name(self) -> str:
        return (self.full_name.split() or [self.email])[0]

    @cached_property
    def opm_roles(self) -> frozenset[str]:
        """OPM roles that count today: one's own, and those of the people whose duties one carries. Who configures
        rights does not lend that (docs/adr/0008-delegation.md)."""
        if not self.is_active or self.pk is None:
            return frozenset()
        held = self.opmmemberships.model.objects.held_by(self)
        return frozenset(held.filter(Q(user=self) | ~Q(role="administrator")).values_list("role", flat=True))

    def live_givers(self) -> models.QuerySet[Any]:
        """Keys of those who handed their duties to this person for today, as a subquery."""
        taken = self.delegations_taken.none() if self.acts_alone else self.delegations_taken.live()
        return taken.filter(giver__is_active=True).values("giver")

    @cached_property
    def givers(self) -> tuple["User", ...]:
        """People who handed their duties to this one for today. Machines carry nobody's."""
        if self.acts_alone or not self.is_active or self.pk is None or self.kind != self.Kind.PERSON:
            return ()
        live = self.delegations_taken.live().select_related("giver").order_by("pk")
        return tuple(delegation.giver for delegation in live if delegation.giver.is_active)

    @cached_property
    def stands_for(self) -> frozenset[int]:
        """Keys of the people in whose matters this user decides nothing: oneself and the givers."""
        return frozenset({self.pk, *(giver.pk for giver in self.givers)})

    def alone(self) -> "User":
        """This person without what others lent, read afresh so that nothing remembered counts."""
        person = type(self).objects.get(pk=self.pk)
        person.acts_alone = True
        return person

    def giver_for(self, permission: str, obj: Any = None) -> "User | None":
        """The person whose lent right alone lets this user do it, for the audit; None when the right is one's own."""
        if not self.givers or self.alone().has_perm(permission, obj):
            return None
        return next((giver for giver in self.givers if giver.alone().has_perm(permission, obj)), None)

    @property
    def is_staff(self) -> bool:
        """Whoever holds an OPM role works in the admin."""
        return bool(self.opm_roles)

    @property
    def is_system(self) -> bool:
        return self.kind == self.Kind.SYSTEM

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Rights follow from memberships through rules; there is no superuser who passes everything."""
        return self.is_active and _user_has_perm(self, permission, obj)

    def has_perms(self, permissions: list[str], obj: Any = None) -> bool:
        return all(self.has_perm(permission, obj) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and (self.is_staff or _user_has_module_perms(self, app_label))
