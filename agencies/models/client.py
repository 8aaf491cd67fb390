"""An agency's machine: a service account with a key of which only the hash is kept."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.querysets import ApiClientQuerySet
from techforce.core.history import track
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

ONLY_A_SERVICE_ACCOUNT = """
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id AND kind = 'service' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an API client needs a service account'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class ApiScope(models.TextChoices):
    OPENINGS_READ = "openings:read", _("Read openings")
    OPENINGS_WRITE = "openings:write", _("Write openings")
    CANDIDATES_READ = "candidates:read", _("Read referred candidates")
    SELECTIONS_WRITE = "selections:write", _("Write selections")


@track("user", "agency", "expires_at", "revoked_at")
@record(
    "A machine of an agency that uses the API.",
    keep="6 years after it ends (GRS 3.2/030)",
    columns={"key_hash": Sensitivity.RESTRICTED},
)
class ApiClient(Row, Versioned):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_client", verbose_name=_("service account")
    )
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="api_clients", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=120)
    scopes = ArrayField(models.CharField(max_length=20, choices=ApiScope), verbose_name=_("scopes"))
    key_hash = models.CharField(
        _("key hash"),
        max_length=64,
        unique=True,
        editable=False,
        help_text=_("SHA-256 of a random 256-bit key"),
    )
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("API client")
        verbose_name_plural = _("API clients")
        ordering = ("agency", "name")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "name"],
                condition=Q(revoked_at__isnull=True),
                name="one_live_api_client_a_name",
            ),
            models.CheckConstraint(
                condition=Q(key_hash__regex=r"^[0-9a-f]{64}$"), name="api_client_key_is_hashed"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_client_expires_later"
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=list(ApiScope.values), scopes__len__gt=0),
                name="api_client_scopes_known",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_a_service_account",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
                func=ONLY_A_SERVICE_ACCOUNT,
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.name}"
