"""The directory of companies. Whether one lends staff, and under what agreement, is `partners.Partner`."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import PublicQuerySet
from techforce.program.querysets import CompanyQuerySet, ReferenceQuerySet

# Both triggers run under one lock, so that two moves at once cannot close a circle together.
PLACE_IN_FAMILY = """
    PERFORM pg_advisory_xact_lock(hashtext('program_company.family'));
    IF NEW.parent_id IS NULL THEN
        NEW.family_root_id = NEW.id;
        RETURN NEW;
    END IF;
    WITH RECURSIVE line AS (
        SELECT id, parent_id FROM program_company WHERE id = NEW.parent_id
        UNION
        SELECT above.id, above.parent_id FROM program_company above JOIN line ON above.id = line.parent_id
    )
    SELECT bool_or(id = NEW.id), max(id) FILTER (WHERE parent_id IS NULL) INTO is_circle, root FROM line;
    IF is_circle OR NEW.parent_id = NEW.id THEN
        RAISE EXCEPTION 'company % cannot be its own ancestor', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    NEW.family_root_id = root;
    RETURN NEW;
"""
MOVE_DESCENDANTS = """
    WITH RECURSIVE below AS (
        SELECT id FROM program_company WHERE parent_id = NEW.id
        UNION
        SELECT child.id FROM program_company child JOIN below ON child.parent_id = below.id
    )
    UPDATE program_company SET family_root_id = NEW.family_root_id WHERE id IN (SELECT id FROM below);
    RETURN NULL;
"""


@track("parent", "family_root")
@record("A company, or a brand or subsidiary of one.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class Company(Row, Versioned):
    name = models.CharField(_("name"), max_length=120, help_text=_("As the public knows it"))
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent company"),
    )
    family_root = models.ForeignKey(
        "self",
        models.DO_NOTHING,
        editable=False,
        related_name="family_members",
        verbose_name=_("family"),
        help_text=_("Top of the corporate family, kept by a trigger; conflicts of interest run to all of it"),
    )

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ("name",)
        indexes = [
            models.Index(fields=["name", "id"], name="company_by_name"),
            trigram_index("name", name="company_name_words"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_company_a_name"),
            models.CheckConstraint(condition=~Q(name=""), name="company_has_a_name"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="company_not_its_own_parent"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="place_in_family",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "family_root_id"),
                declare=[("is_circle", "boolean"), ("root", "bigint")],
                func=PLACE_IN_FAMILY,
            ),
            pgtrigger.Trigger(
                name="move_descendants",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("parent_id", "family_root_id"),
                condition=pgtrigger.Condition("NEW.family_root_id IS DISTINCT FROM OLD.family_root_id"),
                func=MOVE_DESCENDANTS,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def family(self) -> CompanyQuerySet:
        """This company and all others under the same top."""
        return Company.objects.family_of(self)


@record("Another name of a company.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class CompanyAlias(models.Model):
    company = models.ForeignKey(Company, models.CASCADE, related_name="aliases", verbose_name=_("company"))
    name = models.CharField(_("alias"), max_length=120)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ("name",)
        indexes = [trigram_index("name", name="alias_name_words")]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_company_an_alias"),
            models.CheckConstraint(condition=~Q(name=""), name="alias_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class ChannelKind(models.TextChoices):
    SEARCH = "search", _("Search engine")
    SOCIAL = "social", _("Social media")
    JOB_BOARD = "job_board", _("Job site")
    CAMPUS = "campus", _("College or university")
    EVENT = "event", _("Event")
    NEWS = "news", _("News")
    AGENCY = "agency", _("Federal agency")
    PARTNER = "partner", _("Partner company")
    PERSON = "person", _("Someone they know")
    OTHER = "other", _("Other")


@track("kind", "company", "is_active")
@record("A way in which people hear of the program.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class RecruitingChannel(Row):
    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ChannelKind)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="channels", verbose_name=_("company")
    )
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("May be chosen for something new")
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("recruiting channel")
        verbose_name_plural = _("recruiting channels")
        ordering = ("kind", "name")
        indexes = [trigram_index("name", name="channel_name_words")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="channel_kind_known"),
            models.CheckConstraint(
                condition=Q(company__isnull=True) | Q(kind="partner"), name="channel_of_a_company_is_partner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
