"""A person who may apply. "Person" in a constraint means this row."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applicants.querysets import ApplicantQuerySet
from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned

ONLY_A_PERSON = """
    PERFORM 1 FROM accounts_user WHERE id = NEW.user_id AND kind = 'person' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an applicant is a person, not a machine'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


@track("user")
@record(
    "A person who may apply, with contact details that stay editable.",
    keep="GRS 2.1/060, 1 year after the last application closes",
    sensitivity=Sensitivity.PERSONAL,
)
class Applicant(Row, Versioned):
    """One account, one person. No birth date, no Social Security number: neither is asked anywhere."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="applicant", verbose_name=_("account")
    )
    legal_name = models.CharField(_("legal name"), max_length=200, help_text=_("As on an identity document"))
    preferred_name = models.CharField(_("preferred name"), max_length=200, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True, help_text=_("Two letters; empty: abroad"))

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
        indexes = [
            trigram_index("legal_name", name="applicant_legal_name_words"),
            trigram_index("preferred_name", name="applicant_known_name_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(legal_name=""), name="applicant_has_a_name"),
            models.CheckConstraint(condition=Q(state__regex=r"^([A-Z]{2})?$"), name="applicant_state_form"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="only_a_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
                func=ONLY_A_PERSON,
            )
        ]

    def __str__(self) -> str:
        return self.preferred_name or self.legal_name
