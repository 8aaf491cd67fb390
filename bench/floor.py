"""The floor: a one-file Django program on the same PostgreSQL that does nothing but what is measured."""

import os

import django
import environ
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

ROWS = 1000
PAGE = Engine().from_string(
    "<!doctype html><title>Rows</title><table>{% for row in rows %}<tr><td>{{ row.id }}<td>{{ row.title }}"
    "<td>{{ row.place }}<td>{{ row.seats }}<td>{{ row.closes_on }}{% endfor %}</table>"
)

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    DATABASES={"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 60}},
    ROOT_URLCONF=__name__,
    SECRET_KEY="not secret: the floor signs nothing",
    USE_TZ=True,
)
django.setup()


class Row(models.Model):
    title = models.TextField()
    place = models.TextField()
    seats = models.IntegerField()
    closes_on = models.DateField()

    class Meta:
        app_label = "bench"
        db_table = "bench_row"


def make_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row")
        cursor.execute(
            "CREATE TABLE bench_row AS"
            " SELECT n AS id, 'Data engineer ' || n AS title, 'Washington, DC' AS place, n %% 9 + 1 AS seats,"
            " current_date + n AS closes_on FROM generate_series(1, %s) AS n",
            [ROWS],
        )
        cursor.execute("ALTER TABLE bench_row ADD PRIMARY KEY (id)")
        cursor.execute("GRANT SELECT ON bench_row TO PUBLIC")


def drop_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_row")


def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello")


def rows(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.render(Context({"rows": Row.objects.order_by("-id")[:25]})))


urlpatterns = [path("hello", hello), path("rows", rows)]
application = get_wsgi_application()
