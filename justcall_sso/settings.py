"""Settings, read once from the environment. `.env.example` lists every variable.

A missing variable is no error here. `justcall_sso/checks.py` says what is missing and how to set it, and neither
`manage.py` nor gunicorn starts while it finds an error.
"""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from environs import Env, ValidationError, validate

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
ENV_FILE = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
if ENV_FILE and Path(ENV_FILE).is_file():
    env.read_env(ENV_FILE, recurse=False)


def _web_address(value: str) -> None:
    try:
        _ = urlsplit(value).port
    except ValueError as error:
        raise ValidationError(f"Not a web address: {error}.") from error


def _one_of_schemes(*schemes: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value.partition("://")[0] not in schemes:
            raise ValidationError(
                f"Must begin with one of: {', '.join(f'{scheme}://' for scheme in schemes)}."
            )

    return check


not_negative = validate.Range(min=0)

DEBUG = env.bool("DEBUG", False)
# Every URL that we give out (ACS URL, Entity ID, links in e-mails) begins with it, never with the Host header.
PUBLIC_BASE_URL = env.str(
    "PUBLIC_BASE_URL", "http://localhost:8000" if DEBUG else "", validate=_web_address
).rstrip("/")
SERVED_BY_HTTPS = PUBLIC_BASE_URL.startswith("https://")
_PUBLIC_HOST = urlsplit(PUBLIC_BASE_URL).hostname or ""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [_PUBLIC_HOST] if _PUBLIC_HOST else [])

# Keys. Those of development are public, and refused if DEBUG is off.
DEVELOPMENT_SECRET_KEY = "insecure-development-key"  # noqa: S105
DEVELOPMENT_ENCRYPTION_KEY = "ZGV2ZWxvcG1lbnQtb25seS1rZXktbm90LXNlY3JldCE="
SECRET_KEY = env.str("SECRET_KEY", DEVELOPMENT_SECRET_KEY if DEBUG else "")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# Fernet keys that encrypt our private keys. The first one encrypts, all of them decrypt.
KEY_ENCRYPTION_KEYS = env.list("KEY_ENCRYPTION_KEYS", [DEVELOPMENT_ENCRYPTION_KEY] if DEBUG else [])

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "bootstrap",
    "accounts",
    "sso",
    "justcall_sso",
]

MIDDLEWARE = [
    "justcall_sso.request_log.RequestLogMiddleware",
    "justcall_sso.client_address.ClientAddressMiddleware",
    "justcall_sso.plain_text.PlainTextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "justcall_sso.health.BeforeTheDatabaseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.sessions.SessionBoundMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "justcall_sso.urls"
WSGI_APPLICATION = "justcall_sso.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: a SQLite file, unless DATABASE_URL says otherwise.
DATABASE_URL = env.str(
    "DATABASE_URL",
    f"sqlite:///{BASE_DIR / 'var' / 'justcall.sqlite3'}",
    validate=_one_of_schemes("postgres", "postgresql", "sqlite"),
)
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL",
        DATABASE_URL,
        conn_max_age=env.int("DATABASE_CONN_MAX_AGE", 60, validate=not_negative),
        conn_health_checks=True,
    )
}
# How many seconds are waited for the database (justcall_sso/database_waits.py): to connect, for a statement, for a lock,
# and by the database for the next statement of a transaction.
_at_least_one = validate.Range(min=1)
DATABASE_CONNECT_TIMEOUT = env.int("DATABASE_CONNECT_TIMEOUT", 3, validate=_at_least_one)
DATABASE_STATEMENT_TIMEOUT = env.int("DATABASE_STATEMENT_TIMEOUT", 3, validate=_at_least_one)
DATABASE_LOCK_TIMEOUT = env.int("DATABASE_LOCK_TIMEOUT", 2, validate=_at_least_one)
DATABASE_IDLE_TIMEOUT = env.int("DATABASE_IDLE_TIMEOUT", 10, validate=_at_least_one)
# Whether a pooler, such as PgBouncer, gives each transaction another session.
DATABASE_POOLER = env.bool("DATABASE_POOLER", False)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A fresh clone has no var/ yet.
    (BASE_DIR / "var").mkdir(exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        # Lock when a transaction begins. Otherwise a transaction that reads first can fail when it writes.
        "transaction_mode": "IMMEDIATE",
        # Of commands. The web waits no longer than DATABASE_STATEMENT_TIMEOUT.
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = DATABASE_POOLER
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": DATABASE_CONNECT_TIMEOUT,
        # A command notices within half a minute that the network was cut. The web has its own deadlines.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2idHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"

FORM_RENDERER = "justcall_sso.form_fields.Renderer"
# Bootstrap's alerts call it so.
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

LANGUAGE_CODE = "en"
# Only languages that all our texts have: otherwise Django's sentences would be in another language than ours.
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# E-mail: invitations, reset links, warnings.
EMAIL_URL = env.str(
    "EMAIL_URL",
    "console://" if DEBUG else "dummy://",
    validate=_one_of_schemes("submission", "smtp", "file", "console", "memory", "dummy"),
)
_email = env.dj_email_url("EMAIL_URL", EMAIL_URL)
# Django's own has no deadline for the whole exchange.
EMAIL_BACKEND = _email["EMAIL_BACKEND"].replace(
    "django.core.mail.backends.smtp.EmailBackend", "accounts.mail_server.Backend"
)
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_TIMEOUT = _email["EMAIL_TIMEOUT"] or 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "JustCall <no-reply@localhost>" if DEBUG else "")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Name servers for the domain check, "host:port" each. Empty: the system's.
DNS_RESOLVERS: list[str] = env.list("DNS_RESOLVERS", [])

