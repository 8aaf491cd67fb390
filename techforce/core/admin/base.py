"""The base of the admin's pages: rights by rules, states by transitions, saves by version, lists without COUNT."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import BadRequest
from django.db import DataError, models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from techforce.core.admin.acts import ActingAdmin
from techforce.core.admin.changelist import KeysetList, UncountedPaginator
from techforce.core.admin.checks import ListChecks, is_sortable
from techforce.core.admin.searching import search
from techforce.core.admin.wording import steps_for, timeline_of
from techforce.core.errors import Refused
from techforce.core.models import AuditEvent
from techforce.core.services import set_actor
from techforce.core.versions import save_version
from techforce.core.workflow import Transition, available_transitions, has_workflow, transition


class Admin(ActingAdmin):
    """Base of all registrations. `has_*_permission` asks the rules; a status is shown, never edited; what the workflow
    offers stands as buttons on the change page."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = ShowFacets.NEVER  # a count of each filter
    checks_class = ListChecks
    paginator = UncountedPaginator
    change_form_template = "admin/workflow_change_form.html"
    save_on_top = False
    actor_fields: tuple[str, ...] = ()
    """Columns that name whoever adds the row."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetList

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        return [name for name in super().get_sortable_by(request) if is_sortable(self.model, name)]

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        return search(queryset, self.get_search_fields(request), search_term), False

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

    # ── What a page shows ───────────────────────────────────────────────────────────────────────
    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Django would show an excluded column again once it is read-only."""
        left_out = {*_KERNEL_COLUMNS, *(self.get_exclude(request, obj) or ())}
        fixed = [f.name for f in self.opts.concrete_fields if not f.editable and f.name not in left_out]
        return [*super().get_readonly_fields(request, obj), *fixed, *(self.actor_fields if obj else ())]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[tuple[Any, Any]]:
        """The record's own columns come last, folded. A page that adds a row asks only for what can be typed."""
        fixed = self.get_readonly_fields(request, obj)
        left_out = {*_RECORD_COLUMNS, *(() if obj else fixed)}
        groups = [
            (
                title,
                {**options, "fields": [name for name in flatten(options["fields"]) if name not in left_out]},
            )
            for title, options in super().get_fieldsets(request, obj)
        ]
        if obj:
            record = [name for name in _RECORD_COLUMNS if name in fixed]
            groups.append((_("Record"), {"fields": record, "classes": ["collapse"]}))
        return [(title, options) for title, options in groups if options["fields"]]

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's form puts keys from the address and from autocomplete into queries without a look at them."""
        try:
            page: HttpResponse = super().changeform_view(request, *args, **kwargs)
            return page.render() if isinstance(page, TemplateResponse) else page
        except (ValueError, OverflowError, DataError) as error:
            raise BadRequest(str(error)) from error

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A filter in the address may ask for the year 99999."""
        try:
            page: HttpResponse = super().changelist_view(request, extra_context)
            return page.render() if isinstance(page, TemplateResponse) else page
        except (ValueError, OverflowError, DataError) as error:
            raise BadRequest(str(error)) from error

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *arguments: Any
    ) -> HttpResponse | None:
        """Only what was ticked on this page; “all rows of the list” is for nobody."""
        ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if request.POST.get("select_across", "0") != "0" or not all(_is_key(key) for key in ticked):
            raise BadRequest("rows that no page offered")
        return super().response_action(request, queryset, *arguments)

    # ── Saving ──────────────────────────────────────────────────────────────────────────────────
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        set_actor(request.user)
        if change and any(f.name == "version" for f in self.opts.concrete_fields):
            save_version(obj, expected=_version_shown(request), fields=list(form.changed_data))
        else:
            for name in () if change else self.actor_fields:
                setattr(obj, name, request.user)
            super().save_model(request, obj, form, change)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Who did it is never typed in."""
        return [*(super().get_exclude(request, obj) or ()), *(() if obj else self.actor_fields)]

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
        offered = self.acts_for(row, request.user)
        acted = self._acted()
        return {
            "acts": offered,
            "transitions": [step for step in steps_for(row, request.user) if step["name"] not in acted],
            "events": timeline_of(row),
            "panel_template": self.panel_template,
            **self.panel_of(request, row),
        }

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history stands on the record's own page, from the audit; Django's page would be empty."""
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[object_id])
        return HttpResponseRedirect(f"{page}#history-title")

    def _acted(self) -> set[str]:
        """Arrows that only an act takes here: its service does more than the arrow."""
        return {act.name for act in self.acts}

    def take_transition(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Take one bare arrow by POST; a refusal comes back as a sentence on the same page."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if request.method != "POST":
            return HttpResponseRedirect(back)
        bare = {
            one.name: one for one in available_transitions(row, request.user) if one.name not in self._acted()
        }
        arrow = bare.get(name)
        if arrow is None:  # also an arrow that only a service may take, and one that was just taken
            messages.error(request, _("This step is not open to you here. Look at the present status."))
        else:
            self._take(request, row, arrow)
        return HttpResponseRedirect(back)

    def _take(self, request: HttpRequest, row: Any, arrow: Transition) -> None:
        reason = request.POST.get("reason_code", "") if arrow.reasons else ""
        try:
            transition(row, arrow.name, by=request.user, reason_code=reason)
            messages.success(request, _("Done: %(label)s.") % {"label": arrow.label})
        except Refused as refusal:
            messages.error(request, str(refusal))


_KERNEL_COLUMNS = {"id", "version", "reminder_cycle", "next_reminder_at"}
_RECORD_COLUMNS = ("public_id", "created_at")


def _version_shown(request: HttpRequest) -> int:
    """The version on the page that was sent; one that no page shows is treated as stale."""
    shown = request.POST.get("_version", "")
    return int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class ReadOnlyAdmin(Admin):
    """For rows that only the system writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
