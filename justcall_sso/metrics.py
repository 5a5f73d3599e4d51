"""What a process counts for Prometheus. No label has a person, a company or an address: only what there are few of."""

from __future__ import annotations

import os
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Histogram, values

if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # A file for each worker by its number, not by its process: else each renewed worker leaves one for ever.
    values.ValueClass = values.MultiProcessValue(lambda: os.environ.get("WORKER_NUMBER", "master"))  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "justcall_request_seconds",
    "Time to answer a request, by the name of its URL.",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=REGISTRY,
)
_REQUESTS = Counter(
    "justcall_requests",
    "Requests, by the name of their URL and the status.",
    ["route", "status"],
    registry=REGISTRY,
)
_SIGN_INS = Counter(
    "justcall_sign_ins",
    "Sign-in events written, by flow, result and cause.",
    ["flow", "result", "cause"],
    registry=REGISTRY,
)


def count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """Count one answer."""
    route = _route(request)
    _SECONDS.labels(route).observe(seconds)
    _REQUESTS.labels(route, str(status)).inc()


def _route(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "none"
    # The operator's pages have dozens of names.
    return match.namespaces[0] if match.namespaces else str(match.url_name)


def count_sign_in(sender: Any, instance: Any, created: bool, **_signal: Any) -> None:
    """Count an event of the sign-in log, once it is committed. For Django's signal `post_save`."""
    if created:
        result = "refused" if instance.refusal else "accepted"
        labels = (str(instance.flow), result, instance.refusal)
        transaction.on_commit(lambda: _SIGN_INS.labels(*labels).inc(), robust=True)
