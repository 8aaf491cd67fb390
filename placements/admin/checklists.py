"""Checklist templates and the checklists of placements in the admin: versions are copied, edited as drafts, previewed,
published and retired; a checklist under way is moved to the version in use after a look at what changes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from placements import models, services
from placements.admin.step_form import StepForm
from placements.admin.template_forms import MoveForm, RetireForm
from placements.services.moving import newer_version_of, rehearse_move
from placements.services.template_versions import changes_of, problems_in, steps_in
from placements.workflow import TEMPLATE
from techforce.core.admin.acts import Act
from techforce.core.admin.base import Admin, ReadOnlyAdmin
from techforce.core.work import WorkEntry, register

register(
    WorkEntry(
        order=250,
        label=_("Checklist drafts"),
        text=_(
            "Versions of checklists that were changed and are not in use yet. Look at their dates and publish them."
        ),
        model=models.ChecklistTemplate,
        query={"status__exact": "draft"},
        permission="placements.publish_checklisttemplate",
        waiting=lambda user: models.ChecklistTemplate.objects.visible_to(user).filter(status="draft"),
    )
)


def _copy(*, row: models.ChecklistTemplate, by: Any) -> None:
    services.copy_template_to_draft(template=row, by=by)


def _publish(*, row: models.ChecklistTemplate, by: Any) -> None:
    services.publish_template(template=row, by=by)


def _retire(*, row: models.ChecklistTemplate, by: Any, **_answers: Any) -> None:
    services.retire_template(template=row, by=by)


def _remove(*, row: models.ChecklistTemplateStep, by: Any) -> None:
    services.remove_template_step(step=row, by=by)


def _move(*, row: models.Checklist, by: Any, **_answers: Any) -> None:
    services.move_checklist(checklist=row, by=by)


TEMPLATE_ACTS = (
    Act(
        name="copy",
        label=_("Copy to a draft"),
        permission="placements.add_checklisttemplate",
        states=("published", "retired", "discarded"),
        run=_copy,
        done=_("The draft is made. It is the first in the list of checklist templates."),
    ),
    Act.along(
        TEMPLATE,
        "publish",
        run=_publish,
        done=_("The version is in use. Placements made from now on follow it; those under way keep theirs."),
    ),
    Act.along(
        TEMPLATE,
        "retire",
        form=RetireForm,
        text=_(
            "Until another version is published, new placements get no such checklist, and nobody without it can start."
        ),
        run=_retire,
        done=_("The version is retired."),
    ),
)


@admin.register(models.ChecklistTemplate)
class ChecklistTemplateAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "status", "effective_on", "retired_on", "drafted_by")
    list_select_related = ("tier",)
    list_filter = ("status", "kind")
    acts = TEMPLATE_ACTS
    panel_template = "admin/panels/checklist_template.html"
    fields = (
        "kind",
        "tier",
        "status",
        "version_number",
        "copied_from",
        "drafted_by",
        "effective_on",
        "published_at",
        "retired_on",
    )

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        steps = steps_in(row)
        in_use = models.ChecklistTemplate.objects.in_use().filter(kind=row.kind, tier=row.tier_id).first()
        address = {"kind": "leave_of_absence" if row.kind == "vetting" else row.kind, "with_drafts": "on"}
        address |= {"tier": row.tier.code if row.tier else "M"}
        return {
            "steps": row.steps.order_by("position", "pk"),
            "may_edit": row.is_draft and request.user.has_perm("placements.change_checklisttemplate", row),
            "problems": problems_in(steps) if row.is_draft else [],
            "changes": changes_of(in_use, row) if row.is_draft and in_use else [],
            "preview_url": f"{reverse('admin:checklist_dates')}?{urlencode(address)}",
            "under_way": row.checklists.filter(superseded_at__isnull=True).count(),
            "may_see_them": self.admin_site.get_model_admin(models.Checklist).has_view_permission(request),
        }


@admin.register(models.ChecklistTemplateStep)
class ChecklistTemplateStepAdmin(Admin):
    list_display = ("template", "position", "code", "title", "owner_role", "gate", "is_legal")
    list_select_related = ("template__tier",)
    list_filter = ("gate", "owner_role")
    form = StepForm
    acts = (
        Act(
            name="remove",
            label=_("Take this step out of the draft"),
            permission="placements.change_checklisttemplatestep",
            run=_remove,
            done=_("The step is out of the draft."),
        ),
    )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was published stays as it is."""
        return (obj is None or obj.template.is_draft) and super().has_change_permission(request, obj)

    def acts_for(self, row: Any, user: Any) -> list[Act]:
        return super().acts_for(row, user) if row.template.is_draft else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "changed_by", *(["template"] if obj else [])]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new step comes last."""
        found = super().get_changeform_initial_data(request)
        template = str(found.get("template", ""))
        known = template.isascii() and template.isdigit() and len(template) < 19
        steps = models.ChecklistTemplateStep.objects.filter(template_id=int(template) if known else 0)
        return {**found, "position": steps.count() + 1}

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        """A step is added to a draft."""
        if db_field.name == "template":
            options["queryset"] = models.ChecklistTemplate.objects.filter(status="draft").order_by("pk")
        return super().formfield_for_foreignkey(db_field, request, **options)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._to_template(obj)

    def response_post_save_change(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return self._to_template(obj)

    def _to_template(self, step: models.ChecklistTemplateStep) -> HttpResponseRedirect:
        return HttpResponseRedirect(
            reverse("admin:placements_checklisttemplate_change", args=[step.template_id])
        )

    def take_act(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """A step that is gone has no page to come back to."""
        step = self.get_object(request, object_id)
        answer = super().take_act(request, object_id, name)
        if step is None or models.ChecklistTemplateStep.objects.filter(pk=step.pk).exists():
            return answer
        return self._to_template(step)


@admin.register(models.Checklist)
class ChecklistAdmin(ReadOnlyAdmin):
    list_display = ("placement", "template", "area", "superseded_at")
    list_select_related = ("placement__applicant", "placement__opening", "template__tier")
    list_filter = ("area",)
    panel_template = "admin/panels/checklist.html"
    acts = (
        Act(
            name="move",
            label=_("Move to the version in use"),
            permission="placements.move_checklist",
            form=MoveForm,
            text=_(
                "What is settled stays settled. Look at what is added, what is not asked for any more, and which dates "
                "move."
            ),
            run=_move,
            done=_("The checklist follows the version in use."),
        ),
    )

    def acts_for(self, row: Any, user: Any) -> list[Act]:
        return super().acts_for(row, user) if newer_version_of(row) else []

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        newer = newer_version_of(row)
        may_move = newer is not None and request.user.has_perm("placements.move_checklist", row)
        lines = rehearse_move(row, by=request.user) if may_move else []
        return {
            "newer": newer,
            "lines": [line for line in lines if line.change != "kept"],
            "is_rehearsed": may_move,
            "settled": sum(line.is_settled for line in lines),
        }