# Behind a proxy.
_proxy_header = env.str("TRUSTED_PROXY_HEADER", "")
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_" + _proxy_header.upper().replace("-", "_"), "https") if _proxy_header else None
)
# Who sends it chooses what our logs call the request: so only if the proxy always sets it.
TRUSTED_REQUEST_ID_HEADER = env.str("TRUSTED_REQUEST_ID_HEADER", "")
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0, validate=not_negative)

# Whoever has it may read /metrics. Empty: nobody.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")

# Cookies and transport. The session cookie is SameSite=Lax, so it does not come with the identity provider's cross-site
# POST; what is needed then is in the database. `__Host-`: a subdomain cannot set these cookies.
SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 24, validate=validate.Range(min=1)) * 60 * 60
SESSION_COOKIE_NAME = "__Host-sessionid" if SERVED_BY_HTTPS else "sessionid"
SESSION_COOKIE_SECURE = SERVED_BY_HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SERVED_BY_HTTPS else "csrftoken"
CSRF_COOKIE_SECURE = SERVED_BY_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL] if SERVED_BY_HTTPS else []
CSRF_FAILURE_VIEW = "justcall_sso.errors.csrf_failure"
LANGUAGE_COOKIE_SECURE = SERVED_BY_HTTPS
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", SERVED_BY_HTTPS)
# Load balancers check the health by plain http, from inside.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = env.int(
    "HSTS_SECONDS", 365 * 24 * 60 * 60 if SERVED_BY_HTTPS else 0, validate=not_negative
)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", True)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Preloading binds a whole domain for months, so it is the owner's decision and no warning.
SILENCED_SYSTEM_CHECKS = [] if SECURE_HSTS_PRELOAD else ["security.W021"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Logs go to standard error, without secrets: see justcall_sso/log_format.py.
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"]))
LOG_FORMAT = env.str("LOG_FORMAT", "text" if DEBUG else "json", validate=validate.OneOf(["json", "text"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "justcall_sso.log_format.JsonLog"},
        "text": {"()": "justcall_sso.log_format.TextLog"},
    },
    "filters": {"show_path": {"()": "justcall_sso.request_log.ShowPath"}},
    "handlers": {
        "out": {"class": "logging.StreamHandler", "formatter": "json" if LOG_FORMAT == "json" else "text"}
    },
    "root": {"handlers": ["out"], "level": LOG_LEVEL},
    "loggers": {
        # Without Django's own handlers: they e-mail whole requests, and print in another format.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # Errors only: our request log has a line for every response.
        "django.request": {"filters": ["show_path"], "level": "ERROR"},
        "django.security.csrf": {"filters": ["show_path"]},
        # runserver's lines hold query strings, and our request log has a line for every request.
        "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
    },
}
