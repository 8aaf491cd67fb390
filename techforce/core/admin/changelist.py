"""The lists of the staff: paged by keyset, never counted, ordered only where an index gives the order."""

from typing import Any, Literal

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from techforce.core.admin.checks import is_sortable
from techforce.core.paging import FIELD_AFTER, FIELD_BEFORE, keyset_page

NEWEST_FIRST = "-pk"


class KeysetList(ChangeList):
    """A change list that is called by what it lists, and fetches the foreign keys it shows in one query, with those
    that their names are made of (`list_select_related`).

    It begins in the order of the admin or the model if an index gives it, otherwise with the newest rows.
    """

    first_url = previous_url = next_url = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_popup:
            self.title = capfirst(str(self.opts.verbose_name_plural))

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> models.QuerySet[Any]:
        """The place in the list is no filter, and a link to another filter or order begins at the top."""
        for name in (FIELD_AFTER, FIELD_BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        keys = self.get_ordering(request, self.queryset)
        page = keyset_page(self.queryset, request.GET, keys=keys, size=self.list_per_page)
        self.result_list = page.rows
        self.result_count = len(page.rows)
        self.previous_url, self.next_url = page.previous_url, page.next_url
        if FIELD_AFTER in request.GET or FIELD_BEFORE in request.GET:
            self.first_url = self.get_query_string()
        self.full_result_count = None
        self.show_full_result_count = self.can_show_all = self.multi_page = False
        self.show_admin_actions = bool(page.rows)

    @property
    def extent(self) -> str:
        """How much is shown, without a claim about what was not read."""
        count = {"count": self.result_count}
        if self.next_url:
            return _("%(count)d shown, more follow") % count
        if self.previous_url:
            return _("%(count)d shown, the last ones") % count
        return ngettext("%(count)d in all", "%(count)d in all", self.result_count) % count

    # ── Order ───────────────────────────────────────────────────────────────────────────────────
    def get_ordering(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> list[Any]:
        key = self._chosen_order() or self._first_order()
        if key.removeprefix("-") in ("pk", self.lookup_opts.pk.name):
            return [key]
        return [key, "-pk" if key.startswith("-") else "pk"]

    def get_ordering_field_columns(self) -> dict[int, Literal["desc", "asc"]]:
        """Which heading shows an arrow. One at a time: a second would need an index over both."""
        key = self._chosen_order() or self._first_order()
        shown = [index for index, name in enumerate(self.list_display) if name == key.removeprefix("-")]
        return {index: "desc" if key.startswith("-") else "asc" for index in shown}

    def _chosen_order(self) -> str:
        """By the heading that was followed; empty if it cannot be sorted by."""
        _before, sign, index = self.params.get(ORDER_VAR, "").partition(".")[0].rpartition("-")
        try:
            name = self.list_display[int(index)]
        except (ValueError, IndexError):
            return ""
        is_offered = self.sortable_by is None or name in self.sortable_by
        return f"{sign}{name}" if is_offered and is_sortable(self.model, name) else ""

    def _first_order(self) -> str:
        for name in (self.model_admin.ordering or self.lookup_opts.ordering or ())[:1]:
            if isinstance(name, str) and is_sortable(self.model, name.removeprefix("-")):
                return name
        return NEWEST_FIRST

    # ── Foreign keys ────────────────────────────────────────────────────────────────────────────
    def apply_select_related(self, qs: models.QuerySet[Any]) -> models.QuerySet[Any]:
        names = [
            name for name in self.list_display if isinstance(name, str) and _is_foreign_key(self.model, name)
        ]
        also = self.list_select_related
        names += () if isinstance(also, bool) else also
        return qs.select_related(*names) if names else qs


def _is_foreign_key(model: type[models.Model], name: str) -> bool:
    return any(f.name == name and isinstance(f, models.ForeignKey) for f in model._meta.concrete_fields)


class UncountedPage(Page):  # type: ignore[type-arg]
    def __init__(self, rows: Any, number: int, paginator: Any, *, has_more: bool) -> None:
        super().__init__(rows, number, paginator)
        self._has_more = has_more

    def has_next(self) -> bool:
        return self._has_more


class UncountedPaginator(Paginator):  # type: ignore[type-arg]
    """For the suggestions under a field: reads one row more than it shows. Whoever finds nothing in so many pages types
    more letters."""

    num_pages = 50

    def page(self, number: Any) -> UncountedPage:
        number = self.validate_number(number)
        start = (number - 1) * self.per_page
        rows: Any = self.object_list
        found = list(rows[start : start + self.per_page + 1])
        has_more = len(found) > self.per_page and number < self.num_pages
        return UncountedPage(found[: self.per_page], number, self, has_more=has_more)
