"""Django's own admin over as many rows as ours, with as many columns and filters. `prepare` makes them in the database
that DATABASE_URL names and prints the cookie of a superuser."""

import os

import django
import environ
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "bench",
            *(f"django.contrib.{app}" for app in ("admin", "auth", "contenttypes", "sessions", "messages")),
            "django.contrib.staticfiles",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        ROOT_URLCONF="bench.stock",
        SECRET_KEY="not secret: nothing here is kept",
        STATIC_URL="static/",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        USE_TZ=True,
    )
    django.setup()

from django.contrib import admin
from django.urls import path


class Row(models.Model):
    reference = models.TextField()
    name = models.TextField()
    season = models.TextField(choices=[("spring", "Spring"), ("fall", "Fall")])
    track = models.TextField(choices=[("early", "Early career"), ("manager", "Manager")])
    status = models.TextField(choices=[("submitted", "Submitted"), ("qualified", "Qualified")])
    submitted_at = models.DateTimeField()

    class Meta:
        app_label = "bench"
        db_table = "bench_stock_row"


@admin.register(Row)
class RowAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("reference", "name", "season", "track", "status", "submitted_at")
    list_filter = ("status", "season", "track")
    search_fields = ("reference", "name")
    list_per_page = 50


def make_rows(count: int) -> None:
    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_stock_row (reference, name, season, track, status, submitted_at)"
            " SELECT 'TF-' || n, 'Maria Lopez ' || n, 'spring', 'early', 'submitted', now()"
            " FROM generate_series(1, %s) AS n",
            [count],
        )
        cursor.execute("VACUUM ANALYZE")


def cookie_of_superuser() -> str:
    from django.contrib.auth import login
    from django.contrib.auth.models import User
    from django.contrib.sessions.backends.db import SessionStore

    request = HttpRequest()
    request.session = SessionStore()
    login(request, User.objects.create_superuser("bench"))
    request.session.save()
    return f"{settings.SESSION_COOKIE_NAME}={request.session.session_key}"


urlpatterns = [path("admin/", admin.site.urls)]
application = get_wsgi_application()


def prepare(count: int) -> None:
    make_rows(count)
    print(cookie_of_superuser())
