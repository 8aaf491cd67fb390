"""Who hires: agencies and their offices, what they pledge to a cohort, and how fast they promise to clear
people."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agencies.querysets import AgencyScopedQuerySet
from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row, Versioned
from techforce.core.querysets import PublicQuerySet
from techforce.program.models import Cohort, VettingTier

# Two moves at once could close a circle together, so they take turns.
NO_CIRCLE = """
    PERFORM pg_advisory_xact_lock(hashtext('agencies_agency.parent'));
    IF EXISTS (
        WITH RECURSIVE line AS (
            SELECT NEW.parent_id AS id
            UNION
            SELECT above.parent_id FROM agencies_agency above JOIN line ON above.id = line.id
        )
        SELECT 1 FROM line WHERE id = NEW.id
    ) THEN
        RAISE EXCEPTION 'agency % cannot be part of itself', NEW.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
"""


class AgencyLevel(models.TextChoices):
    DEPARTMENT = "department", _("Department or independent agency")
    SUBELEMENT = "subelement", _("Component")


@track("parent", "level", "is_cfo_act", "is_active")
@record("A federal agency or a component of one.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class Agency(Row, Versioned):
    """The tree is for reading only: rights over a department are not rights over its components."""

    code = models.CharField(
        _("code"), max_length=4, unique=True, help_text=_("As in the USAJOBS list of agencies")
    )
    name = models.CharField(_("name"), max_length=160, help_text=_("The legal name"))
    display_name = models.CharField(
        _("display name"),
        max_length=160,
        blank=True,
        help_text=_("Shown instead of the legal name where it is set"),
    )
    acronym = models.CharField(_("acronym"), max_length=20, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="components", verbose_name=_("part of")
    )
    level = models.CharField(_("level"), max_length=10, choices=AgencyLevel)
    is_cfo_act = models.BooleanField(
        _("CFO Act agency"),
        default=False,
        help_text=_("One of the agencies in 31 U.S.C. 901(b), or part of one"),
    )
    is_active = models.BooleanField(_("in use"), default=True, help_text=_("May be chosen for something new"))

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ("name", "code")
        indexes = [
            models.Index(fields=["name", "id"], name="agency_by_name"),
            models.Index(fields=["acronym"], name="agency_by_acronym"),
            trigram_index("name", name="agency_name_words"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9]{1,4}$"), name="agency_code_form"),
            models.CheckConstraint(condition=~Q(name=""), name="agency_has_a_name"),
            models.CheckConstraint(condition=Q(level__in=AgencyLevel.values), name="agency_level_known"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agency_not_its_own_parent"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="no_circle",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                condition=pgtrigger.Condition("NEW.parent_id IS NOT NULL"),
                func=NO_CIRCLE,
            )
        ]

    def __str__(self) -> str:
        return self.display_name or self.name


@track("agency", "is_active")
@record(
    "An office of an agency: where people work and whose contracts count for conflicts.",
    keep="6 years after it closes",
    columns={"name": Sensitivity.PUBLIC, "city": Sensitivity.PUBLIC, "state": Sensitivity.PUBLIC},
)
class Office(Row, Versioned):
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="offices", verbose_name=_("agency"))
    name = models.CharField(_("name"), max_length=160)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True, help_text=_("Two letters"))
    team_mailbox = models.EmailField(
        _("team mailbox"), blank=True, help_text=_("Receives notices. Nobody signs in with it")
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ("name", "id")
        indexes = [
            models.Index(fields=["name", "id"], name="office_by_name"),
            trigram_index("name", name="office_name_words"),
        ]
        constraints = [
            models.UniqueConstraint("agency", Lower("name"), name="one_office_a_name"),
            # Target of the composite foreign keys that keep a row's office inside its agency.
            models.UniqueConstraint(fields=["id", "agency"], name="office_of_agency"),
            models.CheckConstraint(condition=Q(state__regex=r"^([A-Z]{2})?$"), name="office_state_form"),
        ]

    def __str__(self) -> str:
        return self.name


class VettingDetail(models.TextChoices):
    """How an agency tells how far vetting has come."""

    FULL = "full", _("Every step")
    MILESTONES = "milestones", _("Milestones only")


@track(
    "agency",
    "cohort",
    "seats_pledged",
    "is_funding_confirmed",
    "has_policy_in_place",
    "vetting_detail",
    "committed_on",
)
@record(
    "What an agency brings to a cohort.",
    keep="GRS 2.1/050, 2 years after the cohort ends",
    columns={"contact_name": Sensitivity.PERSONAL, "contact_email": Sensitivity.PERSONAL},
)
class AgencyParticipation(Row, Versioned):
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="participations", verbose_name=_("agency")
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="participations", verbose_name=_("cohort")
    )
    seats_pledged = models.PositiveIntegerField(_("seats pledged"), default=0)
    is_funding_confirmed = models.BooleanField(_("funding confirmed"), default=False)
    has_policy_in_place = models.BooleanField(
        _("policy in place"),
        default=False,
        help_text=_("A written policy on the excepted service exists (5 CFR 302.103)"),
    )
    vetting_detail = models.CharField(
        _("how vetting is recorded"),
        max_length=10,
        choices=VettingDetail,
        default=VettingDetail.FULL,
        help_text=_("A milestone settles the steps behind it"),
    )
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("committed by"),
    )
    committed_on = models.DateField(_("committed on"), null=True, blank=True)

    objects = AgencyScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ("cohort", "agency")
        constraints = [
            models.UniqueConstraint(fields=["agency", "cohort"], name="one_participation_a_cohort"),
            models.CheckConstraint(
                condition=Q(committed_by__isnull=True, committed_on__isnull=True)
                | Q(committed_by__isnull=False, committed_on__isnull=False),
                name="participation_commitment_signed",
            ),
            models.CheckConstraint(
                condition=Q(vetting_detail__in=VettingDetail.values),
                name="participation_vetting_detail_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.cohort}"


@track("agency", "tier", "days", "starts_on", "ends_on")
@record("In how many days an agency promises to finish the vetting of a tier.", keep="6 years after it ends")
class ClearanceCommitment(Row, Versioned):
    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="clearance_commitments", verbose_name=_("agency")
    )
    tier = models.ForeignKey(
        VettingTier, models.PROTECT, related_name="commitments", verbose_name=_("vetting tier")
    )
    days = models.PositiveSmallIntegerField(_("calendar days"))
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Last day, in Eastern time"))

    objects = AgencyScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("clearance commitment")
        verbose_name_plural = _("clearance commitments")
        ordering = ("agency", "tier", "-starts_on")
        constraints = [
            models.CheckConstraint(condition=Q(days__gt=0, days__lte=1000), name="commitment_days"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="commitment_ends_after_start",
            ),
            ExclusionConstraint(
                name="one_commitment_at_a_time",
                expressions=[
                    (F("agency"), RangeOperators.EQUAL),
                    (F("tier"), RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            RangeBoundary(inclusive_upper=True),
                            function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.tier}: {self.days}"
