"""The program's shared tables in the admin."""

from typing import Any

from django.contrib import admin
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.program import models
from techforce.program.workflow import CohortStatus


class LabeledRows(BaseInlineFormSet):
    """Django prints labels only at the head of the columns; each control says its own."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(
                field.widget, "widget", field.widget
            )  # a list of rows comes wrapped in its links
            widget.attrs["aria-label"] = _("Delete this row") if name == "DELETE" else field.label


class Part(admin.TabularInline):
    """Rows that belong to the row above them; the model's own rights decide."""

    extra = 0
    formset = LabeledRows

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "view")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "change")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "delete")

    def _asks(self, request: HttpRequest, verb: str) -> bool:
        return request.user.has_perm(f"program.{verb}_{self.opts.model_name}")


class CohortDisciplinePart(Part):
    model = models.CohortDiscipline


class CompanyAliasPart(Part):
    model = models.CompanyAlias


class SkillDisciplinePart(Part):
    model = models.SkillDiscipline


class SkillSynonymPart(Part):
    model = models.SkillSynonym


@admin.register(models.Cohort)
class CohortAdmin(Admin):
    list_display = ("name", "status", "opens_at", "closes_at", "seats")
    list_filter = ("status",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (CohortDisciplinePart,)

    ANNOUNCED = (
        "slug",
        "opens_at",
        "closes_at",
        "time_zone",
        "pay_min",
        "pay_max",
        "pay_period",
        "term_months",
        "mechanism_limit_months",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What was announced stands; a deadline moves through the extension, which is logged."""
        fixed = self.ANNOUNCED if obj and obj.status != CohortStatus.PLANNED else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else self.prepopulated_fields


@admin.register(models.WindowExtension)
class WindowExtensionAdmin(ReadOnlyAdmin):
    list_display = ("cohort", "kind", "reason_code", "old_closes_at", "new_closes_at", "by")
    list_filter = ("kind",)


@admin.register(models.TrackDefinition)
class TrackDefinitionAdmin(Admin):
    """A definition is added, never changed: applications keep the one under which they were submitted."""

    list_display = ("track", "effective_on", "cohort", "authority")
    list_filter = ("track",)


@admin.register(models.Company)
class CompanyAdmin(Admin):
    list_display = ("name", "parent", "family_root")
    search_fields = ("name", "aliases__name")
    autocomplete_fields = ("parent",)
    inlines = (CompanyAliasPart,)


@admin.register(models.Discipline)
class DisciplineAdmin(Admin):
    list_display = ("name", "code", "rank", "is_active")


@admin.register(models.OccupationalSeries)
class OccupationalSeriesAdmin(Admin):
    list_display = ("code", "title", "has_positive_education_requirement", "is_active")
    list_filter = ("has_positive_education_requirement", "is_active")
    search_fields = ("code", "title")


@admin.register(models.Questionnaire)
class QuestionnaireAdmin(Admin):
    list_display = ("name", "code", "is_active")


@admin.register(models.Sensitivity)
class SensitivityAdmin(Admin):
    list_display = ("name", "code", "is_waiver_possible")


@admin.register(models.VettingTier)
class VettingTierAdmin(Admin):
    list_display = ("name", "code", "legacy_name", "questionnaire", "clearance", "is_national_security")


@admin.register(models.Skill)
class SkillAdmin(Admin):
    list_display = ("name", "work_role", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "synonyms__text")
    inlines = (SkillSynonymPart, SkillDisciplinePart)


@admin.register(models.RecruitingChannel)
class RecruitingChannelAdmin(Admin):
    list_display = ("name", "kind", "company", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("name",)
    autocomplete_fields = ("company",)
