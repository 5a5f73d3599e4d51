"""The real settings, all of them from the environment; static files come from their sources."""

from justcall_sso.settings import *  # noqa: F403
from justcall_sso.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
