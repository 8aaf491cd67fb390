"""Settings of the stand-in. It is started by `python -m techforce.demo.login_gov`, which fills the environment."""

import os
from pathlib import Path

DIRECTORY = Path(os.environ["LOGIN_GOV_DIRECTORY"])
SECRET_KEY = os.environ["LOGIN_GOV_SECRET_KEY"]
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "techforce.demo.login_gov.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DIRECTORY / "people.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
USE_TZ = True
TIME_ZONE = "UTC"
LOGIN_URL = "people"
# A browser sends cookies to every port of a machine: other names keep the two sessions apart.
SESSION_COOKIE_NAME = "standin_session"
CSRF_COOKIE_NAME = "standin_csrf"
IDP_OIDC_PRIVATE_KEY = (DIRECTORY / "provider.pem").read_text()
IDP_OIDC_ADAPTER = "techforce.demo.login_gov.adapter.StandInAdapter"
CLIENT_ID = os.environ["LOGIN_GOV_CLIENT_ID"]
CLIENT_PUBLIC_KEY = (DIRECTORY / "client.pub.pem").read_text()
# Allauth's provider wants a shared secret; the gate before it fills it in once the assertion is right.
CLIENT_SECRET = os.environ["LOGIN_GOV_SECRET_KEY"]
ASSURANCE = "urn:acr.login.gov:auth-only"
