"""Skills: one list for openings, résumés and matching, aligned with the roles of the DoD Cyber Workforce
Framework and NICE."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from techforce.core.history import track
from techforce.core.indexes import trigram_index
from techforce.core.labels import Sensitivity, record
from techforce.core.models import Row
from techforce.core.querysets import PublicQuerySet
from techforce.program.models.reference import Discipline
from techforce.program.querysets import SkillQuerySet


@track("work_role", "is_active")
@record("Something a technologist can do.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class Skill(Row):
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(
        _("description"), help_text=_("One sentence on what a person with it does")
    )
    work_role = models.CharField(
        _("work role"),
        max_length=3,
        blank=True,
        help_text=_("Three-digit code of the nearest role of the DoD Cyber Workforce Framework"),
    )
    is_active = models.BooleanField(
        _("offered"), default=True, help_text=_("May be chosen for something new")
    )

    objects = SkillQuerySet.as_manager()

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        ordering = ("name",)
        indexes = [
            models.Index(fields=["name", "id"], name="skill_by_name"),
            trigram_index("name", name="skill_name_words"),
        ]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_skill_a_name"),
            models.CheckConstraint(
                condition=Q(work_role__regex=r"^([0-9]{3})?$"), name="skill_work_role_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name


@record("A discipline in which a skill counts.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class SkillDiscipline(models.Model):
    skill = models.ForeignKey(
        Skill, models.CASCADE, related_name="skill_disciplines", verbose_name=_("skill"), db_index=False
    )
    discipline = models.ForeignKey(
        Discipline, models.PROTECT, related_name="skill_disciplines", verbose_name=_("discipline")
    )

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("discipline of a skill")
        verbose_name_plural = _("disciplines of a skill")
        ordering = ("skill", "discipline")
        constraints = [
            models.UniqueConstraint(fields=["skill", "discipline"], name="one_row_a_skill_and_discipline")
        ]

    def __str__(self) -> str:
        return f"{self.skill}: {self.discipline}"


@record("Another word for a skill, as résumés have it.", keep="permanent", sensitivity=Sensitivity.PUBLIC)
class SkillSynonym(models.Model):
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="synonyms", verbose_name=_("skill"))
    text = models.CharField(_("synonym"), max_length=120)

    objects = PublicQuerySet.as_manager()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ("text",)
        indexes = [trigram_index("text", name="synonym_words")]
        constraints = [
            models.UniqueConstraint(Lower("text"), name="one_skill_a_synonym"),
            models.CheckConstraint(condition=~Q(text=""), name="synonym_is_not_empty"),
        ]

    def __str__(self) -> str:
        return self.text
