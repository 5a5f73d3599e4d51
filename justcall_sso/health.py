"""Health checks for load balancers and monitors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from functools import cache
from threading import Lock

from django.apps import apps
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_safe

from justcall_sso import ending
from justcall_sso.models import ReadinessMark

log = logging.getLogger("justcall.health")
# How long an answer is good for, in seconds: a load balancer asks often, of every process.
_GOOD_FOR = {True: 10.0, False: 1.0}


class BeforeTheDatabaseMiddleware:
    """Answers /health/live/ before anything can look into the database, a session first of all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_asked = request.path == "/health/live/" and request.method in {"GET", "HEAD"}
        return live(request) if is_asked else self.get_response(request)


@never_cache
@xframe_options_deny
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers. If it does not, restart it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 if the database has all that the service needs and can be written to; else 503, with what is wrong.

    503 as well when the process is about to end.
    """
    checks = {"process": "ends"} if ending.is_near() else READINESS.checks(time.monotonic())
    ok = _all_ok(checks)
    return JsonResponse(
        {"status": "ok" if ok else "unavailable", "checks": checks}, status=200 if ok else 503
    )


class Readiness:
    """What was found at last. One thread at a time looks; meanwhile the others say what is known."""

    def __init__(self, look: Callable[[], dict[str, str]]) -> None:
        self._look = look
        self._found: dict[str, str] = {"process": "starts"}
        self._good_until = 0.0
        self._looking = Lock()

    def checks(self, now: float) -> dict[str, str]:
        """Each check with "ok" or what is wrong. `now` is of `time.monotonic`."""
        if now >= self._good_until and self._looking.acquire(blocking=False):
            try:
                self._found = self._look()
                self._good_until = now + _GOOD_FOR[_all_ok(self._found)]
            finally:
                self._looking.release()
        return self._found

    def forget(self) -> None:
        self._good_until = 0.0


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Those of this release. They are read once, before a later release can take their place on the disk."""
    return frozenset(MigrationLoader(None).disk_migrations)


def _look() -> dict[str, str]:
    found = {}
    for name, (check, wrong) in _CHECKS.items():
        try:
            found[name] = check()
        except (DatabaseError, InterfaceError) as error:
            log.warning("%s: %s (%s)", name, wrong, type(error).__name__)
            found[name] = wrong
        if found[name] != "ok":
            break
    return found


def _answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _has_migrations() -> str:
    missing = known_migrations() - MigrationRecorder(connection).applied_migrations().keys()
    return f"{len(missing)} not applied: run manage.py migrate" if missing else "ok"


def _has_columns() -> str:
    """Look every column of every table up, in one statement that reads no row."""
    quote = connection.ops.quote_name
    looks = []
    for model in apps.get_models():
        table = quote(model._meta.db_table)
        # With the table's name: SQLite takes a quoted name that it does not know for a text.
        columns = ", ".join(f"{table}.{quote(str(field.column))}" for field in model._meta.concrete_fields)
        looks.append(f"EXISTS (SELECT {columns} FROM {table} WHERE 1 = 0)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(looks)}")
    return "ok"


def _can_write() -> str:
    ReadinessMark.objects.bulk_create(
        [ReadinessMark(id=1, written_at=now())],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["written_at"],
    )
    return "ok"


# Each needs those before it.
_CHECKS: dict[str, tuple[Callable[[], str], str]] = {
    "database": (_answers, "does not answer"),
    "migrations": (_has_migrations, "cannot be read"),
    "columns": (
        _has_columns,
        "not as this release needs them: restore the database, or run manage.py migrate",
    ),
    "writing": (_can_write, "does not work: is the disk full, or the database read-only?"),
}
READINESS = Readiness(_look)


def _all_ok(checks: dict[str, str]) -> bool:
    return all(value == "ok" for value in checks.values())
