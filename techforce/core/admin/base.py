"""The base of the admin's pages: rights by rules, states by transitions, saves by version, lists without COUNT."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from techforce.core.errors import Refused
from techforce.core.models import AuditEvent
from techforce.core.versions import save_version
from techforce.core.workflow import available_transitions, has_workflow, transition, workflow_of


class UncountedPaginator(Paginator):  # type: ignore[type-arg]
    """Knows only whether there is a next page: COUNT(*) over 100,000 rows costs more than the page itself."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[: self.per_page * 40 + 1])


class WorkList(ChangeList):
    """A change list that fetches the foreign keys it shows in one query."""

    def apply_select_related(self, qs: models.QuerySet[Any]) -> models.QuerySet[Any]:
        names = [
            name for name in self.list_display if isinstance(name, str) and _is_foreign_key(self.model, name)
        ]
        return qs.select_related(*names) if names else qs


def _is_foreign_key(model: type[models.Model], name: str) -> bool:
    return any(f.name == name and isinstance(f, models.ForeignKey) for f in model._meta.concrete_fields)


class Admin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Base of all registrations. `has_*_permission` asks the rules; a status is shown, never edited; what the workflow
    offers stands as buttons on the change page."""

    list_per_page = 50
    show_full_result_count = False
    paginator = UncountedPaginator
    change_form_template = "admin/workflow_change_form.html"
    save_on_top = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WorkList

    # ── Rights ──────────────────────────────────────────────────────────────────────────────────
    def _asks(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}", obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._asks(request, "view")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "view", obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._asks(request, "add")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._asks(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here: records leave through the retention schedule."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        visible = self.model._default_manager.get_queryset().visible_to(request.user)
        rows: models.QuerySet[Any] = visible.order_by(*(self.get_ordering(request) or ("-pk",)))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [
            f.name for f in self.opts.concrete_fields if not f.editable and f.name not in _KERNEL_COLUMNS
        ]
        return [*super().get_readonly_fields(request, obj), *fixed]

    # ── Saving ──────────────────────────────────────────────────────────────────────────────────
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and any(f.name == "version" for f in self.opts.concrete_fields):
            save_version(obj, expected=_version_shown(request, obj), fields=list(form.changed_data))
        else:
            super().save_model(request, obj, form, change)

    # The audit is the log; Django's own would hold a second, weaker one.
    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._audit(request, obj, "added", [])

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        names = [
            name
            for part in message
            if isinstance(part, dict)
            for name in part.get("changed", {}).get("fields", [])
        ]
        self._audit(request, obj, "changed", names)

    def _audit(self, request: Any, obj: Any, verb: str, fields: list[str]) -> None:
        AuditEvent.objects.create(
            actor=request.user,
            action=f"{self.opts.label_lower}:{verb}",
            subject_type=self.opts.label_lower,
            subject_id=obj.pk,
            detail={"fields": [str(name) for name in fields]},
        )

    # ── Transitions ─────────────────────────────────────────────────────────────────────────────
    def get_urls(self) -> list[URLPattern]:
        take = path(
            "<path:object_id>/transition/<slug:name>/",
            self.admin_site.admin_view(self.take_transition),
            name=f"{self.opts.app_label}_{self.opts.model_name}_transition",
        )
        return [take, *super().get_urls()] if has_workflow(self.model) else super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        extra = {**(extra_context or {}), **self._page_context(request, object_id)}
        return super().change_view(request, object_id, form_url, extra)

    def _page_context(self, request: HttpRequest, object_id: str) -> dict[str, Any]:
        row = self.get_object(request, object_id)
        if row is None:
            return {}
        arrows = available_transitions(row, request.user) if has_workflow(row) else []
        return {"transitions": arrows, "events": AuditEvent.objects.about(row).select_related("actor")[:200]}

    def take_transition(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Take one arrow by POST; a refusal comes back as a sentence on the same page."""
        row = get_object_or_404(self.get_queryset(request), pk=object_id)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        try:
            label = workflow_of(row).named(name).label
            transition(row, name, by=request.user, reason_code=request.POST.get("reason_code", ""))
            messages.success(request, _("Done: %(label)s.") % {"label": label})
        except KeyError:
            messages.error(request, _("There is no such step."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(back)


_KERNEL_COLUMNS = {"id", "version", "reminder_cycle", "next_reminder_at"}


def _version_shown(request: HttpRequest, obj: Any) -> int:
    shown = request.POST.get("_version", "")
    return int(shown) if shown.isdigit() else obj.version


class ReadOnlyAdmin(Admin):
    """For rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
