"""Serves the stand-in on this machine.

python -m techforce.demo.login_gov --port 8001 --directory .local/login_gov --client-id ID --origin http://127.0.0.1:8000
"""

import argparse
import os
import secrets
from pathlib import Path

import django

from techforce.demo.login_gov.keys import make_keys

HOST = "127.0.0.1"
CALLBACK_PATH = "/accounts/login_gov/login/callback/"


def main() -> None:
    options = parse_options()
    make_keys(options.directory)
    database = options.directory / "people.sqlite3"
    database.unlink(missing_ok=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="techforce.demo.login_gov.settings",
        LOGIN_GOV_DIRECTORY=str(options.directory),
        LOGIN_GOV_CLIENT_ID=options.client_id,
        LOGIN_GOV_SECRET_KEY=secrets.token_urlsafe(50),
    )
    django.setup()
    prepare(options.origin)
    serve(options.port)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--client-id", required=True)
    parser.add_argument(
        "--origin", action="append", required=True, help="where the application is; may be repeated"
    )
    return parser.parse_args()


def prepare(origins: list[str]) -> None:
    from allauth.idp.oidc.models import Client
    from django.core.management import call_command

    from techforce.demo.login_gov.settings import CLIENT_ID, CLIENT_SECRET

    call_command("migrate", verbosity=0)
    client = Client(id=CLIENT_ID, name="Tech Force", scopes="openid\nemail", skip_consent=True)
    client.set_redirect_uris([f"{origin}{CALLBACK_PATH}" for origin in origins])
    client.set_secret(CLIENT_SECRET)
    client.save()


def serve(port: int) -> None:
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application

    run(HOST, port, get_wsgi_application(), threading=True)


if __name__ == "__main__":
    main()
