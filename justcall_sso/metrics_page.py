"""/metrics, for Prometheus: what all processes of this gunicorn have counted, and what the database holds.

Only for whoever has METRICS_TOKEN; without it nobody, and the address looks like any other that does not exist.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.db.models import Max, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts import outbox
from accounts.models import Organization, User
from justcall_sso.metrics import REGISTRY
from sso.models import Connection, IdpCertificate

_DAY = 24 * 60 * 60
# The database is asked by each process so often at most, however many ask us.
_FRESH_FOR = 60  # seconds


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics in the text format of Prometheus. 404 without the token."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        raise Http404
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(_DATABASE)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Database(Collector):
    """What the database holds. If it is away, only `justcall_database_up` is left, as 0."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._found: list[Metric] = []

    def describe(self) -> Iterable[Metric]:
        # To be registered, nothing is asked of the database.
        return []

    def collect(self) -> Iterable[Metric]:
        with self._lock:
            if time.monotonic() - self._asked_at > _FRESH_FOR:
                try:
                    self._found = [*_gauges(), _gauge("database_up", "Whether the database answers.", 1)]
                    self._asked_at = time.monotonic()
                except (DatabaseError, InterfaceError):
                    return [_gauge("database_up", "Whether the database answers.", 0)]
            return self._found


_DATABASE = _Database()


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"justcall_{name}", about, value)


def _gauges() -> Iterator[Metric]:
    now = timezone.now()
    yield _gauge("organizations", "Companies.", Organization.objects.count())
    yield _gauge(
        "members",
        "Active members of all companies.",
        User.objects.filter(is_active=True, is_staff=False).count(),
    )
    live = Connection.objects.filter(enabled_at__isnull=False)
    yield _gauge("connections", "Connections that are turned on.", live.count())
    ends = (
        IdpCertificate.objects.filter(connection__enabled_at__isnull=False)
        .values("connection")
        .annotate(end=Max("not_after"))
    )
    soonest = ends.aggregate(at=Min("end"))["at"]
    if soonest is not None:
        yield _gauge(
            "certificate_days",
            "Days until the first connection that is turned on has no valid certificate left; below 0 if one has none.",
            (soonest - now).total_seconds() / _DAY,
        )
    emails = GaugeMetricFamily("justcall_emails", "E-mails in the outbox, by state.", labels=["state"])
    emails.add_metric(["waiting"], outbox.waiting().count())
    emails.add_metric(["given_up"], outbox.given_up().count())
    yield emails
    oldest = outbox.waiting().aggregate(at=Min("created_at"))["at"]
    age = (now - oldest).total_seconds() if oldest else 0.0
    yield _gauge("oldest_email_seconds", "How long the oldest e-mail has waited.", age)
