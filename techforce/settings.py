"""Settings come from the environment only (`.env.example` lists them); there is one file for every deployment."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

env = environ.Env()
ROOT = Path(__file__).resolve().parent.parent

# ── What kind of deployment this is ─────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
TESTING = env.bool("TESTING", default=False)
OFFICIAL_SITE = env.bool("OFFICIAL_SITE", default=False)
BASE_URL = env("BASE_URL", default="http://127.0.0.1:8000")
IS_HTTPS = BASE_URL.startswith("https://")
SECRET_KEY = env("SECRET_KEY", default="only-for-tests" if TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY, for example to the output of `openssl rand -base64 48`.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "testserver"}
if DEMO and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured(
        "DEMO hands out sign-ins and serves only the loopback address: leave ALLOWED_HOSTS unset."
    )

# ── Applications, in the order of the import line (docs/architecture.md) ───────────────────────
INSTALLED_APPS = [
    "techforce.core",
    "techforce.accounts",
    "techforce.accounts.login_gov",
    "techforce.program",
    "agencies",
    "applicants",
    "partners",
    "placements",
    *(["techforce.demo"] if DEMO or TESTING else []),
    "techforce.core.apps.TechForceAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "pgtrigger",
    "pghistory",
    "rules",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_htmx",
    "import_export",
    "django_structlog",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "techforce.core.middleware.InputLimitsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "techforce.core.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "techforce.accounts.middleware.SessionLimitsMiddleware",
    "techforce.accounts.middleware.SecondFactorMiddleware",
    "techforce.accounts.middleware.OwnTimeMiddleware",
    "techforce.core.middleware.PrivatePagesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
]
ROOT_URLCONF = "techforce.urls"
WSGI_APPLICATION = "techforce.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "techforce.core.context.site",
                "techforce.accounts.context.session_clock",
            ]
        },
    }
]

# ── PostgreSQL is the queue of record; Redis only wakes workers and counts attempts ────────────
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"].setdefault("OPTIONS", {})["options"] = " ".join(
    [
        f"-c statement_timeout={env.int('STATEMENT_TIMEOUT_MS', default=10_000)}",
        f"-c lock_timeout={env.int('LOCK_TIMEOUT_MS', default=5_000)}",
        "-c idle_in_transaction_session_timeout=60000",
        # The tests empty tables between cases; nothing else may.
        *(["-c techforce.allow_truncate=on"] if TESTING else []),
    ]
)
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
REDIS_TIMEOUTS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": dict(REDIS_TIMEOUTS),
    }
}
APP_DATABASE_ROLE = env("APP_DATABASE_ROLE", default="")

# ── Celery (trust.md §2) ────────────────────────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # A page that only wakes a worker tries once. The worker itself keeps asking for its broker.
    "max_retries": 0,
    **REDIS_TIMEOUTS,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# ── Mail: the outbox is the only sender ─────────────────────────────────────────────────────────
vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:1025"))
if vars()["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_BACKEND = "techforce.core.mail.smtp.Backend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Tech Force <no-reply@techforce.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_DOMAIN = env("MAIL_DOMAIN", default="techforce.example")
# Dotted path of a callable(message_id) -> bool that asks the receiver whether it already has a message.
MAIL_RECEIPTS = env("MAIL_RECEIPTS", default="")
OUTBOX_LEASE_SECONDS = 30

# ── Sign-in (trust.md §4) ───────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "techforce.accounts.backends.RulesBackend",
    "techforce.accounts.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "techforce.accounts.passwords.PatternValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "full_name")},
    },
]
if TESTING:  # the real one is slow on purpose, and the tests sign in a thousand times
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "techforce.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 4
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_ADAPTER = "techforce.accounts.adapters.SocialAccountAdapter"
# Login.gov (or a stand-in): the issuer's address; without it nobody is offered to sign in there.
LOGIN_GOV_URL = env("LOGIN_GOV_URL", default="").rstrip("/")
LOGIN_GOV_PRIVATE_KEY_FILE = env("LOGIN_GOV_PRIVATE_KEY_FILE", default="")
if LOGIN_GOV_URL:
    LOGIN_GOV_APP = {
        "client_id": env("LOGIN_GOV_CLIENT_ID"),
        "settings": {
            "server_url": LOGIN_GOV_URL,
            "assurance": env("LOGIN_GOV_ACR", default="urn:acr.login.gov:auth-only"),
        },
    }
    SOCIALACCOUNT_PROVIDERS = {"login_gov": {"APPS": [LOGIN_GOV_APP]}}
MFA_ADAPTER = "techforce.accounts.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False
MFA_TOTP_ISSUER = "Tech Force"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
USERSESSIONS_TRACK_ACTIVITY = False
# Fernet keys for seeds of second factors and sessions, newest first; without them keys are made from SECRET_KEY.
MFA_ENCRYPTION_KEYS = env.list("MFA_ENCRYPTION_KEYS", default=[])
# How many proxies of ours write X-Forwarded-For: attempts are counted by the address before them.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
SESSION_ENGINE = "techforce.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES_STAFF, IDLE_MINUTES_OTHERS = 15, 30

# ── Headers and cookies (trust.md §5) ───────────────────────────────────────────────────────────
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "techforce.views.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_HTTPS else None
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *env.list("FORM_ACTION_ORIGINS", default=[]), *filter(None, [LOGIN_GOV_URL])],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# ── Files and static assets ─────────────────────────────────────────────────────────────────────
LARGEST_UPLOAD = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "techforce.core.uploads.SizeLimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The virus scanner, tcp://host:3310 or unix:///path; without one, files are still looked into and written anew.
CLAMD_URL = env("CLAMD_URL", default="")
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(ROOT / ".local" / "media"))
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [("dist", ROOT / "static" / "dist")]
# The tests serve what was built, without collecting it first.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = TESTING
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ── Language and time ───────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", _("English"))]
LOCALE_PATHS = [ROOT / "locale"]
USE_TZ = True
TIME_ZONE = "America/New_York"
USE_THOUSAND_SEPARATOR = False

# ── History, exports, API ───────────────────────────────────────────────────────────────────────
PGTRIGGER_MIGRATIONS = True
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}

# ── Paperwork Reduction Act notice (5 CFR 1320.8(b)(3)); empty means a demonstration ──────────────
OMB_CONTROL_NUMBER = env("OMB_CONTROL_NUMBER", default="")
OMB_EXPIRATION = env("OMB_EXPIRATION", default="")
BURDEN_MINUTES = env.int("BURDEN_MINUTES", default=40)

# ── Logs: JSON lines without personal data ──────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"()": "techforce.core.logs.console"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    # Names the letters of a name that its fonts lack (trust.md I13).
    "loggers": {"weasyprint": {"propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
