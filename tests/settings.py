"""Settings of the tests: the real ones, read from an environment made here and from nothing of the machine.

The suite runs on SQLite, in a file because threads and live servers must really share and really lock it,
or on PostgreSQL when DATABASE_URL says so. Names carry the process id: two runs at once do not meet.
"""

import os
import shutil
import tempfile
from atexit import register
from pathlib import Path

_KEPT = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
_OURS = {
    "ENV_FILE": "",
    "DEBUG": "0",
    "SECRET_KEY": "a-key-for-the-tests-only-that-is-as-long-as-it-must-be-0123456789",
    "KEY_ENCRYPTION_KEYS": "dGVzdHMtb25seS1rZXktdGhhdC1zZWFscy1zdHVmZiE=",
    "PUBLIC_BASE_URL": "http://localhost:8000",
    "ALLOWED_HOSTS": "localhost,testserver",
    "EMAIL_URL": "memory://",
    "DEFAULT_FROM_EMAIL": "JustCall <no-reply@justcall.example>",
    # Nothing listens there: a test that needs DNS starts its own server and says so.
    "DNS_RESOLVERS": "127.0.0.1:9",
    "LOG_FORMAT": "json",
    # A machine that is busy with other tests is no database that is away.
    "DATABASE_STATEMENT_TIMEOUT": "40",
    "DATABASE_LOCK_TIMEOUT": "30",
    # Playwright's synchronous API keeps an event loop on the main thread, where the tests use the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
}


def _make_environment() -> None:
    described = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
    names = [line.lstrip("# ").split("=", 1)[0] for line in described.splitlines() if "=" in line]
    for name in set(names) - _KEPT:
        os.environ.pop(name, None)
    os.environ.update(_OURS)


_make_environment()

from justcall_sso.settings import *  # noqa: E402, F403
from justcall_sso.settings import BASE_DIR, DATABASES, MIDDLEWARE, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    _folder = tempfile.mkdtemp(prefix="justcall-tests-")
    register(shutil.rmtree, _folder, ignore_errors=True)
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
else:
    DATABASES["default"]["TEST"] = {"NAME": f"test_justcall_{os.getpid()}"}

# Argon2 as in production, with parameters that cost nothing.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
# Static files come from their sources; the manifest is tested by itself.
STATIC_ROOT = BASE_DIR / "static"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# Every page of the whole suite is searched for secrets.
MIDDLEWARE.insert(0, "tests.secret_watch.PageWatch")
