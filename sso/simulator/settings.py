"""The Django settings of the stand-in: no database, its own templates, loopback only."""

import secrets
from pathlib import Path

_HERE = Path(__file__).parent

DEBUG = False
SECRET_KEY = secrets.token_hex(32)
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = ["django.contrib.staticfiles", "bootstrap"]
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "sso.simulator.views.messages.NotFoundMiddleware",
]
ROOT_URLCONF = "sso.simulator.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_HERE / "templates"],
        "OPTIONS": {"context_processors": ["sso.simulator.views.portal.who_is_here"]},
    },
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [_HERE / "static"]
USE_TZ = True
TIME_ZONE = "UTC"
# Not the name of the app's cookie: both may be served from one host name.
CSRF_COOKIE_NAME = "standin_csrf"
CSRF_FAILURE_VIEW = "sso.simulator.views.messages.csrf_failure"
