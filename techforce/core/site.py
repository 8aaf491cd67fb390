"""The admin site of OPM staff."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from techforce.core.work import work_of

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page beside those of the tables: `route` below /admin/."""

    route: str
    name: str
    view: View


_pages: dict[str, StaffPage] = {}


def staff_page(route: str, name: str) -> Callable[[View], View]:
    """Put a view among the staff pages as `admin:<name>`. An app's `admin` package does that when it is loaded."""

    def register(view: View) -> View:
        _pages[name] = StaffPage(route, name, view)
        return view

    return register


def staff_response(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> TemplateResponse:
    """A page in the frame of the staff pages."""
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context}, status=status)


class TechForceAdminSite(AdminSite):
    site_header = _("Tech Force staff")
    site_title = _("Tech Force staff")
    index_title = _("Your work")
    enable_nav_sidebar = False

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Made when a page shows it. Django makes it for every page, for the sidebar that we do not have: 200 questions
        about rights, half the cost of a page."""
        return SimpleLazyObject(lambda: super(TechForceAdminSite, self).get_app_list(request, app_label))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages = [path(page.route, self.admin_view(page.view), name=page.name) for page in _pages.values()]
        return [*pages, *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**(extra_context or {}), "work": work_of(request.user)})

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in page, with its second factor and its limits; whoever is signed in already and comes
        here has no role in these pages."""
        if request.user.is_authenticated:
            raise PermissionDenied
        target = request.GET.get("next") or resolve_url("admin:index")
        return redirect(f"{resolve_url('account_login')}?{urlencode({'next': target})}")

    def password_change(  # type: ignore[override]  # a redirect takes the place of Django's page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page for it, which asks for a fresh proof and tells the person by mail."""
        return redirect("account_change_password")
