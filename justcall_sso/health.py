"""Health checks for load balancers and monitors."""

import logging

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = logging.getLogger("justcall.health")


@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers. If it does not, restart it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and has every migration; else 503, with what is wrong."""
    checks = _checks()
    ok = all(value == "ok" for value in checks.values())
    return JsonResponse(
        {"status": "ok" if ok else "unavailable", "checks": checks}, status=200 if ok else 503
    )


def _checks() -> dict[str, str]:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, InterfaceError) as error:
        log.warning("the database does not answer: %s", type(error).__name__)
        return {"database": "does not answer", "migrations": "unknown"}
    if missing:
        return {"database": "ok", "migrations": f"{len(missing)} not applied: run manage.py migrate"}
    return {"database": "ok", "migrations": "ok"}
