"""Acts: what staff do to a record through a service, with the answers that the service needs.

A bare transition is a button. An act has a page of its own with a form, or a button too when there is nothing to ask;
it takes the place of the transition of the same name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from techforce.core.admin.forms import OK, StaffForm, attempt
from techforce.core.workflow import Workflow


@dataclass(frozen=True, kw_only=True)
class Act:
    """`run(row=…, by=…, **answers)` does it. Offered in `states` (any, when none is named) to whoever has
    `permission` on the row, where it `fits` this row and this person."""

    name: str
    label: Any
    permission: str
    run: Callable[..., Any]
    form: type[StaffForm] = StaffForm
    states: tuple[str, ...] = ()
    text: Any = ""
    done: Any = ""
    fits: Callable[[Any, Any], bool] | None = None

    @classmethod
    def along(cls, flow: Workflow, arrow: str, **options: Any) -> Act:
        """An act that takes this arrow, and is offered where and to whom the arrow is."""
        found = flow.named(arrow)
        taken = {"name": found.name, "label": found.label, "permission": found.permission}
        return cls(**{**taken, "states": found.sources, **options})

    @property
    def asks(self) -> bool:
        return bool(self.form.base_fields)

    def is_offered(self, row: Any, user: Any) -> bool:
        is_here = not self.states or row.status in self.states
        may = is_here and bool(user.has_perm(self.permission, row))
        return may and (self.fits is None or self.fits(row, user))


class ActingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Offers the acts of its records."""

    acts: tuple[Act, ...] = ()
    panel_template = ""
    """What a person should look at before deciding; stands on the record's page and above each act's form."""

    def get_urls(self) -> list[URLPattern]:
        act = path(
            "<path:object_id>/act/<slug:name>/",
            self.admin_site.admin_view(self.take_act),
            name=f"{self.opts.app_label}_{self.opts.model_name}_act",
        )
        return [act, *super().get_urls()] if self.acts else super().get_urls()

    def panel_of(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What `panel_template` shows."""
        return {}

    def acts_for(self, row: Any, user: Any) -> list[Act]:
        return [act for act in self.acts if act.is_offered(row, user)]

    def take_act(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """Ask by GET, do by POST. A refusal comes back on the same page with the answers."""
        row = self.get_object(request, object_id)
        act = next((one for one in self.acts if one.name == name), None)
        if row is None or act is None:
            raise Http404
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        if not act.is_offered(row, request.user):
            messages.error(request, _("This step is not open to you here. Look at the present status."))
            return HttpResponseRedirect(back)
        if request.method != "POST":
            return self._act_page(request, row, act, act.form(row=row))
        form = act.form(request.POST, row=row)
        status = attempt(form, lambda: act.run(row=row, by=request.user, **form.cleaned_data))
        if status != OK:
            return self._act_page(request, row, act, form, status)
        messages.success(request, str(act.done or _("Done: %(label)s.") % {"label": act.label}))
        return HttpResponseRedirect(back)

    def _act_page(
        self, request: HttpRequest, row: Any, act: Act, form: StaffForm, status: int = OK
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            **self.panel_of(request, row),
            "panel_template": self.panel_template,
            "opts": self.opts,
            "original": row,
            "act": act,
            "form": form,
            "errors": form.errors,
            "title": act.label,
        }
        return TemplateResponse(request, "admin/act.html", context, status=status)
